"""Asking the gateway, and hearing from it: each payment from its committed row to its end. Knows no purpose.

Everything here is called outside any transaction, and safe to be called again: the gateway acts once for a payment's
key, and what came of it is recorded once.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from escrow import ledger
from escrow.gateways import gateway
from escrow.gateways.base import Direction, GatewayUnavailable, News, Notice, Outcome
from escrow.models import Payment, PaymentStatus
from escrow.operations.bad_luck import chargeback
from escrow.operations.returning import begin_again
from escrow.operations.settling import record
from escrow.operations.starting import KNOWN
from marketplace import clock, rows
from marketplace.clock import Now
from marketplace.prepared import Given, Prepared
from marketplace.trouble import persistent

logger = logging.getLogger(__name__)
PATIENCE = timedelta(minutes=1)  # then the sweep looks after an open payment
CONFIRM_WITHIN = timedelta(hours=1)  # then a charge that its payer did not confirm is given up


def ask(payment_id: UUID) -> Payment:
    """Ask the gateway for a payment that was begun, and record its answer.

    A payment that somebody else asked for already is left to them, and while no money moves it waits for the sweep.
    Without an answer it stays asked: the sweep, or the gateway's own call, settles it.
    """
    payment, mine = _mark_asked(payment_id)
    if not mine:
        return payment
    try:
        outcome = _put(payment)
    except GatewayUnavailable:
        logger.warning("The gateway %s did not answer for payment %s.", payment.gateway, payment.pk)
        return payment
    return _settle(payment, outcome)


def settle(payment_id: UUID, outcome: Outcome) -> Payment:
    """Record an outcome; a charge whose purpose is gone is given back in the same breath."""
    return _settle(KNOWN.get(key=payment_id), outcome)


def _settle(payment: Payment, outcome: Outcome) -> Payment:
    payment, refund = record(payment, outcome)
    if refund:
        ask(refund.pk)
        payment.refresh_from_db()
    return payment


def confirm(payment_id: UUID) -> Payment:
    """The payer is back from confirming a charge: see what came of it. Raises GatewayUnavailable."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.is_open and payment.reference:
        return settle(payment_id, gateway(payment.gateway).confirm(payment.reference))
    return payment


def agree(payment_id: UUID) -> Payment:
    """The payer agrees to a charge on a page of ours. Raises GatewayUnavailable."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.is_open and payment.awaits_payer:
        return settle(payment_id, gateway(payment.gateway).agree(payment.reference))
    return payment


def call_off(payment_id: UUID) -> Payment:
    """The payer does not want to confirm a charge. Raises GatewayUnavailable.

    When it was confirmed already, it is done instead.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.is_open and payment.awaits_payer:
        return settle(payment_id, gateway(payment.gateway).cancel(payment.reference))
    return payment


def hear(name: str, notice: Notice) -> Payment | None:
    """Take up a gateway's call; None when it is about no payment of ours. Raises GatewayUnavailable.

    The call only says where to look: what became of the payment, the gateway is asked. So calls may come early,
    late, twice and in any order.
    """
    payment = _meant(name, notice)
    if not payment:
        logger.warning("The gateway %s called about %s, which is unknown here.", name, notice.reference)
        return None
    reference = payment.reference or notice.reference
    payment = settle(payment.pk, gateway(name).confirm(reference))
    return chargeback(payment.pk) if notice.news is News.CHARGEBACK else payment


def sweep_payments(now: datetime | None = None) -> int:
    """Look after every payment that has been open for longer than a minute; answers how many were settled.

    A refund that did not arrive is tried again once its pause is over. One that cannot be settled now does not hold
    up the others. While no money moves, all of them wait.
    """
    if ledger.is_stopped():
        return 0
    now = now or clock.now()
    due = Payment.objects.filter(
        Q(status=PaymentStatus.CREATED, created_at__lte=now - PATIENCE)
        | Q(status=PaymentStatus.ASKED, asked_at__lte=now - PATIENCE)
    )
    found = [*due.order_by("created_at"), *begin_again(now)]
    return sum(_look_after(payment, now) for payment in found)


def _look_after(payment: Payment, now: datetime) -> bool:
    try:
        return not _pursue(payment, now).is_open
    except GatewayUnavailable:
        logger.warning("The gateway %s did not answer for payment %s.", payment.gateway, payment.pk)
    except Exception:
        logger.exception("Payment %s could not be settled.", payment.pk)
    return False


def _pursue(payment: Payment, now: datetime) -> Payment:
    """Take an open payment one step further: begun, asked for, lost on the way, or waiting for its payer."""
    if payment.status == PaymentStatus.CREATED or payment.asked_at is None:
        return ask(payment.pk)
    there = gateway(payment.gateway)
    if payment.awaits_payer and payment.asked_at <= now - CONFIRM_WITHIN:
        return settle(payment.pk, there.cancel(payment.reference))
    if payment.reference:
        return settle(payment.pk, there.confirm(payment.reference))
    known = there.look_up(str(payment.pk), payment.direction, payment.asked_at)
    return settle(payment.pk, known or _put(payment))


# With what the gateway wants to know.
_ASKED_FOR = Prepared(lambda: Payment.objects.select_related("method", "refunds").filter(pk=Given("key")))


@persistent
@transaction.atomic(durable=True)
def _mark_asked(payment_id: UUID) -> tuple[Payment, bool]:
    """The payment, marked as asked for; and whether it was this call that marked it: not while money is stopped."""
    payment = _ASKED_FOR.select_for_update(no_key=True, of=("self",)).get(key=payment_id)
    if payment.status != PaymentStatus.CREATED or ledger.is_stopped():
        return payment, False
    payment.move_to(PaymentStatus.ASKED)
    payment.asked_at = Now()
    rows.update(payment, "status", "asked_at")
    return payment, True


def _put(payment: Payment) -> Outcome:
    """Ask the gateway, with the payment's key; asking again with it does nothing again."""
    there, key = gateway(payment.gateway), str(payment.pk)
    if payment.refunds:
        return there.refund(key, payment.refunds.reference, payment.amount)
    if not payment.method:
        raise ValueError(f"Payment {key} has no method.")
    act = there.charge if payment.direction == Direction.CHARGE else there.payout
    return act(key, payment.amount, payment.method.token)


def _meant(name: str, notice: Notice) -> Payment | None:
    """The payment that a call is about: by our key, or else by the gateway's reference."""
    ours = Payment.objects.filter(gateway=name)
    try:
        found = ours.filter(pk=UUID(notice.key)).first() if notice.key else None
    except ValueError:
        found = None
    if found and notice.reference and found.reference not in {"", notice.reference}:
        logger.error("Payment %s is %s at the gateway and also %s.", found.pk, found.reference, notice.reference)
        return None
    return found or (ours.filter(reference=notice.reference).first() if notice.reference else None)
