"""What the plan editor shows: an untouched plan, a post as it was typed, or edits on top of what others saved.

Knows no request; the views choose which of them to answer with.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contracts.forms.plan import PlanForm
from contracts.forms.requests import NoteForm
from contracts.forms.rows import Choice, EditorRow, blank_row, current_choices, rebased_rows
from contracts.models import Contract, Milestone
from contracts.operations.plan import Merge, UnknownRevision, numbered_milestones, pinned_keys, plan_of_revision
from contracts.plan import MAXIMUM_MILESTONES, ChangeSet
from marketplace.models import User

if TYPE_CHECKING:
    from contracts.views.desk import Desk


@dataclass(frozen=True)
class PinnedRow:
    """A milestone that can no longer change, and what became of an edit to it."""

    milestone: Milestone
    choice: Choice | None = None


@dataclass(frozen=True)
class Conflict:
    """What others changed since revision `since`; `choices` are key and title of the rows where it meets my edits.

    True when there is anything to say.
    """

    since: int
    theirs: ChangeSet
    title: str
    choices: list[tuple[UUID, str]]

    def __bool__(self) -> bool:
        return bool(self.theirs or self.choices)

    @property
    def text(self) -> str:
        """What became of my edits, and what to do."""
        if not self.choices:
            return _("Your edits were put on top of it. Look through them and save again.")
        return ngettext(
            "Everything else of yours was put on top of it. One milestone needs your choice.",
            "Everything else of yours was put on top of it. %(count)d milestones need your choice.",
            len(self.choices),
        ) % {"count": len(self.choices)}


@dataclass(frozen=True)
class Editor:
    """All that the editor shows. `version` is the revision that its rows are edits of.

    The plan of an offer that is not made yet belongs to no contract. `desk` says where it is sent, with which `note`.
    """

    contract: Contract | None
    version: int
    pinned: list[PinnedRow]
    rows: list[EditorRow]
    errors: list[str] = field(default_factory=list)
    conflict: Conflict | None = None
    notice: str = ""
    is_page: bool = False
    is_touched: bool = False
    desk: "Desk | None" = None
    note: NoteForm | None = None

    most = MAXIMUM_MILESTONES

    @property
    def new_row_url(self) -> str:
        """Where a new milestone's row comes from."""
        if self.contract is None:
            return reverse("contracts:offer_row")
        return reverse("contracts:new_row", args=[self.contract.pk])

    @property
    def count(self) -> int:
        return len(self.pinned) + sum(not row.is_deleted for row in self.rows)

    @property
    def total(self) -> Decimal:
        ahead = (row.line.amount for row in self.rows if not row.is_deleted)
        return sum((*(row.milestone.amount for row in self.pinned), *ahead), Decimal("0.00"))


def fresh_editor(contract: Contract, **said) -> Editor:
    """The plan as it is, untouched."""
    version, milestones = numbered_milestones(contract)
    rows = [EditorRow(at.line, place=place) for place, at in enumerate(milestones, start=1) if at.is_future]
    return Editor(contract, version, _pinned_rows(milestones), rows, **said)


def typed_editor(
    contract: Contract, form: PlanForm, user: User, *, since: int = 0, errors: Iterable[str] = ()
) -> Editor:
    """What was posted, as it was typed, with what is wrong beside it.

    `since` is the revision that the conflict reached back to in the answer which the form was, if it told of one.
    """
    posted = {row.key for row in form.rows}
    milestones = [milestone for milestone in contract.milestones.all() if milestone.pk not in posted]
    future = {milestone.pk for milestone in milestones if milestone.is_future}
    return Editor(
        contract,
        form.revision,
        _pinned_rows(milestones, form.current),
        form.rows_with(future),
        errors=[*form.errors, *errors],
        conflict=_conflict_before(contract, form, user, since) if since else None,
        is_touched=bool(form.changes or form.unfinished),
    )


def looked_at(form: PlanForm, look: str, future: AbstractSet[UUID] = frozenset()) -> list[EditorRow]:
    """What was typed once more, nothing said against it yet, for who looks before sending; a `row` is one more blank
    one. `future` as in `rows_with`.
    """
    rows = [row.unjudged() for row in form.rows_with(future)]
    return [*rows, blank_row(uuid4())] if look == "row" else rows


def merged_editor(contract: Contract, merge: Merge, user: User, *, is_touched: bool | None = None, **said) -> Editor:
    """My edits on top of the plan as it is now, with what others changed and a choice for each collision (X2).

    They are the user's own work, unless `is_touched` says otherwise: what a request proposes is not.
    """
    theirs = ChangeSet(merge.shown, merge.current)
    titles = {c.key: (c.theirs or c.mine or c.base).title for c in merge.rebased.collisions}
    who = _who_saved(contract, theirs, merge.base, merge.version, user)
    return Editor(
        contract,
        merge.version,
        _pinned_rows(merge.milestones, current_choices(merge.rebased)),
        rebased_rows(merge.current, merge.rebased, pinned_keys(merge.milestones)),
        conflict=Conflict(merge.base, theirs, who, list(titles.items())),
        is_touched=merge.current != merge.mine if is_touched is None else is_touched,
        **said,
    )


def _pinned_rows(milestones: Iterable[Milestone], choices: Mapping[UUID, Choice] | None = None) -> list[PinnedRow]:
    pinned = (milestone for milestone in milestones if not milestone.is_future)
    return [PinnedRow(milestone, (choices or {}).get(milestone.pk)) for milestone in pinned]


def _conflict_before(contract: Contract, form: PlanForm, user: User, since: int) -> Conflict | None:
    """The conflict in the answer that the posted form came from, with the choices that are still to be made."""
    try:
        theirs = ChangeSet(plan_of_revision(contract, since), form.base)
    except UnknownRevision:
        return None
    return Conflict(since, theirs, _who_saved(contract, theirs, since, form.revision, user), form.unanswered)


def _who_saved(contract: Contract, theirs: ChangeSet, since: int, version: int, user: User) -> str:
    if not theirs:
        return _("A milestone became current while you were editing")
    saved = contract.revisions.filter(number__gt=since, number__lte=version).select_related("by")
    people = {revision.by for revision in saved}
    if people == {user}:
        return _("You saved this plan in another window while you were editing")
    names = ", ".join(sorted(person.name for person in people if person != user))
    return _("%(names)s saved this plan while you were editing") % {"names": names}
