"""Stands between the site and PostgreSQL and breaks what passes: swallows the answer to a COMMIT, cuts, goes dark.

A unix socket in a folder of its own, so that nothing but the address differs. Knows two messages of the protocol.
"""

import asyncio
import contextlib
import threading
from pathlib import Path
from random import Random

SOCKET = ".s.PGSQL.5432"
COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"
CHUNK = 65536


class Line:
    """One connection, from its client to the server behind."""

    def __init__(self, proxy: "Proxy", client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.proxy, self.ends = proxy, (client, server)
        self.is_swallowed, self.light = False, asyncio.Event()
        self.light.set()

    def cut(self) -> None:
        self.light.set()
        for end in self.ends:
            with contextlib.suppress(Exception):
                end.transport.abort()

    async def up(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        """From the client: a COMMIT whose answer is to be swallowed still arrives."""
        while data := await source.read(CHUNK):
            await self.light.wait()
            if data.endswith(COMMIT) and self.proxy.take_one():
                self.is_swallowed = True
            target.write(data)
            await target.drain()

    async def down(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(CHUNK):
            await self.light.wait()
            if self.is_swallowed:
                self.proxy.swallowed += 1
                return
            target.write(data)
            await target.drain()


class Proxy:
    """Between `place`, the folder that clients are told of, and `server`, the folder of the real socket."""

    def __init__(self, place: Path, server: Path) -> None:
        self.place, self.server = place, server
        self.lines: set[Line] = set()
        self.to_swallow, self.swallowed = 0, 0
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self) -> "Proxy":
        self.place.mkdir(mode=0o700)
        self.thread.start()
        self._wait(asyncio.start_unix_server(self._serve, self.place / SOCKET))
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    def swallow(self, count: int) -> None:
        """The answers to the next COMMITs get lost, and their connections with them."""
        self.to_swallow += count

    def cut(self, chance: Random, most: int) -> int:
        """Break some of the connections there are; answers how many."""
        return self._wait(self._each(chance, most, Line.cut))

    def darken(self, chance: Random, most: int, seconds: float) -> int:
        """Let nothing pass on some of them for a while, and then break them."""

        def go_dark(line: Line) -> None:
            line.light.clear()
            self.loop.call_later(seconds, line.cut)

        return self._wait(self._each(chance, most, go_dark))

    def heal(self) -> None:
        self.to_swallow = 0

    def take_one(self) -> bool:
        self.to_swallow -= (taken := self.to_swallow > 0)
        return taken

    def _wait(self, work: object) -> object:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    async def _each(self, chance: Random, most: int, act: object) -> int:
        chosen = chance.sample(sorted(self.lines, key=id), min(most, len(self.lines)))
        for line in chosen:
            act(line)
        return len(chosen)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, onward = await asyncio.open_unix_connection(self.server / SOCKET)
        except OSError:
            writer.close()
            return
        line = Line(self, writer, onward)
        self.lines.add(line)
        ways = [asyncio.ensure_future(line.up(reader, onward)), asyncio.ensure_future(line.down(there, writer))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        line.cut()
        await asyncio.gather(*ways, return_exceptions=True)
        self.lines.discard(line)
