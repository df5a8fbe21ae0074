"""Two people changed the same plan: keep what both did, and name what cannot both stand (X2, X4).

Knows three plans and which lines are pinned. Loses no edit of either side in silence. Does not know who is
who, where the plans come from, or what anybody will choose.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from .changes import ChangeSet, field_changes
from .collisions import Collision, CollisionKind
from .order import MergedOrder, merge_orders
from .values import FIELDS, Line, Plan


class Rebased(NamedTuple):
    """The merged plan, and every change of mine that is not in it, in the order of the lines."""

    plan: Plan
    collisions: tuple[Collision, ...]


def rebase(base: Plan, theirs: Plan, mine: Plan, *, pinned: AbstractSet[UUID] = frozenset()) -> Rebased:
    """Re-apply what mine changed since base on top of theirs.

    Where both changed the same thing differently, theirs stands and a collision says what mine wanted. The
    keys in `pinned` are those of the paid and current lines (B4), the first ones of theirs: nothing of mine
    changes them or comes above them. Raise ValueError when they are not the first.
    """
    if set(theirs.keys[: len(pinned)]) != pinned:
        raise ValueError("Pinned lines are the first ones of the plan.")
    if theirs == base and mine.lines[: len(pinned)] == theirs.lines[: len(pinned)]:
        return Rebased(mine, ())  # nobody else changed anything, as nearly always: there is nothing to merge
    return merged(base, theirs, mine, pinned)


def merged(base: Plan, theirs: Plan, mine: Plan, pinned: AbstractSet[UUID]) -> Rebased:
    """The same, line by line, whatever both did."""
    merge = _Merge(base, theirs, mine, pinned)
    return Rebased(merge.plan, tuple(merge.collisions()))


@dataclass(frozen=True)
class _Merge:
    base: Plan
    theirs: Plan
    mine: Plan
    pinned: AbstractSet[UUID]

    @cached_property
    def plan(self) -> Plan:
        return Plan(tuple(self._line(key) for key in self._order.keys))

    def collisions(self) -> Iterator[Collision]:
        """Theirs' lines first, each with all its collisions, then the lines that only mine has."""
        for key in self.theirs.keys:
            yield from self._collisions(key)
        for key in self.mine.keys:
            if key not in self.theirs.by_key:
                yield from self._collisions(key)

    def _collisions(self, key: UUID) -> Iterator[Collision]:
        if key in self.pinned:
            if self._is_overruled(key):
                yield self._collision(CollisionKind.BECAME_CURRENT, key)
            return
        if key in self._removed_by_mine & self._touched_by_theirs:
            yield self._collision(CollisionKind.REMOVED_BY_MINE, key)
        if key in self._removed_by_theirs & self._touched_by_mine:
            yield self._collision(CollisionKind.REMOVED_BY_THEIRS, key)
        for name in self._contested(key):
            yield self._collision(CollisionKind.FIELD, key, name)
        if key in self._order.misplaced:
            yield self._collision(CollisionKind.PLACE, key)

    def _collision(self, kind: CollisionKind, key: UUID, field: str | None = None) -> Collision:
        theirs, mine = self.theirs.get(key), self.mine.get(key)
        return Collision(
            kind=kind,
            key=key,
            base=self.base.get(key),
            theirs=theirs,
            mine=mine,
            field=field,
            theirs_position=self.theirs.position(key) if theirs else None,
            mine_position=self.mine.position(key) if mine else None,
            mine_after=self._predecessor(key) if mine else None,
        )

    def _predecessor(self, key: UUID) -> UUID | None:
        """The nearest line before it in mine that the merged plan has."""
        before = self.mine.keys[: self.mine.position(key) - 1]
        return next((other for other in reversed(before) if other in self.plan.by_key), None)

    def _is_overruled(self, key: UUID) -> bool:
        """Whether mine removed a pinned line, or wants it otherwise than theirs has it."""
        removed = key in self._removed_by_mine
        return removed or bool(self._wanted_fields(key)) or key in self._order.misplaced

    def _line(self, key: UUID) -> Line:
        theirs, mine = self.theirs.get(key), self.mine.get(key)
        if theirs is None:
            return self.mine.by_key[key]
        if mine is None or mine == theirs or key in self.pinned:
            return theirs
        uncontested = self._wanted_fields(key) - self._fields_of_theirs(key)
        return replace(theirs, **{name: getattr(mine, name) for name in uncontested})

    def _contested(self, key: UUID) -> list[str]:
        contested = self._wanted_fields(key) & self._fields_of_theirs(key)
        return [name for name in FIELDS if name in contested]

    def _wanted_fields(self, key: UUID) -> AbstractSet[str]:
        """The fields that mine changed to what theirs does not say; of a line new to base, all that differ."""
        theirs, mine = self.theirs.get(key), self.mine.get(key)
        differing = {change.name for change in field_changes(theirs, mine)}
        return differing & _fields_changed(self.base.get(key), mine) if differing else differing

    def _fields_of_theirs(self, key: UUID) -> AbstractSet[str]:
        return _fields_changed(self.base.get(key), self.theirs.get(key))

    @cached_property
    def _order(self) -> MergedOrder:
        dropped = self._removed_by_mine - self._touched_by_theirs - self.pinned
        survivors = tuple(key for key in self.theirs.keys if key not in dropped)
        return merge_orders(self.base.keys, survivors, self.mine.keys, self.pinned)

    @cached_property
    def _removed_by_mine(self) -> AbstractSet[UUID]:
        return self.base.by_key.keys() - self.mine.by_key.keys()

    @cached_property
    def _removed_by_theirs(self) -> AbstractSet[UUID]:
        return self.base.by_key.keys() - self.theirs.by_key.keys()

    @cached_property
    def _touched_by_mine(self) -> AbstractSet[UUID]:
        return _touched(ChangeSet(self.base, self.mine))

    @cached_property
    def _touched_by_theirs(self) -> AbstractSet[UUID]:
        return _touched(ChangeSet(self.base, self.theirs))


def _touched(changes: ChangeSet) -> AbstractSet[UUID]:
    """The lines that both plans have and that were edited or moved."""
    return changes.touched & changes.after.by_key.keys()


def _fields_changed(base: Line | None, line: Line | None) -> AbstractSet[str]:
    return set(FIELDS) if base is None else {change.name for change in field_changes(base, line)}
