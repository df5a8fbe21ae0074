"""Where a list goes on: the last thing shown, packed into one opaque word of an address.

Anybody can type an address, so whatever cannot be read is no place at all, and the list begins at its beginning.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Self
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
PLACE = re.compile(r"(?P<at>[0-9a-f]{1,14})-(?P<id>[0-9a-f]{32})")
NUMBER = re.compile(r"[0-9]{1,18}")


class Place(NamedTuple):
    """A moment and an id: together they say exactly where in a list ordered by both, newest first."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // MICROSECOND:x}-{self.id.hex}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        match = PLACE.fullmatch(text)
        return cls(EPOCH + int(match["at"], 16) * MICROSECOND, UUID(match["id"])) if match else None


def read_key(text: str) -> UUID | None:
    """The id of a row, as an address or a form has it; None for anything else that stands there."""
    try:
        return UUID(text)
    except ValueError:
        return None


def read_number(text: str) -> int | None:
    """A plain number of a row or a revision; None for anything else that an address may hold."""
    return int(text) if NUMBER.fullmatch(text) else None
