"""Files that lie in the private storage and belong to nobody: what a crash left behind. Knows no submission."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from contracts.models import SubmissionFile, private

GRACE = timedelta(days=1)  # by then whatever was under way is over


def discard_strays() -> int:
    """Delete every file that has no row and is older than a day by the machine's own clock; answers how many."""
    before = timezone.now() - GRACE
    old = [name for name in _lying() if private().get_modified_time(name) < before]
    kept = set(SubmissionFile.objects.filter(stored__in=old).values_list("stored", flat=True))
    strays = [name for name in old if name not in kept]
    for name in strays:
        private().delete(name)
    return len(strays)


def _lying() -> Iterator[str]:
    storage = private()
    folders = storage.listdir("")[0] if storage.exists("") else []
    for folder in folders:
        yield from (f"{folder}/{name}" for name in storage.listdir(folder)[1])
