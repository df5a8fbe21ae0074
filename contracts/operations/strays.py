"""Files that lie in the private storage and belong to nobody: what a crash left behind.

Knows no submission and no post: those whose rows own files say so when they are ready (`own_files`).
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import batched

from django.utils import timezone

from contracts.models import private
from contracts.operations.files import FileRow

GRACE = timedelta(days=1)  # by then whatever was under way is over
PORTION = 1_000  # files that are asked for at once
_owners: set[type[FileRow]] = set()


def own_files(kind: type[FileRow]) -> None:
    """Have the files of these rows kept from now on."""
    _owners.add(kind)


def discard_strays() -> int:
    """Delete every file that has no row and is older than a day by the machine's own clock; answers how many."""
    before = timezone.now() - GRACE
    old = (name for name in _lying() if private().get_modified_time(name) < before)
    return sum(_discard(set(names)) for names in batched(old, PORTION, strict=False))


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
