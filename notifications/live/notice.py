"""What the web processes hear from the database: a contract, or none, and the users it concerns. A pure value."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched
from typing import Self
from uuid import UUID

CHANNEL = "live"
BELL = "bell"
MOST = 350  # users in one notice, so that it stays below the 8,000 bytes that PostgreSQL takes


@dataclass(frozen=True)
class Notice:
    """`what` is a contract's id, or BELL."""

    what: str
    users: tuple[int, ...]

    def written(self) -> str:
        return f"{self.what} {','.join(map(str, self.users))}"

    @classmethod
    def read(cls, payload: str) -> Self:
        """ValueError for what `written` never writes."""
        what, users = payload.split(" ")
        if what != BELL:
            what = str(UUID(what))
        return cls(what, tuple(map(int, users.split(","))))


def notices(contract_id: UUID | None, user_ids: Iterable[int]) -> Iterator[Notice]:
    """As many notices as these users need; none for nobody."""
    for users in batched(sorted(set(user_ids)), MOST, strict=False):
        yield Notice(str(contract_id) if contract_id else BELL, users)
