"""The open dispute of a contract, and its end with a division of the money (B44). The contract is locked.

Knows neither who agreed nor who decided: what is divided was settled before.
"""

from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, Dispute, EventKind, RefundRequest
from contracts.operations._contract import record
from contracts.operations._ending import end
from contracts.operations._held import close_milestone, pay_and_return
from contracts.refusals import ContractError, WrongState
from contracts.states import DisputeStatus, RefundStatus, SplitStatus
from escrow.models import Cause
from marketplace import clock
from marketplace.models import User


class DisputeOver(WrongState):
    """S7: a dispute ends once."""

    text = _("This dispute is over: it was settled, decided or withdrawn. Open the contract to see what came of it.")


class NotAtStake(ContractError):
    """B44: what is divided is what the dispute is about, no more and no less."""

    text = _("The talent gets between $0.00 and all that is in dispute. The rest goes back to the client.")


def dispute_of(contract: Contract, dispute_id: UUID) -> Dispute:
    """This dispute as it is under the lock, with what it is about."""
    return contract.disputes.select_related("refund_request", "milestone").get(pk=dispute_id)


def divide(
    contract: Contract, dispute: Dispute, to_talent: Decimal, *, status: DisputeStatus, by: User, reason: str = ""
) -> None:
    """Pay `to_talent` of what is at stake, give the rest back, and close the dispute with what it was about (I8)."""
    back = dispute.at_stake(contract.held) - to_talent
    if to_talent < 0 or back < 0:
        raise NotAtStake
    dispute.paid, dispute.returned, dispute.decision = to_talent, back, reason
    dispute.close(status, by, clock.now())
    close_offers(dispute, by)
    if dispute.refund_request:
        _end(contract, dispute, dispute.refund_request, to_talent, back)
    else:
        _go_on(contract, dispute, to_talent, back)


def close_offers(dispute: Dispute, by: User) -> None:
    """What was offered and not accepted is over with the dispute."""
    dispute.splits.filter(status=SplitStatus.OPEN).update(
        status=SplitStatus.OVER, closed_by=by, closed_at=dispute.closed_at
    )


def _end(contract: Contract, dispute: Dispute, request: RefundRequest, paid: Decimal, back: Decimal) -> None:
    """It was about what the client wants back at the end: the contract ends as it would have (B24)."""
    status = RefundStatus.DECIDED if dispute.is_decided else RefundStatus.APPROVED
    request.close(status, min(back, request.amount), clock.now())
    end(
        contract, _kind(dispute), dispute.closed_by, paid=paid, back=back, key=f"split:{dispute.pk}", divides=True,
        note=dispute.decision,
    )  # fmt: skip


def _go_on(contract: Contract, dispute: Dispute, paid: Decimal, back: Decimal) -> None:
    """It was about one milestone of a live contract: that has its ending, and the contract goes on.

    Of a milestone whose money a bank took back meanwhile, what is left of it is divided all the same.
    """
    current = contract.funded
    pay_and_return(
        contract,
        key=f"split:{dispute.pk}",
        cause=Cause.SPLIT,
        pay=paid,
        back=back,
        milestone=current,
        by=dispute.closed_by,
    )
    if current:
        close_milestone(current, paid)
    record(
        contract, kind=_kind(dispute), by=dispute.closed_by, milestone=dispute.milestone, paid=paid, returned=back,
        note=dispute.decision,
    )  # fmt: skip


def _kind(dispute: Dispute) -> EventKind:
    return EventKind.DISPUTE_DECIDED if dispute.is_decided else EventKind.SPLIT_ACCEPTED
