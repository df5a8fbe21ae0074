"""Which line comes next, and whether a change makes it another (B10). Knows plans and pinned keys, and no state."""

from collections.abc import Set as AbstractSet
from uuid import UUID

from .changes import ChangeSet
from .values import Plan


def changes_next(changes: ChangeSet, pinned: AbstractSet[UUID]) -> bool:
    """Whether the first line below the pinned ones is another one after the change, or is there no longer (B10)."""
    return _next(changes.before, pinned) != _next(changes.after, pinned)


def _next(plan: Plan, pinned: AbstractSet[UUID]) -> UUID | None:
    return next((key for key in plan.keys if key not in pinned), None)
