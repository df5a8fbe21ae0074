"""Some lines of a change without the others (X4).

Knows one change and the keys that somebody chose. Does not know who chose, nor whether the plan that comes of it
is allowed.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple
from uuid import UUID

from .changes import ChangeSet
from .order import placed
from .values import Line, Plan


class Displaced(NamedTuple):
    """A chosen line that stands elsewhere than it was asked for, as the line before it was not chosen too.

    `asked_after` is the line that it follows in the change as a whole, which the plan may not have; `now_after`
    the one that it follows instead. None means that it stands first.
    """

    key: UUID
    asked_after: UUID | None
    now_after: UUID | None


class Chosen(NamedTuple):
    """The plan that comes of the chosen lines, and those of them that stand elsewhere, in the plan's order."""

    plan: Plan
    displaced: tuple[Displaced, ...]


def chosen(changes: ChangeSet, keys: AbstractSet[UUID]) -> Chosen:
    """The plan before, with only the changed lines in `keys` changed, each as a whole (X4).

    A chosen line that is moved or added follows its nearest predecessor of the plan after that stands there too:
    one that was moved and not chosen does not count, since it leads back to where it came from. Every line that
    is not chosen keeps its words and its order among the others that are not. Keys of other lines are ignored.

    As many lines have moved as were chosen to; on a tie, ChangeSet may name another one of the same exchange.
    """
    order = _order(changes, keys)
    plan = Plan(tuple(_line(changes, key, keys) for key in order))
    return Chosen(plan, tuple(_displaced(changes, plan, keys)))


def _order(changes: ChangeSet, keys: AbstractSet[UUID]) -> list[UUID]:
    before, after = changes.before, changes.after
    staying = [key for key in before.keys if key in after.by_key or key not in keys]
    leading = [key for key in after.keys if key in keys or key not in changes.moved]
    return placed(staying, leading, _placing(changes, keys), frozenset())


def _placing(changes: ChangeSet, keys: AbstractSet[UUID]) -> AbstractSet[UUID]:
    return {row.line.key for row in changes.changed if (row.is_added or row.moved) and row.line.key in keys}


def _line(changes: ChangeSet, key: UUID, keys: AbstractSet[UUID]) -> Line:
    return (changes.after if key in keys else changes.before).by_key[key]


def _displaced(changes: ChangeSet, plan: Plan, keys: AbstractSet[UUID]) -> Iterator[Displaced]:
    placing = _placing(changes, keys)
    for key in plan.keys:
        if key in placing:
            asked, now = _predecessor(changes.after, key), _predecessor(plan, key)
            if asked != now:
                yield Displaced(key, asked, now)


def _predecessor(plan: Plan, key: UUID) -> UUID | None:
    position = plan.position(key)
    return plan.keys[position - 2] if position > 1 else None
