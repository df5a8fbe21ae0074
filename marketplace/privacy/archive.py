"""A ZIP that is written while it is read, so that it may be of any size. Knows no row and no person."""

import io
import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

PIECE = 64 * 1024  # bytes that are handed on at a time


class Entry(NamedTuple):
    """One file of it; what is packed already `is_packed`, and not packed again."""

    name: str
    content: Iterable[bytes]
    is_packed: bool = False


class _Pipe(io.RawIOBase):
    """Takes what is written, and gives it away in pieces. Nothing can be looked up in it again."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece) -> int:
        self.waiting += piece
        return len(piece)

    def taken(self) -> bytes:
        piece, self.waiting = bytes(self.waiting), bytearray()
        return piece


def zipped(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The ZIP in pieces; no more of it than one piece and one part of one file is in memory."""
    pipe, now = _Pipe(), timezone.now()
    with ZipFile(pipe, "w") as archive:  # type: ignore[arg-type]
        for entry in entries:
            about = ZipInfo(entry.name, now.timetuple()[:6])
            about.compress_type = ZIP_STORED if entry.is_packed else ZIP_DEFLATED
            about.external_attr = 0o600 << 16
            with archive.open(about, "w", force_zip64=True) as file:
                for part in entry.content:
                    file.write(part)
                    if len(pipe.waiting) >= PIECE:
                        yield pipe.taken()
    yield pipe.taken()


def as_json(rows: Iterable[object]) -> Iterator[bytes]:
    """A list of these, a row a line or more, as somebody can read it."""
    before = "["
    for row in rows:
        text = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        yield f"{before}\n{text}".encode()
        before = ","
    yield b"[]\n" if before == "[" else b"\n]\n"
