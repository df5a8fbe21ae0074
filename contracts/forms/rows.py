"""The rows of the plan editor, ready to be shown: the same shape for a fresh plan, a refused post and a conflict.

They know what is typed, what is wrong with it and what there is to choose. They do not know the request.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contracts.forms.fields import MILESTONE_FIELDS
from contracts.plan import FIELDS, ChangeSet, Collision, CollisionKind, Line, Plan, Rebased, Row, Value
from contracts.reading.words import in_words, label

# What a person has to choose about, beside the four fields of a line.
PLACE, DELETE, BACK, CURRENT = "place", "delete", "back", "current"
FIRST = "first"


@dataclass(frozen=True)
class Choice:
    """One collision as a question: keep what was saved, or use mine. `mine` is what is posted again for it."""

    key: UUID
    about: str
    theirs_text: str = ""
    mine: str = ""
    mine_text: str = ""
    chosen: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        return f"{self.about}-{self.key}"

    @property
    def is_mine(self) -> bool:
        return self.chosen == "mine"

    @property
    def is_theirs(self) -> bool:
        return self.chosen == "theirs"

    @property
    def is_about_a_field(self) -> bool:
        return self.about in FIELDS

    @property
    def legend(self) -> str:
        """What the question is about, in words."""
        others = {
            PLACE: _("It was moved while you were editing, and you moved it too."),
            DELETE: _("It was changed while you were editing, and you deleted it."),
            BACK: _("It was deleted while you were editing, and you changed it."),
        }
        field = label(self.about) if self.is_about_a_field else ""
        return others.get(self.about) or _("%(field)s: changed while you were editing") % {"field": field}


@dataclass(frozen=True)
class EditorRow:
    """One milestone in the editor. `typed` holds its fields' texts once the row was opened, `line` its values.

    A row with nothing to it is posted by its `place` in the revision that is shown, counted from 1: two hundred keys
    are noise that no compression shrinks. All others are posted by their key.
    """

    line: Line
    typed: dict[str, str] | None = None
    errors: dict[str, str] = field(default_factory=dict)
    choices: dict[str, Choice] = field(default_factory=dict)
    is_new: bool = False
    is_deleted: bool = False
    place: int = 0

    @property
    def key(self) -> UUID:
        return self.line.key

    @property
    def is_plain(self) -> bool:
        """Nothing but the row itself: neither opened nor in question."""
        return self.typed is None and not self.choices

    @property
    def own_choices(self) -> list[Choice]:
        """The questions about the row itself, not about one of its fields."""
        return [choice for choice in self.choices.values() if not choice.is_about_a_field]

    @property
    def fields(self) -> Iterator[tuple[str, str, str, Choice | None]]:
        """Name, typed text, message and choice of each field of an opened row."""
        for name in FIELDS:
            yield name, (self.typed or {}).get(name, ""), self.errors.get(name, ""), self.choices.get(name)

    def unjudged(self) -> Self:
        """The same row with nothing said against it."""
        choices = {about: replace(choice, error="") for about, choice in self.choices.items()}
        return replace(self, errors={}, choices=choices)

    def anew(self) -> Self:
        """A new milestone with a key of its own: the one that it had was used."""
        return replace(self, line=replace(self.line, key=uuid4())) if self.is_new else self

    @classmethod
    def opened(cls, line: Line, *, is_new: bool = False, choices: Iterable[Choice] = ()) -> Self:
        """The row with its fields to type in."""
        typed = {name: as_typed(getattr(line, name)) for name in FIELDS}
        if is_new and not line.amount:
            typed["amount"] = ""
        return cls(line, typed, choices={choice.about: choice for choice in choices}, is_new=is_new)


def blank_row(key: UUID) -> EditorRow:
    """A new milestone, ready to type."""
    return EditorRow.opened(Line(key, "", "", Decimal(0), None), is_new=True)


def rebased_rows(theirs: Plan, rebased: Rebased, pinned: frozenset[UUID]) -> list[EditorRow]:
    """My edits on top of the plan as it is now, each collision with its choice beside it (X2)."""
    choices: dict[UUID, list[Choice]] = {}
    for collision in rebased.collisions:
        choices.setdefault(collision.key, []).append(choice_about(collision, rebased.plan))
    rows = [
        _row_of(row, choices.get(row.line.key, []))
        for row in ChangeSet(theirs, rebased.plan).rows
        if row.line.key not in pinned
    ]
    for collision in rebased.collisions:
        if collision.kind == CollisionKind.REMOVED_BY_THEIRS and collision.mine:
            back = EditorRow.opened(collision.mine, is_new=True, choices=choices[collision.key])
            _insert_after(rows, collision.mine_after, back)
    return rows


def _row_of(row: Row, choices: list[Choice]) -> EditorRow:
    # With a question the row comes opened: fetching its fields later would put a row without the question in its place.
    if row.is_added or row.is_edited or choices:
        return EditorRow.opened(row.line, is_new=row.is_added, choices=choices)
    return EditorRow(row.line, is_deleted=row.is_removed, place=row.old_position or 0)


def _insert_after(rows: list[EditorRow], key: UUID | None, row: EditorRow) -> None:
    places = {other.key: place for place, other in enumerate(rows, start=1)}
    rows.insert(places.get(key, 0) if key else 0, row)


def current_choices(rebased: Rebased) -> dict[UUID, Choice]:
    """What is left to know about milestones that became current while I edited them, by key."""
    became_current = (c for c in rebased.collisions if c.kind == CollisionKind.BECAME_CURRENT)
    return {collision.key: choice_about(collision, rebased.plan) for collision in became_current}


def choice_about(collision: Collision, plan: Plan) -> Choice:
    """The question that a collision puts."""
    key = collision.key
    match collision.kind:
        case CollisionKind.FIELD:
            return question(key, str(collision.field), as_typed(collision.mine_value), collision.theirs)
        case CollisionKind.PLACE:
            after = plan.get(collision.mine_after) if collision.mine_after else None
            return question(key, PLACE, str(collision.mine_after or FIRST), after)
        case CollisionKind.REMOVED_BY_MINE:
            return question(key, DELETE, "1")
        case CollisionKind.REMOVED_BY_THEIRS:
            return question(key, BACK, "1")
    return question(key, CURRENT, _describe(collision))


def question(
    key: UUID, about: str, mine: str, line: Line | None = None, *, chosen: str = "", error: str = ""
) -> Choice:
    """A choice in words. They never say who, since it may have been the same person in another window.

    `line` is the line whose field is in question or, for a place, the one to follow.
    """
    answers = {
        PLACE: (_("Leave it here"), _after(line)),
        DELETE: (_("Keep it as it was saved"), _("Delete it all the same")),
        BACK: (_("Leave it deleted"), _("Put it back with my changes")),
        CURRENT: ("", mine),
    }
    theirs_text, mine_text = answers.get(about) or (in_words(getattr(line, about, None)), _shown_as(about, mine))
    return Choice(key, about, theirs_text, mine, mine_text, chosen, error)


def _after(line: Line | None) -> str:
    return _("Move it after “%(title)s”") % {"title": line.title} if line else _("Move it to the top")


def _shown_as(name: str, typed: str) -> str:
    try:
        return in_words(MILESTONE_FIELDS[name].clean(typed))
    except ValidationError:
        return typed


def _describe(collision: Collision) -> str:
    if collision.mine is None:
        return _("You had deleted it.")
    edits = [f"{label(name)}: {in_words(old)} → {in_words(new)}" for name, old, new in collision.mine_fields]
    return "; ".join(edits) if edits else _("You had moved it.")


def as_typed(value: Value) -> str:
    """A field's value as a person would type it into the form."""
    match value:
        case Decimal():
            return f"{value:.2f}"
        case date():
            return value.isoformat()
    return value or ""
