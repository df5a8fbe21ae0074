"""How a contract ends, whichever way it came to that: its held money divided, what was ahead cancelled (B42, B43).

Knows no policy; the contract is locked, and what moves was decided.
"""

from datetime import timedelta
from decimal import Decimal

from contracts.models import Contract, EventKind
from contracts.operations._contract import record
from contracts.operations._held import ZERO, close_milestone, pay_and_return
from contracts.operations._requests import supersede
from contracts.states import ContractStatus, MilestoneStatus
from escrow.models import Cause
from marketplace import clock
from marketplace.models import User


def end(
    contract: Contract, kind: EventKind, by: User | None, *, paid: Decimal = ZERO, back: Decimal = ZERO,
    key: str = "", divides: bool = False, note: str = "",
) -> None:  # fmt: skip
    """Close the contract: move what is still held, cancel what was ahead, start the time for feedback (B42, B43).

    With `divides`, `paid` is still held and moves now; otherwise it only belongs to what is told.
    """
    back_with_fee = back + (ZERO if paid else contract.fee_held)
    current = contract.funded
    pay_and_return(
        contract, key=key or f"refund:end:{contract.pk}", cause=Cause.SPLIT if divides else Cause.REFUND,
        pay=paid if divides else ZERO, back=back, with_fee=True, milestone=current, by=by,
    )  # fmt: skip
    if current:
        close_milestone(current, paid if divides else ZERO)
    _cancel_what_is_ahead(contract)
    now = clock.now()
    contract.move_to(ContractStatus.ENDED)
    contract.ended_at, contract.feedback_by = now, now + timedelta(days=contract.feedback_days)
    contract.save(update_fields=["status", "ended_at", "feedback_by"])
    record(contract, kind=kind, by=by, paid=paid, returned=back_with_fee, note=note)
    supersede(contract, by)


def _cancel_what_is_ahead(contract: Contract) -> None:
    future = contract.milestones.filter(status=MilestoneStatus.FUTURE)
    future.update(status=MilestoneStatus.CANCELLED, closed_at=clock.now())
