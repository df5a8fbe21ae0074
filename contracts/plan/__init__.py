"""The milestone plan as plain values: what a plan is, what changed, and how two changes meet.

Knows no database, no user, no state of a milestone and no wording: everything here is a pure function.
"""

from .changes import ChangeSet, ChangeSetJSON, Counts, FieldChange, Kind, Row
from .choice import Chosen, Displaced, chosen, leaning
from .collisions import Collision, CollisionKind
from .next_line import changes_next
from .rebase import Rebased, rebase
from .values import (
    DESCRIPTION_LENGTH,
    FIELDS,
    MAXIMUM_AMOUNT,
    MAXIMUM_MILESTONES,
    MINIMUM_AMOUNT,
    TITLE_LENGTH,
    Line,
    LineJSON,
    Plan,
    Value,
)

__all__ = [
    "DESCRIPTION_LENGTH",
    "FIELDS",
    "MAXIMUM_AMOUNT",
    "MAXIMUM_MILESTONES",
    "MINIMUM_AMOUNT",
    "TITLE_LENGTH",
    "ChangeSet",
    "ChangeSetJSON",
    "Chosen",
    "Collision",
    "CollisionKind",
    "Counts",
    "Displaced",
    "FieldChange",
    "Kind",
    "Line",
    "LineJSON",
    "Plan",
    "Rebased",
    "Row",
    "Value",
    "changes_next",
    "chosen",
    "leaning",
    "rebase",
]
