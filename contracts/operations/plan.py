"""Changing a milestone plan directly, as the client may (B4, B6 to B8). Change requests are elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from contracts.models import ChangeRequest, Contract, EventKind, Milestone, PlanRevision
from contracts.operations._contract import happened, lock, record, require
from contracts.operations._rows import write_plan
from contracts.plan import MAXIMUM_MILESTONES, ChangeSet, Line, Plan, Rebased, rebase
from contracts.policy import Action
from contracts.refusals import ContractError
from marketplace.models import User


class PlanTooLong(ContractError):
    """B3: a plan has at most 200 milestones."""

    text = _("A contract has at most 200 milestones. Delete some, or continue in a new contract with the same talent.")


class DueDatePassed(ContractError):
    """B2: a new due date lies ahead; one that has become past is fine."""

    text = _("A new due date cannot lie in the past.")


class AddedBefore(ContractError):
    """The form's key already names a milestone that reads differently: the same key never stands for two wishes."""

    text = _("A milestone was already added with this form. To add this one as well, save again.")


class UnknownRevision(ContractError):
    """The post names a revision that this contract does not have."""

    text = _("This page is out of date. Open Manage Milestones again.")


@dataclass(frozen=True)
class Merge:
    """Edits put on top of the plan as it is now (X2).

    `shown` is the plan of revision `base`, which the editor began with, `mine` what it came to there, `current` the
    plan as it is at `version`, of these `milestones`, and `rebased` what the edits come to on top of that.
    """

    base: int
    shown: Plan
    mine: Plan
    version: int
    milestones: Sequence[Milestone]
    current: Plan
    rebased: Rebased

    @property
    def lands_as_seen(self) -> bool:
        """Whether saving makes just what the editor showed: nobody saved meanwhile, or the wish is already true."""
        return not self.rebased.collisions and (self.current == self.shown or self._is_wish_true)

    @property
    def _is_wish_true(self) -> bool:
        """Two moves of one line can go well together without the line being where either of them put it."""
        moved = bool(ChangeSet(self.shown, self.mine).moved)
        return self.current == self.rebased.plan and not (moved and ChangeSet(self.current, self.mine).moved)


class PlanMoved(ContractError):
    """Somebody saved in the meantime, or an edited milestone became current; carries all that is needed to go on."""

    text = _("The plan changed while you were editing. Nothing of yours is lost: look through it, then save again.")

    def __init__(self, merge: Merge) -> None:
        super().__init__()
        self.merge = merge


@transaction.atomic
def save_plan(*, contract: Contract, by: User, base: int, mine: Plan, today: date) -> ChangeSet | None:
    """The client saves the plan as it edited it, everything at once or nothing; None when there was nothing to do.

    `base` is the number of the revision that the editor began with, `mine` the plan as it stood there at the end,
    and `today` the user's own date. Raises PlanMoved when it would not land on the plan that the user saw. What was
    saved from there before is done, whatever became of it since (I17).
    """
    contract = lock(contract.pk, by)
    require(contract, Action.EDIT_PLAN)
    saved = {"revision__number": base + 1, "revision__lines": mine.to_json()}
    if base < contract.plan_version and happened(contract, EventKind.PLAN_SAVED, by, **saved):
        return None
    merge = merge_with_current(contract, base=base, mine=mine)
    if not merge.lands_as_seen:
        raise PlanMoved(merge)
    changes = ChangeSet(merge.current, merge.rebased.plan)
    return apply(contract, changes, by=by, kind=EventKind.PLAN_SAVED, today=today)


@transaction.atomic
def add_milestone(*, contract: Contract, by: User, line: Line, today: date) -> ChangeSet | None:
    """The client adds one milestone at the end of the plan; None when this very one was added before.

    Whatever became of it since: it may be edited, or deleted. Raises AddedBefore when its key was used for another one.
    """
    contract = lock(contract.pk, by)
    require(contract, Action.EDIT_PLAN)
    current = contract.plan()
    if known := _first_version(contract, line.key):
        if known != line:
            raise AddedBefore
        return None
    changes = ChangeSet(current, Plan((*current.lines, line)))
    return apply(contract, changes, by=by, kind=EventKind.MILESTONE_ADDED, today=today)


def merge_with_current(contract: Contract, *, base: int, mine: Plan) -> Merge:
    """What `mine`, edited from revision `base`, comes to on the plan as it is now. Writes nothing."""
    version, milestones = numbered_milestones(contract)
    current = Plan(tuple(milestone.line for milestone in milestones))
    shown = current if base == version else plan_of_revision(contract, base)
    rebased = rebase(shown, current, mine, pinned=pinned_keys(milestones))
    return Merge(base, shown, mine, version, milestones, current, rebased)


def numbered_milestones(contract: Contract) -> tuple[int, Sequence[Milestone]]:
    """The plan's number and its milestones, read together, so that a save in between cannot part them."""
    rows = Milestone.objects.filter(contract=contract.pk).order_by("position")
    milestones = list(rows.annotate(plan_version=F("contract__plan_version")))
    return (milestones[0].plan_version if milestones else contract.plan_version), milestones


def pinned_keys(milestones: Iterable[Milestone]) -> frozenset[UUID]:
    """The keys of those that can no longer be edited, deleted or moved (B4)."""
    return frozenset(milestone.pk for milestone in milestones if not milestone.is_future)


def plan_of_revision(contract: Contract, number: int) -> Plan:
    """The plan as revision `number` holds it (X1)."""
    try:
        return contract.revisions.get(number=number).plan
    except PlanRevision.DoesNotExist:
        raise UnknownRevision from None


def _first_version(contract: Contract, key: UUID) -> Line | None:
    """The milestone as it came into the plan, though it may be gone; None for one that was never in it."""
    held = contract.revisions.filter(lines__contains=[{"key": str(key)}]).order_by("number").first()
    return held.plan.get(key) if held else None


def check(changes: ChangeSet, today: date) -> None:
    """Refuse what no plan may hold (B2, B3); amounts and words are CHECKs of the database as well."""
    if len(changes.after) > MAXIMUM_MILESTONES and len(changes.after) > len(changes.before):
        raise PlanTooLong
    for row in changes.changed:
        old = row.before.due_date if row.before else None
        if row.after and row.after.due_date and row.after.due_date != old and row.after.due_date < today:
            raise DueDatePassed


def apply(
    contract: Contract, changes: ChangeSet, *, by: User, kind: EventKind, today: date,
    request: ChangeRequest | None = None,
) -> ChangeSet | None:  # fmt: skip
    """Make the change on the locked contract: rows, one revision, one event; None when there is nothing to do."""
    if not changes:
        return None
    check(changes, today)
    write_plan(contract, changes)
    contract.plan_version += 1
    revision = PlanRevision.objects.create(
        contract=contract, number=contract.plan_version, lines=changes.after.to_json(), by=by
    )
    record(contract, kind=kind, by=by, revision=revision, request=request)
    return changes
