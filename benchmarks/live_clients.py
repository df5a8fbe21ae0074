"""Many browsers at one live site, as sockets in one process: what they hear, and how long after the commit.

Knows HTTP/1.1 and the two ways that are compared, a stream and polling. Starts no server.
"""

import asyncio
import time
from dataclasses import dataclass, field

POLL = 1.5  # seconds: two would be too late


@dataclass
class Heard:
    """`said` is when the announcement with this id was begun; `after` how many seconds later each was heard."""

    said: dict[str, float] = field(default_factory=dict)
    after: list[float] = field(default_factory=list)
    connected: int = 0
    lost: int = 0

    def hears(self, what: str) -> None:
        if what in self.said:
            self.after.append(time.perf_counter() - self.said[what])


async def stream(port: int, path: str, cookie: str, heard: Heard) -> None:
    """One browser with a stream, and with the next one when it ends."""
    since = f"{time.time():.3f}"
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head(f"{path}?since={since}", cookie, "Accept: text/event-stream\r\n"))
        await reader.readuntil(b"\r\n\r\n")
        heard.connected += 1
        while line := await reader.readline():
            if line.startswith(b"data: "):
                _data, since, what = line.decode().split()
                heard.hears(what)
        heard.lost += 1
        heard.connected -= 1
        writer.close()


async def poll(port: int, path: str, cookie: str, heard: Heard) -> None:
    """One browser that asks every so often, over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heard.connected += 1
    since = f"{time.time():.3f}"
    while True:
        try:
            writer.write(head(f"{path}?since={since}", cookie))
            lines = (await body(reader)).decode().split()
        except (OSError, asyncio.IncompleteReadError):
            heard.lost += 1
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            continue
        since = lines[0]
        for what in lines[1:]:
            heard.hears(what)
        await asyncio.sleep(POLL)


async def body(reader: asyncio.StreamReader) -> bytes:
    """What a response with a length says."""
    text = await reader.readuntil(b"\r\n\r\n")
    assert text.startswith(b"HTTP/1.1 200"), text  # noqa: S101
    length = next(int(line[15:]) for line in text.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    return await reader.readexactly(length)


def head(path: str, cookie: str, more: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: session={cookie}\r\n{more}\r\n".encode()
