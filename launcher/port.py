"""Finds a free port and listens on it, for this machine alone. Knows nothing of who will answer."""

import errno
import socket

from launcher.progress import Stop, say

HOST = "127.0.0.1"
USUAL = 8000
TRIES = 100


def listen(wanted: int | None) -> socket.socket:
    """A listening socket on the wanted port, or on the next free one, which is said."""
    first = USUAL if wanted is None else wanted
    for port in range(first, min(first + TRIES, 65536)):
        try:
            listening = _listen(port)
        except PermissionError:
            raise Stop(f"Port {port} is reserved for the system; choose one from 1024 on with --port.") from None
        except OSError as problem:
            if problem.errno != errno.EADDRINUSE:
                raise
            continue
        if port != first:
            say(f"  Port {first} is taken by another program: using {port} instead")
        return listening
    raise Stop(f"No port from {first} to {port} is free; choose another with --port.")


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen(2048)
    except BaseException:
        listening.close()
        raise
    return listening
