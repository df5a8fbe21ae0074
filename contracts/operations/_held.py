"""Moving held money: to the talent, back to the client, each cent once. Knows no policy; the contract is locked.

One journal for one operation. Lock order: contract, milestones, the charges that give money back, the talent's
invoice series, accounts.
"""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from uuid import uuid4

from django.db import transaction

from contracts.models import Contract, Earning, EarningKind, Milestone
from contracts.operations._invoices import issue, lock_series
from contracts.states import MilestoneStatus
from escrow import fees, ledger
from escrow.fees import Shares
from escrow.ledger import Move, Owned, held_for
from escrow.models import Cause, Direction, Kind, Payment, PaymentStatus
from escrow.operations import payments
from escrow.operations.bad_luck import repay
from escrow.operations.starting import left_of, start_refund
from escrow.purposes import whole
from marketplace import rows
from marketplace.clock import Now
from marketplace.models import User

ZERO = Decimal("0.00")


def pay_and_return(
    contract: Contract,
    *,
    key: str,
    cause: Cause,
    pay: Decimal = ZERO,
    back: Decimal = ZERO,
    with_fee: bool = False,
    milestone: Milestone | None = None,
    by: User | None = None,
) -> Earning | None:
    """Pay `pay` of the held money to the talent and give `back` to the client, in one journal under `key`.

    The initiation fee goes to Cairn with the first release, or back `with_fee` when there never was one (B21). What
    is paid is earned for `milestone`, when it names one. What goes back pays first what the client owes. Nothing to
    move posts nothing.
    """
    fee_back = contract.fee_held if with_fee and not pay else ZERO
    charges = charges_of(contract) if back + fee_back else []
    if pay:
        lock_series(contract.talent_id)
    shares = fees.share(pay, contract.service_fee)
    moves = [*_payments(contract, shares), *_returns(contract, back, fee_back)]
    if not moves:
        return None
    posted = ledger.post(key=key, cause=cause, scope=contract.pk, transfers=moves)
    if back + fee_back:
        owed = repay(contract.client, key=f"settlement:{key}")
        _refund(charges, max(ZERO, back + fee_back - owed))
    contract.held -= pay + back
    contract.fee_held = ZERO if pay or fee_back else contract.fee_held
    kind = EarningKind.RELEASE if milestone else EarningKind.SETTLEMENT
    return earn(contract, shares, kind=kind, journal=posted.journal_id, by=by, milestone=milestone) if pay else None


def earn(
    contract: Contract, shares: Shares, *, kind: EarningKind, journal: int, by: User | None,
    milestone: Milestone | None = None, note: str = "",
) -> Earning:  # fmt: skip
    """Write down what the talent just earned, in its security hold (B23); first of all it pays what the talent owes.

    The contract was loaded under its lock, and the talent's invoice series is locked.
    """
    now = contract.now
    earning = Earning(
        id=milestone.pk if milestone else uuid4(), contract=contract, milestone=milestone, kind=kind,
        gross=shares.gross, fee=shares.fee, net=shares.net, journal_id=journal, by=by, note=note, at=now,
        matures_at=now + timedelta(days=contract.hold_days),
    )  # fmt: skip
    rows.insert(earning)
    issue(earning)
    repay(contract.talent, key=f"settlement:{earning.pk}")
    return earning


def close_milestone(milestone: Milestone, paid: Decimal = ZERO) -> None:
    """The one ending of a milestone that had money: paid, or refunded when nothing of it was (I8)."""
    milestone.move_to(MilestoneStatus.PAID if paid else MilestoneStatus.REFUNDED)
    milestone.paid, milestone.closed_at = paid or None, Now()
    milestone.review_by = milestone.remind_at = None
    rows.update(milestone, "status", "paid", "closed_at", "review_by", "remind_at")


def stop_clock(milestone: Milestone) -> None:
    """No more waiting for a review: changes were requested, or the money is being settled otherwise. Saves it."""
    milestone.review_by = milestone.remind_at = None
    milestone.save(update_fields=["status", "review_by", "remind_at"])


def _payments(contract: Contract, shares: Shares) -> list[Move]:
    if not shares.gross:
        return []
    held, fee = held_for(contract.pk)
    pending, earned = Owned(Kind.PENDING, contract.talent_id), Owned(Kind.FEES)
    captured = whole(fee, earned, contract.fee_held)
    return [*whole(held, pending, shares.net), *whole(held, earned, shares.fee), *captured]


def _returns(contract: Contract, back: Decimal, fee_back: Decimal) -> list[Move]:
    if not back + fee_back:
        return []
    held, fee = held_for(contract.pk)
    credit = Owned(Kind.CREDIT, contract.client_id)
    return [*whole(held, credit, back), *whole(fee, credit, fee_back)]


def charges_of(contract: Contract) -> list[Payment]:
    """The charges that brought the money in, the newest first, locked in one order before any account is."""
    charges = Payment.objects.filter(scope=contract.pk, direction=Direction.CHARGE, status=PaymentStatus.CONFIRMED)
    return sorted(charges.order_by("pk").select_for_update(no_key=True), key=lambda charge: charge.created_at)[::-1]


def _refund(charges: list[Payment], amount: Decimal) -> None:
    """Send `amount` of the client's credit back to where it came from; the gateway is asked after the commit."""
    for charge in charges:
        if part := min(amount, left_of(charge)):
            refund = start_refund(charge, part, subject=uuid4())
            transaction.on_commit(partial(payments.ask, refund.pk), robust=True)
            amount -= part
