"""Files that lie in the private storage, or where uploads arrive, and belong to nobody: what a crash left behind.

Knows no submission and no post: those whose rows own files say so when they are ready (`own_files`).
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import batched

from django.conf import settings
from django.utils import timezone

from contracts.models import private
from contracts.operations.files import FileRow

GRACE = timedelta(days=1)  # by then whatever was under way is over
ARRIVING = "arriving"  # the folder of CAIRN_DATA that compose.yaml's TMPDIR is
PORTION = 1_000  # files that are asked for at once
_owners: set[type[FileRow]] = set()


def own_files(kind: type[FileRow]) -> None:
    """Have the files of these rows kept from now on."""
    _owners.add(kind)


def discard_strays() -> int:
    """Delete every file that has no row, or never arrived, and is older than a day by the machine's own clock.

    Answers how many.
    """
    before = timezone.now() - GRACE
    old = (name for name in _lying() if private().get_modified_time(name) < before)
    return sum(_discard(set(names)) for names in batched(old, PORTION, strict=False)) + _discard_arriving(before)


def _discard_arriving(before: datetime) -> int:
    discarded = 0
    for file in (settings.DATA_DIR / ARRIVING).glob("*"):
        with suppress(FileNotFoundError):  # it has arrived meanwhile
            if file.stat().st_mtime < before.timestamp():
                file.unlink()
                discarded += 1
    return discarded


def _discard(strays: set[str]) -> int:
    for kind in _owners:
        strays.difference_update(kind.objects.filter(stored__in=strays).values_list("stored", flat=True))
    for name in strays:
        private().delete(name)
    return len(strays)


def _lying() -> Iterator[str]:
    storage = private()
    folders = storage.listdir("")[0] if storage.exists("") else []
    for folder in folders:
        yield from (f"{folder}/{name}" for name in storage.listdir(folder)[1])
