"""What two people did to one line that cannot both stand: enough to say so, and to offer a choice (X2).

Knows the line on each side. Does not decide what collides, and has no words for it.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from .changes import FieldChange, field_changes
from .values import Line, Value


class CollisionKind(StrEnum):
    """Why a change of mine was not applied. In the merged plan every collided line is as theirs has it."""

    FIELD = "field"  # both gave one field different values
    REMOVED_BY_MINE = "removed_by_mine"  # they edited or moved what I removed: it is kept
    REMOVED_BY_THEIRS = "removed_by_theirs"  # I edited or moved what they removed: it is gone
    PLACE = "place"  # my place for it contradicts their order, or lies above a pinned line
    BECAME_CURRENT = "became_current"  # it is pinned now, so that nothing of mine applies to it


@dataclass(frozen=True)
class Collision:
    """One change of mine that was not applied, with the line on every side (None where that side has none).

    `field` names the field of a FIELD collision. Positions count from 1 in that side's own plan. `mine_after`
    is the line of the merged plan that mine would have it follow; None means that mine has it first.
    """

    kind: CollisionKind
    key: UUID
    base: Line | None
    theirs: Line | None
    mine: Line | None
    field: str | None = None
    theirs_position: int | None = None
    mine_position: int | None = None
    mine_after: UUID | None = None

    @property
    def theirs_fields(self) -> tuple[FieldChange, ...]:
        """What they changed on the line since base."""
        return field_changes(self.base, self.theirs)

    @property
    def mine_fields(self) -> tuple[FieldChange, ...]:
        """What I changed on the line since base."""
        return field_changes(self.base, self.mine)

    @property
    def base_value(self) -> Value:
        """The collided field's value before both; None where base has no such line."""
        return self._value(self.base)

    @property
    def theirs_value(self) -> Value:
        return self._value(self.theirs)

    @property
    def mine_value(self) -> Value:
        return self._value(self.mine)

    def _value(self, line: Line | None) -> Value:
        value: Value = getattr(line, self.field) if line and self.field else None
        return value
