"""Remembers that a data folder's database is migrated and filled, so that the next start need not ask Django."""

import hashlib
import os
from pathlib import Path

from launcher.arguments import ROOT

# What decides the tables and the demo: our migrations and settings, and the packages with theirs.
DECIDES = ("*/migrations/*.py", "*/management/commands/*.py", "marketplace/settings.py", "requirements.txt")


def is_current(data: Path) -> bool:
    """Only for the embedded database: what others do to one that DATABASE_URL names is not known here."""
    stamp = data / "migrated"
    return stamp.exists() and not os.environ.get("DATABASE_URL") and stamp.read_text() == _digest()


def mark(data: Path) -> None:
    if not os.environ.get("DATABASE_URL"):
        (data / "migrated").write_text(_digest())


def forget(data: Path) -> None:
    """A manage.py command may change anything: the next start looks again."""
    (data / "migrated").unlink(missing_ok=True)


def _digest() -> str:
    found = hashlib.sha256()
    for pattern in DECIDES:
        for path in sorted(Path(ROOT).glob(pattern)):
            found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()
