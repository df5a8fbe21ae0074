"""One open connection to one browser, written to without ever waiting. Knows no database and not what it is told."""

import random
import socket
import time

LIFE = 150, 299  # seconds after which a stream ends, for the browser to open the next one, if it still may


class Stream:
    """`chunked` is whether the response announced chunks (HTTP/1.1) or simply ends with the connection."""

    def __init__(self, connection: socket.socket, user_id: int, *, chunked: bool) -> None:
        connection.setblocking(False)
        self.user_id = user_id
        self.ends_at = time.monotonic() + random.uniform(*LIFE)  # noqa: S311 - so that not all end at once
        self._connection = connection
        self._chunked = chunked

    def tell(self, what: str, at: float) -> bool:
        """Send one event, with the server's time; False if the browser is away or does not keep up."""
        return self._send(f"data: {at:.3f} {what}\n\n".encode())

    def is_open(self) -> bool:
        """False once the browser has closed its end; what it sends is read and forgotten."""
        try:
            return bool(self._connection.recv(4096))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def end(self) -> None:
        if self._chunked:
            self._write(b"0\r\n\r\n")
        self._connection.close()

    def _send(self, text: bytes) -> bool:
        return self._write(b"%x\r\n%s\r\n" % (len(text), text) if self._chunked else text)

    def _write(self, content: bytes) -> bool:
        # Whole or not at all: a browser that lets its buffer fill up loses the stream and catches up with the next.
        try:
            return self._connection.send(content) == len(content)
        except OSError:
            return False
