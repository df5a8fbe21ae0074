"""What changed between two plans: the one description of a change (B14).

Knows the two plans and derives everything else: rows, kinds, old and new values, totals. Knows no wording, no
markup, and not who made the change.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Literal, NamedTuple, Self, TypedDict, cast
from uuid import UUID

from .moves import moved_keys
from .values import FIELDS, Line, LineJSON, Plan, Value

type Kind = Literal["added", "removed", "edited", "moved", "same"]

_values = attrgetter(*FIELDS)


class FieldChange(NamedTuple):
    """One field's old and new value; `name` is one of FIELDS."""

    name: str
    old: Value
    new: Value


def field_changes(old: Line | None, new: Line | None) -> tuple[FieldChange, ...]:
    """The fields that differ, in the order of FIELDS; none where one side has no line."""
    if old is None or new is None or old is new:
        return ()
    values = zip(FIELDS, _values(old), _values(new), strict=True)
    return tuple(FieldChange(name, was, now) for name, was, now in values if was != now)


class Counts(NamedTuple):
    """How many rows are of each kind; a row that was edited and moved counts in both."""

    added: int
    removed: int
    edited: int
    moved: int


class ChangeSetJSON(TypedDict):
    """Both plans in plain JSON types; the rest is derived again on reading."""

    before: list[LineJSON]
    after: list[LineJSON]


@dataclass(frozen=True)
class Row:
    """One line on both sides of a change. Positions count from 1 in the whole plan; None where absent."""

    before: Line | None
    after: Line | None
    old_position: int | None
    new_position: int | None
    moved: bool = False

    @property
    def line(self) -> Line:
        """The line as it is now, or as it last was."""
        return cast(Line, self.after or self.before)

    @cached_property
    def fields(self) -> tuple[FieldChange, ...]:
        """The fields that differ, in the order of FIELDS; none for a line that only one plan has."""
        return field_changes(self.before, self.after)

    @property
    def is_added(self) -> bool:
        return self.before is None

    @property
    def is_removed(self) -> bool:
        return self.after is None

    @property
    def is_edited(self) -> bool:
        return bool(self.fields)

    @property
    def is_same(self) -> bool:
        return not (self.moved or self.is_added or self.is_removed or self.fields)

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        kinds: dict[Kind, bool] = {
            "added": self.is_added,
            "removed": self.is_removed,
            "edited": self.is_edited,
            "moved": self.moved,
        }
        return tuple(kind for kind, holds in kinds.items() if holds) or ("same",)


@dataclass(frozen=True)
class ChangeSet:
    """A plan before and after. True when anything changed."""

    before: Plan
    after: Plan

    def __bool__(self) -> bool:
        return self.before != self.after

    @cached_property
    def moved(self) -> frozenset[UUID]:
        """The keys of the lines that moved: the fewest that explain the new order."""
        return moved_keys(self.before.keys, self.after.keys)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every line of either plan in the new order; a removed one follows the survivor it followed."""
        survivor: UUID | None = None
        removed: dict[UUID | None, list[Row]] = {}
        for position, line in enumerate(self.before, start=1):
            if line.key in self.after.by_key:
                survivor = line.key
            else:
                removed.setdefault(survivor, []).append(Row(line, None, position, None))
        rows = removed.get(None, [])
        for position, line in enumerate(self.after, start=1):
            rows.append(self._row(line, position))
            rows += removed.get(line.key, ())
        return tuple(rows)

    @cached_property
    def changed(self) -> tuple[Row, ...]:
        """The rows that are not the same, in display order."""
        return tuple(row for row in self.rows if not row.is_same)

    @cached_property
    def touched(self) -> frozenset[UUID]:
        """The keys of the lines of `before` that are edited, removed or moved (B10)."""
        return frozenset(row.line.key for row in self.changed if not row.is_added)

    @cached_property
    def counts(self) -> Counts:
        rows = self.changed
        return Counts(
            added=sum(row.is_added for row in rows),
            removed=sum(row.is_removed for row in rows),
            edited=sum(row.is_edited for row in rows),
            moved=sum(row.moved for row in rows),
        )

    @property
    def total_before(self) -> Decimal:
        return self.before.total

    @property
    def total_after(self) -> Decimal:
        return self.after.total

    @property
    def difference(self) -> Decimal:
        return self.total_after - self.total_before

    def to_json(self) -> ChangeSetJSON:
        return {"before": self.before.to_json(), "after": self.after.to_json()}

    @classmethod
    def from_json(cls, data: ChangeSetJSON) -> Self:
        return cls(Plan.from_json(data["before"]), Plan.from_json(data["after"]))

    def _row(self, line: Line, position: int) -> Row:
        old = self.before.get(line.key)
        old_position = self.before.position(line.key) if old else None
        return Row(old, line, old_position, position, line.key in self.moved)
