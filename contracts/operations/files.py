"""Files that come with something: checked, put into the private storage, and taken out again when nothing comes of it.

Knows no submission and no post: whose rows they become is said by who asks, as a class with the columns of FileRow.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any, Protocol

from django.core.files.uploadedfile import UploadedFile
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from contracts.file_types import FileRefused, distinct, safe_name, type_of
from contracts.models import FILE_NAME_LENGTH, FILE_SIZE, FILES, FILES_SIZE, private

MEGABYTE = 1024 * 1024


class FileRow(Protocol):
    """What every row of a file has, whomever it belongs to."""

    objects: Any
    _state: Any
    position: Any
    name: Any
    content_type: Any
    size: Any
    stored: Any

    def __init__(self, **columns: Any) -> None: ...


def keep[Row: FileRow](rows: Sequence[Row], **owner: object) -> None:
    """Save the rows of what `stored` put into the storage: these files belong to `owner` from now on."""
    for row in rows:
        for name, value in owner.items():
            setattr(row, name, value)
    if rows:
        type(rows[0]).objects.bulk_create(rows)


@contextmanager
def stored[Row: FileRow](files: Sequence[UploadedFile], kind: type[Row]) -> Iterator[list[Row]]:
    """The files in the storage, as rows for `keep`. Around the transaction: what was not kept in it is taken out again.

    When the database was lost nobody knows whether it was kept: then it stays, and `discard_strays` finds out later.
    Raises FileRefused.
    """
    rows: list[Row] = []
    try:
        rows += check(files, kind)
        for row, file in zip(rows, files, strict=True):
            private().save(row.stored, file)
        yield rows
    except (OperationalError, InterfaceError):
        raise
    except BaseException:
        _take_out(rows)
        raise
    _take_out([row for row in rows if row._state.adding])


def check[Row: FileRow](files: Sequence[UploadedFile], kind: type[Row]) -> list[Row]:
    """The files as rows that are not saved, with safe names that differ; FileRefused says which one cannot be taken."""
    if len(files) > FILES:
        raise FileRefused(_("Choose at most %(most)d files, or put them into one zip archive.") % {"most": FILES})
    if sum(file.size or 0 for file in files) > FILES_SIZE:
        most = {"most": FILES_SIZE // MEGABYTE}
        raise FileRefused(_("All files together have at most %(most)d MB. Share large ones by a link.") % most)
    names = distinct((safe_name(file.name or "", FILE_NAME_LENGTH) for file in files), FILE_NAME_LENGTH)
    numbered = enumerate(zip(files, names, strict=True), start=1)
    return [kind(position=place, **_checked(file, name)) for place, (file, name) in numbered]


def _checked(file: UploadedFile, name: str) -> dict[str, object]:
    size = file.size or 0
    if not size:
        raise FileRefused(_("“%(name)s” is empty.") % {"name": name})
    if size > FILE_SIZE:
        limit = {"name": name, "most": FILE_SIZE // MEGABYTE}
        raise FileRefused(_("“%(name)s” has more than %(most)d MB. Share it by a link.") % limit)
    found = type_of(name, file.file) if file.file else None
    if not found:
        raise FileRefused(_unknown(name))
    key = uuid.uuid4().hex
    return {"name": name, "content_type": found.content_type, "size": size, "stored": f"{key[:2]}/{key}"}


def _unknown(name: str) -> str:
    suffix = PurePath(name).suffix[1:]
    if not suffix:
        return _("“%(name)s” has no extension that says what it is. Add one, such as .pdf.") % {"name": name}
    return _(
        "“%(name)s” is not a file that can be handed in, or its content is not what its name says. "
        "Put it into a zip archive, or share it by a link."
    ) % {"name": name}


def _take_out(rows: Sequence[FileRow]) -> None:
    for row in rows:
        private().delete(row.stored)
