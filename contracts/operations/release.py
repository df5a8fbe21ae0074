"""Releasing held money for a milestone, by the client or by the clock (B22, B23, B31)."""

from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, Earning, EventKind, Milestone
from contracts.operations._contract import is_due, lock, milestone_of, record, require_role, require_state
from contracts.operations._held import close_milestone, pay_and_return
from contracts.operations._money_back import supersede_if_gone
from contracts.operations.work import check_review, next_reminder
from contracts.policy import Action
from contracts.refusals import ContractError, WrongState
from contracts.states import FUNDED
from escrow.models import SMALLEST, Cause
from marketplace import clock
from marketplace.models import User
from marketplace.prepared import Given, Prepared


class NothingReleased(ContractError):
    """B22: a release pays something."""

    text = _("Release at least $0.01. To pay nothing, request changes or end the contract.")


class MoreThanHeld(ContractError):
    """B22: more than is held for the milestone is a bonus."""

    text = _("That is more than is held for this milestone. Release all of it, and pay the rest as a bonus.")


class ReleasedBefore(WrongState):
    """B22: any release completes the milestone."""

    text = _("This milestone was released already. Nothing more was paid for it.")


class NotFunded(WrongState):
    """Only held money can be released."""

    text = _("Nothing is held for this milestone, so nothing can be released.")


@transaction.atomic
def release(*, contract: Contract, by: User, milestone: Milestone, amount: Decimal) -> Earning:
    """The client releases an amount for the current milestone, which completes it; the rest stays held (B22).

    The same release again answers the first one.
    """
    contract = lock(contract.pk, by)
    require_role(contract, Action.RELEASE)
    milestone = milestone_of(contract, milestone)
    if known := getattr(milestone, "earning", None):
        if (known.by_id, known.gross) == (by.pk, amount):
            return known
        raise ReleasedBefore
    require_state(contract, Action.RELEASE)
    if milestone.status not in FUNDED:
        raise NotFunded
    if amount < SMALLEST:
        raise NothingReleased
    if amount > milestone.amount:
        raise MoreThanHeld
    if amount < milestone.amount:
        check_review(milestone)
    return _release(contract, milestone, amount, by)


_WAITING = Prepared(lambda: Milestone.objects.filter(pk=Given("key")))


@transaction.atomic
def release_overdue(milestone_id: UUID) -> bool:
    """Nobody reviewed in time: all that is held for the milestone is released (B31). False when it is not due."""
    found = _WAITING.get(key=milestone_id)
    contract = lock(found.contract_id, None)
    milestone = milestone_of(contract, found)
    if not is_due(milestone.review_by, contract.now) or not contract.is_active or contract.is_disputed:
        return False
    _release(contract, milestone, milestone.amount, None)
    return True


@transaction.atomic
def remind(milestone_id: UUID) -> bool:
    """Remind the client of a review that is due soon (B32). False when there is nothing to remind of."""
    contract = lock(Milestone.objects.get(pk=milestone_id).contract_id, None)
    milestone, now = contract.milestones.get(pk=milestone_id), clock.now()
    if not is_due(milestone.remind_at, now) or milestone.review_by is None or milestone.review_by <= now:
        return False
    milestone.remind_at = next_reminder(milestone.review_by, now)
    milestone.save(update_fields=["remind_at"])
    record(contract, kind=EventKind.REVIEW_REMINDER, by=None, milestone=milestone)
    return True


def _release(contract: Contract, milestone: Milestone, amount: Decimal, by: User | None) -> Earning:
    earning = pay_and_return(
        contract, key=f"release:{milestone.pk}", cause=Cause.RELEASE, pay=amount, milestone=milestone, by=by
    )
    assert earning  # noqa: S101, an amount above 0 always earns
    close_milestone(milestone, amount)
    record(contract, kind=EventKind.RELEASED, by=by, milestone=milestone, paid=amount)
    supersede_if_gone(contract, by)
    return earning
