"""Some lines of a change without the others (X4).

Knows one change and the keys that somebody chose. Does not know who chose, nor whether the plan that comes of it
is allowed.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from .changes import ChangeSet
from .order import placed
from .values import Line, Plan


class Displaced(NamedTuple):
    """A chosen line that stands elsewhere than it was asked for, as the line before it was not chosen too.

    `asked_after` is the line that it follows in the change as a whole, which the plan may not have; `now_after`
    the one that it follows instead, or None where it stands first.
    """

    key: UUID
    asked_after: UUID
    now_after: UUID | None


class Chosen(NamedTuple):
    """The plan that comes of the chosen lines, and those of them that stand elsewhere, in the plan's order."""

    plan: Plan
    displaced: tuple[Displaced, ...]


def leaning(changes: ChangeSet) -> Mapping[UUID, UUID]:
    """The added and moved lines that follow another such line, each with that one: chosen alone, it is displaced."""
    anew = _placed_anew(changes)
    return {key: before for before, key in pairwise(changes.after.keys) if key in anew and before in anew}


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
    return placed(staying, leading, _placed_anew(changes) & keys, frozenset())


def _line(changes: ChangeSet, key: UUID, keys: AbstractSet[UUID]) -> Line:
    return (changes.after if key in keys else changes.before).by_key[key]


def _displaced(changes: ChangeSet, plan: Plan, keys: AbstractSet[UUID]) -> Iterator[Displaced]:
    leads = leaning(changes)
    for before, key in zip((None, *plan.keys), plan.keys, strict=False):
        if key in keys and key in leads and leads[key] not in keys:
            yield Displaced(key, leads[key], before)


def _placed_anew(changes: ChangeSet) -> AbstractSet[UUID]:
    return changes.moved | (changes.after.by_key.keys() - changes.before.by_key.keys())
