"""Opening a dispute, which freezes the held money (B44). Deciding it is for staff."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, Dispute, EventKind, RefundRequest
from contracts.operations import _money_back
from contracts.operations._contract import is_due, lock, record, require_role, require_state
from contracts.operations._held import stop_clock
from contracts.operations.release import check_review
from contracts.policy import Action, role_of
from contracts.refusals import ReasonMissing, WrongState
from contracts.states import REFUND_OPEN, RefundStatus
from marketplace import clock
from marketplace.models import User


class NoDisputeYet(WrongState):
    """B44: when a dispute can be opened."""

    text = _(
        "A dispute can be opened in answer to a refund request or a counter; before that, by the client once work was "
        "submitted, and by the talent once changes were requested twice for one milestone."
    )


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
    if contract.current:
        stop_clock(contract.current)
    _money_back.supersede(contract, by)
    dispute = Dispute.objects.create(contract=contract, refund_request=request, reason=reason, by=by)
    record(contract, kind=EventKind.DISPUTE_OPENED, by=by, milestone=contract.current, note=reason)
    return dispute


def check_dispute(contract: Contract) -> RefundRequest | None:
    """Refuse unless this side may open a dispute now (B44); answers the refund request that it would be about."""
    request = contract.refund_requests.filter(ends=True, status__in=REFUND_OPEN).first()
    if not _may_dispute(contract, request, clock.now()):
        raise NoDisputeYet
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
