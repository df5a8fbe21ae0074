"""Opening a dispute, which freezes the held money; withdrawing it; and deciding it, which is for staff (B44)."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, Dispute, EventKind, RefundRequest
from contracts.operations import _money_back
from contracts.operations._contract import is_due, lock, record, require_role, require_state
from contracts.operations._dispute import DisputeOver, close_offers, dispute_of, divide
from contracts.operations._held import stop_clock
from contracts.operations.work import check_review, start_review
from contracts.policy import Action, decides_disputes, role_of
from contracts.refusals import NotAllowed, ReasonMissing, WrongState
from contracts.states import REFUND_OPEN, DisputeStatus, MilestoneStatus, RefundStatus
from marketplace import clock
from marketplace.models import Membership, User


class NoDisputeYet(WrongState):
    """B44: when a dispute can be opened."""

    text = _(
        "A dispute can be opened in answer to a refund request or a counter; before that, by the client once work was "
        "submitted, and by the talent once changes were requested twice for one milestone."
    )


class WithdrawnBefore(WrongState):
    """B44: what was withdrawn is not disputed again by the same side, or it could put off every deadline for ever."""

    text = _("Your side withdrew a dispute about this already. Answer the refund request in another way.")


class NotTheirs(NotAllowed):
    """B44: who opened a dispute withdraws it."""

    text = _("The other side opened this dispute, so only they can withdraw it. You can offer a split.")


class NotDecider(NotAllowed):
    """Roles: disputes are decided by finance staff, and nobody decides about their own money."""

    text = _("Disputes are decided by finance staff who belong to neither side of the contract.")


@transaction.atomic
def open_dispute(*, contract: Contract, by: User, reason: str) -> Dispute:
    """One side disputes: the held money is frozen until staff decide or both agree (B44)."""
    contract = lock(contract.pk, by)
    require_role(contract, Action.OPEN_DISPUTE)
    if mine := contract.disputes.filter(closed_at=None, by=by, reason=reason).first():
        return mine
    require_state(contract, Action.OPEN_DISPUTE)
    request = check_dispute(contract)
    if not reason:
        raise ReasonMissing
    if request:
        request.move_to(RefundStatus.DISPUTED)
        request.answer_by = None
        request.save(update_fields=["status", "answer_by"])
    current = contract.funded
    if current:
        stop_clock(current)
    _money_back.supersede(contract, by)
    dispute = Dispute.objects.create(
        contract=contract, refund_request=request, milestone=None if request else current,
        from_client=role_of(contract).is_client_side, reason=reason, by=by,
    )  # fmt: skip
    record(contract, kind=EventKind.DISPUTE_OPENED, by=by, milestone=current, note=reason)
    return dispute


@transaction.atomic
def withdraw_dispute(*, contract: Contract, by: User, dispute: Dispute) -> Dispute:
    """The side that opened it withdraws it: what it interrupted goes on, with all of its time again (B44).

    A refund request waits for the answer that it waited for; submitted work for its review.
    """
    contract = lock(contract.pk, by)
    require_role(contract, Action.WITHDRAW_DISPUTE)
    dispute = dispute_of(contract, dispute.pk)
    if role_of(contract).is_client_side != dispute.from_client:
        raise NotTheirs
    if dispute.is_withdrawn:
        return dispute
    require_state(contract, Action.WITHDRAW_DISPUTE)
    if not dispute.is_open:
        raise DisputeOver
    dispute.close(DisputeStatus.WITHDRAWN, by, clock.now())
    close_offers(dispute, by)
    _resume(contract, dispute)
    record(contract, kind=EventKind.DISPUTE_WITHDRAWN, by=by, milestone=dispute.milestone)
    return dispute


@transaction.atomic
def decide_dispute(*, dispute: Dispute, to_talent: Decimal, by: User, reason: str) -> Dispute:
    """Staff decide (B44): `to_talent` of what is at stake is paid, the rest goes back, and both sides read why.

    An ending contract ends by it, a live one goes on. The same decision again answers the first one.
    """
    contract = lock(dispute.contract_id, None)
    by = User.objects.get(pk=by.pk)  # as they are now: one who was suspended meanwhile decides nothing
    if not decides_disputes(by) or Membership.objects.filter(user=by, party__in=_sides(contract)).exists():
        raise NotDecider
    dispute = dispute_of(contract, dispute.pk)
    if dispute.is_decided and (dispute.closed_by_id, dispute.paid, dispute.decision) == (by.pk, to_talent, reason):
        return dispute
    if not dispute.is_open:
        raise DisputeOver
    if not reason:
        raise ReasonMissing
    divide(contract, dispute, to_talent, status=DisputeStatus.DECIDED, by=by, reason=reason)
    return dispute


def check_dispute(contract: Contract) -> RefundRequest | None:
    """Refuse unless this side may open a dispute now (B44); answers the refund request that it would be about."""
    request = contract.refund_requests.filter(ends=True, status__in=REFUND_OPEN).first()
    if not _may_dispute(contract, request, clock.now()):
        raise NoDisputeYet
    is_client = role_of(contract).is_client_side
    if request and request.disputes.filter(from_client=is_client).exists():
        raise WithdrawnBefore
    return request


def _may_dispute(contract: Contract, request: RefundRequest | None, now: datetime) -> bool:
    """B44: when which side may open a dispute."""
    is_client = role_of(contract).is_client_side
    if request:
        return request.status == (RefundStatus.COUNTERED if is_client else RefundStatus.PENDING) and not is_due(
            request.answer_by, now
        )
    current = contract.funded
    if current is None:
        return False
    if is_client:
        check_review(current)
    return current.is_disputable(by_client=is_client)


def _resume(contract: Contract, dispute: Dispute) -> None:
    """The client disputes a counter and the talent a request: that is what waits again."""
    if request := dispute.refund_request:
        request.move_to(RefundStatus.COUNTERED if dispute.from_client else RefundStatus.PENDING)
        request.answer_by = clock.now() + timedelta(days=contract.refund_days)
        request.save(update_fields=["status", "answer_by"])
        return
    current = contract.funded
    if current and current.status == MilestoneStatus.SUBMITTED:
        start_review(current, contract.review_days)


def _sides(contract: Contract) -> tuple:
    return contract.client_id, contract.talent_id
