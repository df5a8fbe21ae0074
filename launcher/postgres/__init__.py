"""The embedded PostgreSQL: somebody else's binaries, our own launcher. Knows nothing of Django or of the site.

Several commands may use one data folder at the same time: the first starts the server, the last to leave stops it.
Nothing listens on TCP; the socket lies in a folder that only the user can enter.
"""

from launcher.postgres.server import Server

__all__ = ["Server"]
