"""What a plan is: lines in an order, and the limits that hold for them (B2, B3).

Knows nothing of who owns a plan, which line is paid or current, or where it is stored. The limits are stated
here and enforced by whoever takes input: a plan being typed may break them, and must still be shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Self, TypedDict
from uuid import UUID

MINIMUM_AMOUNT = Decimal("5.00")
MAXIMUM_AMOUNT = Decimal("1000000.00")
MAXIMUM_MILESTONES = 200
TITLE_LENGTH = 120
DESCRIPTION_LENGTH = 5000

FIELDS = ("title", "description", "amount", "due_date")

type Value = str | Decimal | date | None


class LineJSON(TypedDict):
    """A line in plain JSON types: the key as text, dollars as "1200.00", the date as "2026-11-30" or null."""

    key: str
    title: str
    description: str
    amount: str
    due_date: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One milestone's words, money and date. The key stays the same through every edit and move."""

    key: UUID
    title: str
    description: str
    amount: Decimal
    due_date: date | None

    def to_json(self) -> LineJSON:
        """Raise ValueError for an amount that is not exact to the cent, rather than round it."""
        return {
            "key": str(self.key),
            "title": self.title,
            "description": self.description,
            "amount": _cents(self.amount),
            "due_date": self.due_date.isoformat() if self.due_date else None,
        }

    @classmethod
    def from_json(cls, data: LineJSON) -> Self:
        due_date = data["due_date"]
        return cls(
            key=UUID(data["key"]),
            title=data["title"],
            description=data["description"],
            amount=Decimal(data["amount"]),
            due_date=date.fromisoformat(due_date) if due_date else None,
        )


@dataclass(frozen=True)
class Plan:
    """Lines in their order, each key once. Two plans are equal when their lines are."""

    lines: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        if len(self.by_key) != len(self.lines):
            raise ValueError("A plan holds each key once.")

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    @cached_property
    def by_key(self) -> Mapping[UUID, Line]:
        return MappingProxyType({line.key: line for line in self.lines})

    @cached_property
    def keys(self) -> tuple[UUID, ...]:
        return tuple(self.by_key)

    @cached_property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal("0.00"))

    def get(self, key: UUID) -> Line | None:
        return self.by_key.get(key)

    def at(self, position: int) -> Line | None:
        """The line at this place, counted from 1."""
        return self.lines[position - 1] if 0 < position <= len(self.lines) else None

    def position(self, key: UUID) -> int:
        """The line's place, counted from 1. Raise KeyError when the plan has no such line."""
        return self._positions[key]

    def arranged(self, keys: Iterable[UUID]) -> Self:
        """The same lines in the order of `keys`.

        A line that `keys` does not name is kept (B14): it follows the nearest line before it that is named,
        or comes first. Raise ValueError when `keys` names a line twice or one that the plan does not have.
        """
        order = tuple(keys)
        named = set(order)
        if len(named) != len(order) or not named <= self.by_key.keys():
            raise ValueError("An arrangement names lines of the plan, each at most once.")
        groups: dict[UUID | None, list[Line]] = {key: [] for key in (None, *order)}
        leader = None
        for line in self.lines:
            leader = line.key if line.key in named else leader
            groups[leader].append(line)
        return type(self)(tuple(line for group in groups.values() for line in group))

    def to_json(self) -> list[LineJSON]:
        return [line.to_json() for line in self.lines]

    @classmethod
    def from_json(cls, data: Iterable[LineJSON]) -> Self:
        return cls(tuple(Line.from_json(line) for line in data))

    @cached_property
    def _positions(self) -> dict[UUID, int]:
        return {key: place for place, key in enumerate(self.keys, start=1)}


def _cents(amount: Decimal) -> str:
    text = f"{amount:.2f}"
    if Decimal(text) != amount:
        raise ValueError(f"{amount} is not exact to the cent.")
    return text
