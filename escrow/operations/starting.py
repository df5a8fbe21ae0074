"""Beginning a payment: the row that is there before any gateway is asked. Asks no gateway."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Sum
from django.db.transaction import TransactionManagementError

from escrow import gateways, ledger, purposes
from escrow.ledger import Move, Owned
from escrow.models import Direction, Kind, MethodKind, Payment, PaymentMethod, PaymentStatus
from escrow.operations.refusals import AlreadyOpen, MethodNotUsable, MoreThanCharged, NotEnough, PaymentKeyReused
from escrow.purposes import Gone
from marketplace import rows
from marketplace.models import Party
from marketplace.prepared import Given, Prepared

KNOWN = Prepared(lambda: Payment.objects.filter(pk=Given("key")))
KIND_FOR = {Direction.CHARGE: MethodKind.CARD, Direction.PAYOUT: MethodKind.BANK}


def start_payment(
    *,
    direction: Direction,
    purpose: str,
    subject: UUID,
    party: Party,
    amount: Decimal,
    method: PaymentMethod | None = None,
    refunds: Payment | None = None,
    scope: UUID | None = None,
    key: UUID | None = None,
) -> Payment:
    """Begin a payment in the caller's transaction; after its commit, the caller passes its id to `payments.ask`.

    `key` becomes the payment's id: the same key with the same content answers the payment of then. A refund names the
    charge that it `refunds`, the others a `method` of `party`. What a refund or payout takes is moved at once.
    Raises a PaymentError, and Stopped while no money moves.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A payment begins inside atomic().")
    content = {
        "direction": direction, "purpose": purpose, "subject": subject, "party_id": party.pk, "amount": amount,
        "method_id": method and method.pk, "refunds_id": refunds and refunds.pk, "scope": scope,
    }  # fmt: skip
    if key and (known := KNOWN.first(key=key)):
        return _same(known, content)
    ledger.refuse_if_stopped()
    if refunds:
        _check_left(refunds, amount)
    else:
        _check_usable(method, direction, party)
    name = refunds.gateway if refunds else method.gateway  # type: ignore[union-attr]
    payment = _create(Payment(id=key or uuid4(), gateway=name, **content), content)
    if direction != Direction.CHARGE:
        _take(payment)
    return payment


def start_refund(
    charge: Payment, amount: Decimal, *, subject: UUID | None = None, purpose: str = purposes.PAYBACK.name,
    key: UUID | None = None,
) -> Payment:  # fmt: skip
    """Begin giving `amount` of a confirmed charge back to where it came from, out of its party's credit.

    All tries of one refund have one `subject`; a new refund has a new one.
    """
    return start_payment(
        direction=Direction.REFUND, purpose=purpose, subject=subject or uuid4(), party=charge.party,
        amount=amount, refunds=charge, scope=charge.scope, key=key,
    )  # fmt: skip


def post_journal(payment: Payment, transfers: Sequence[Move] | Gone, *, cause: str) -> None:
    """Post the journal of a payment; ValueError when it does not move just the payment's amount in or out.

    The transfers name their accounts.
    """
    outside, side = Owned(Kind.OUTSIDE), 0 if payment.direction == Direction.CHARGE else 1
    if isinstance(transfers, Gone) or payment.amount != sum(move.amount for move in transfers if move[side] == outside):
        raise ValueError(f"The purpose {payment.purpose} does not account for {payment.amount}.")
    ledger.post(key=payment.journal_key, cause=cause, scope=payment.scope, transfers=transfers)


def left_of(charge: Payment) -> Decimal:
    """What was not given back of a charge, nor is on its way back."""
    given = charge.refunded_by.exclude(status__in=(PaymentStatus.FAILED, PaymentStatus.REFUNDED))
    return charge.amount - (given.aggregate(sum=Sum("amount"))["sum"] or Decimal(0))


def _same(known: Payment, content: dict) -> Payment:
    if any(getattr(known, field) != value for field, value in content.items()):
        raise PaymentKeyReused
    return known


def _check_left(charge: Payment, amount: Decimal) -> None:
    """Holds the charge's row, so that two refunds at once cannot both take what is left."""
    charge = Payment.objects.select_for_update(no_key=True).get(pk=charge.pk)
    if charge.status != PaymentStatus.CONFIRMED or charge.direction != Direction.CHARGE or amount > left_of(charge):
        raise MoreThanCharged


def _check_usable(method: PaymentMethod | None, direction: Direction, party: Party) -> None:
    """Holds the method's row, so that it cannot be removed in the same moment."""
    wanted = {"party": party.pk, "kind": KIND_FOR[direction].value, "gateway": gateways.chosen()}
    if not method or not _FITTING.select_for_update(no_key=True).first(key=method.pk, **wanted):
        raise MethodNotUsable


_FITTING = Prepared(
    lambda: PaymentMethod.objects.filter(
        pk=Given("key"), removed_at=None, party=Given("party"), kind=Given("kind"), gateway=Given("gateway")
    )
)


def _create(payment: Payment, content: dict) -> Payment:
    """Somebody else may have begun the same, or another one for the subject, since nobody had."""
    if rows.insert_if_free(payment):
        return payment
    if known := KNOWN.first(key=payment.pk):
        return _same(known, content)
    raise AlreadyOpen


def _take(payment: Payment) -> None:
    purpose = purposes.named(payment.purpose)
    try:
        post_journal(payment, purpose.transfers(payment), cause=purpose.cause)
    except ledger.Insufficient:
        raise NotEnough from None
