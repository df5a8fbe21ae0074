"""Takes a connection out of the web server's hands, so that it can stay open without holding a thread.

Knows gunicorn's `gunicorn.socket` and HTTP/1; where there is no such socket (another server, TLS or HTTP/2 in the
server itself), nothing can be taken, and browsers poll.
"""

import os
import socket
import ssl

KEY = "gunicorn.socket"


def can_be_taken(environ: dict) -> bool:
    """Whether this request's connection is a plain one of a server that shows it."""
    plain = isinstance(environ.get(KEY), socket.socket) and not isinstance(environ[KEY], ssl.SSLSocket)
    return plain and environ.get("SERVER_PROTOCOL") in {"HTTP/1.0", "HTTP/1.1"}


def take(environ: dict) -> socket.socket:
    """The connection. In its place the server holds one that nobody listens to, to write the end to and to close."""
    theirs: socket.socket = environ[KEY]
    ours = theirs.dup()
    nowhere, other = socket.socketpair()
    with nowhere, other:
        os.dup2(nowhere.fileno(), theirs.fileno(), inheritable=False)
    return ours
