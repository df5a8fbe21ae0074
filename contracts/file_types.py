"""Which files may be handed in, and what is left of their names. Knows their bytes, and no row, no form and no disk.

A type is taken from the extension and must be what the first bytes say; what a browser would run is refused whatever
it is called. The content type that a file is served with comes from this table, never from who sent it.
"""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, NamedTuple

from contracts.refusals import ContractError
from marketplace.fields import plain_text

HEAD = 4096
LIST = 1024 * 1024  # bytes of an archive's list of names: of a document it has a few thousand
FORBIDDEN = re.compile(r'[<>:"|?*\\/]+')
MARKUP = re.compile(rb"\s*<[a-z!?]", re.IGNORECASE)
OFFICE = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."
type Check = Callable[[bytes, IO[bytes]], bool]


class FileRefused(ContractError):
    """A file, or all of them together, is not what can be handed in."""


class FileType(NamedTuple):
    """What a file is served as, and the check that its content must pass."""

    content_type: str
    fits: Check


def _starts(*signatures: bytes) -> Check:
    return lambda head, _file: head.startswith(signatures)


def _at(offset: int, *signatures: bytes) -> Check:
    return lambda head, _file: head[offset:].startswith(signatures)


class _ReadInParts:
    """A file that gives no more than LIST at once: an archive of 25 MB can list half a million names."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size if 0 <= size <= LIST else LIST + 1)
        if len(data) > LIST:
            raise zipfile.BadZipFile
        return data


def _holds(part: str) -> Check:
    """A zip archive with a part of that name in it, as office programs write them."""

    def fits(head: bytes, file: IO[bytes]) -> bool:
        try:
            return _ZIP(head, file) and part in zipfile.ZipFile(_ReadInParts(file)).namelist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            return False

    return fits


def _is_webp(head: bytes, _file: IO[bytes]) -> bool:
    return head.startswith(b"RIFF") and head[8:12] == b"WEBP"


def _is_text(head: bytes, _file: IO[bytes]) -> bool:
    """Text in any script, but no page or picture that a browser would run: those begin with a tag."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="replace").encode()
    return b"\x00" not in head and not MARKUP.match(head.removeprefix(b"\xef\xbb\xbf"))


_ZIP = _starts(b"PK\x03\x04", b"PK\x05\x06")
_JPEG = FileType("image/jpeg", _starts(b"\xff\xd8\xff"))
TYPES: dict[str, FileType] = {
    "pdf": FileType("application/pdf", _starts(b"%PDF-")),
    "png": FileType("image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "gif": FileType("image/gif", _starts(b"GIF87a", b"GIF89a")),
    "webp": FileType("image/webp", _is_webp),
    "psd": FileType("image/vnd.adobe.photoshop", _starts(b"8BPS")),
    "zip": FileType("application/zip", _ZIP),
    "txt": FileType("text/plain", _is_text),
    "md": FileType("text/markdown", _is_text),
    "csv": FileType("text/csv", _is_text),
    "docx": FileType(f"{OFFICE}wordprocessingml.document", _holds("word/document.xml")),
    "xlsx": FileType(f"{OFFICE}spreadsheetml.sheet", _holds("xl/workbook.xml")),
    "pptx": FileType(f"{OFFICE}presentationml.presentation", _holds("ppt/presentation.xml")),
    "odt": FileType(f"{ODF}text", _holds("content.xml")),
    "ods": FileType(f"{ODF}spreadsheet", _holds("content.xml")),
    "odp": FileType(f"{ODF}presentation", _holds("content.xml")),
    "mp3": FileType("audio/mpeg", _starts(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa")),
    "mp4": FileType("video/mp4", _at(4, b"ftyp")),
}


def type_of(name: str, file: IO[bytes]) -> FileType | None:
    """The type of a file with this name and content, or None when it is none that is taken. Reads from its start."""
    known = TYPES.get(name.rpartition(".")[2].lower())
    file.seek(0)
    fits = known is not None and known.fits(file.read(HEAD), file)
    file.seek(0)
    return known if fits else None


def safe_name(name: str, length: int) -> str:
    """`name` without a path, control characters and what file systems dislike; its extension stays."""
    name = plain_text(name.replace("\\", "/").rpartition("/")[2])
    name = re.sub(r"\s+", " ", FORBIDDEN.sub("-", name)).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = extension, ""
    stem = stem.strip(" .") or "file"
    extension = (dot + extension)[:20]
    return stem[: length - len(extension)] + extension


def distinct(names: Iterable[str], length: int) -> Iterator[str]:
    """The names, those that came before marked by a number: `plan.pdf`, `plan (2).pdf`. Case makes no difference."""
    taken: set[str] = set()
    for name in names:
        number, new = 1, name
        while new.casefold() in taken:
            number += 1
            stem, dot, extension = name.rpartition(".")
            mark = f" ({number})"
            new = stem[: length - len(mark) - len(dot + extension)] + mark + dot + extension
        taken.add(new.casefold())
        yield new
