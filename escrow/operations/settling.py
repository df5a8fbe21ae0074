"""Recording how a payment ended: its journal, its state and its purpose's own steps, in one transaction, once.

Knows no gateway: the outcome comes from outside.
"""

import logging
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from escrow import ledger
from escrow.gateways.base import Confirmed, Declined, NeedsConfirmation, Outcome
from escrow.ledger import Owned
from escrow.models import Cause, Direction, Journal, Kind, Payment, PaymentStatus
from escrow.operations.bad_luck import repay
from escrow.operations.holding import hold
from escrow.operations.starting import left_of, post_journal, start_refund
from escrow.purposes import GONE, Purpose, whole
from escrow.returns import stranded
from marketplace import clock, rows
from marketplace.clock import Now
from marketplace.trouble import persistent

logger = logging.getLogger(__name__)


@persistent
@transaction.atomic(durable=True)
def record(payment: Payment, outcome: Outcome) -> tuple[Payment, Payment | None]:
    """Record an outcome; answers the payment and, when nobody needs its money, the refund that was begun for it.

    Any outcome may come any number of times and in any order: what is settled stays settled, but for money that a
    bank sends back, and for a charge that was confirmed after all.
    """
    payment, purpose = hold(payment)
    if not payment.is_open:
        return payment, _afterwards(payment, purpose, outcome)
    _note(payment, outcome)
    if isinstance(outcome, Confirmed):
        return payment, _confirm(payment, purpose)
    if isinstance(outcome, Declined):
        _fail(payment, purpose, outcome.reason)
    else:
        rows.update(payment, *NOTED)
    return payment, None


NOTED = ("reference", "awaits_payer", "confirm_url")


def _note(payment: Payment, outcome: Outcome) -> None:
    """Write down what every outcome tells."""
    if payment.status == PaymentStatus.CREATED:
        payment.move_to(PaymentStatus.ASKED)
        payment.asked_at = clock.now()
        payment.save()
    if payment.reference and outcome.reference and payment.reference != outcome.reference:
        logger.error("Payment %s is %s at the gateway and also %s.", payment.pk, payment.reference, outcome.reference)
    payment.reference = payment.reference or outcome.reference
    payment.awaits_payer = isinstance(outcome, NeedsConfirmation)
    payment.confirm_url = outcome.url if isinstance(outcome, NeedsConfirmation) else ""


def _end(payment: Payment, status: PaymentStatus, failure: str = "") -> None:
    payment.move_to(status)
    payment.failure = failure[:500]
    payment.settled_at = Now()
    rows.update(payment, "status", "failure", "settled_at", *NOTED)


def _confirm(payment: Payment, purpose: Purpose) -> Payment | None:
    gone = payment.direction == Direction.CHARGE and not _receive(payment, purpose)
    _end(payment, PaymentStatus.CONFIRMED)
    if gone:
        return start_refund(payment, payment.amount)
    if payment.refunds_id:
        _close_charge(payment.refunds_id)
    purpose.confirmed(payment)
    return None


def _receive(payment: Payment, purpose: Purpose) -> bool:
    """Post what a charge brought in; false when its purpose is gone and the money went to its party's credit."""
    transfers = purpose.transfers(payment)
    if transfers is not GONE:
        post_journal(payment, transfers, cause=purpose.cause)
        return True
    _take_as_credit(payment)
    return False


def _take_as_credit(payment: Payment) -> None:
    """A charge that pays for nothing is its party's credit, until it is paid back."""
    outside, credit = Owned(Kind.OUTSIDE), Owned(Kind.CREDIT, payment.party_id)
    post_journal(payment, whole(outside, credit, payment.amount), cause=Cause.DEPOSIT)


def _close_charge(charge_id: UUID) -> None:
    """A charge of which everything went back has gone back."""
    charge = Payment.objects.get(pk=charge_id)
    under_way = charge.refunded_by.filter(status__in=(PaymentStatus.CREATED, PaymentStatus.ASKED))
    if charge.status == PaymentStatus.CONFIRMED and left_of(charge) == 0 and not under_way.exists():
        charge.move_to(PaymentStatus.REFUNDED)
        charge.save()


def _fail(payment: Payment, purpose: Purpose, reason: str) -> None:
    _end(payment, PaymentStatus.FAILED, reason or _("The payment was declined."))
    _give_back(payment)
    purpose.failed(payment)


def _give_back(payment: Payment) -> None:
    """Put what a refund or payout took back to where it was; first of all it pays what the party owes."""
    if payment.direction == Direction.CHARGE:
        return
    key = f"returned:{payment.pk}"
    cause = Cause.PAYOUT_RETURNED if payment.direction == Direction.PAYOUT else Cause.REVERSAL
    ledger.reverse(Journal.objects.get(key=payment.journal_key).pk, key=key, cause=cause)
    if payment.refunds and payment.refunds.was_taken_back and payment.status == PaymentStatus.FAILED:
        _go_with_charge(payment, payment.refunds)
    repay(payment.party, key=f"settlement:{key}")
    for each in stranded(pk=payment.pk):
        if not each.next_try:
            logger.error("Refund %s is given up: its money stays credit of party %s.", payment.pk, payment.party_id)


def _go_with_charge(refund: Payment, charge: Payment) -> None:
    """The bank took a charge back while this refund of it was on its way, and then did not make it: it took all."""
    credit, outside = ledger.account(Kind.CREDIT, refund.party_id), ledger.account(Kind.OUTSIDE)
    ledger.post(
        key=f"chargeback:{refund.pk}", cause=Cause.CHARGEBACK, scope=charge.scope,
        transfers=whole(credit, outside, refund.amount), reverses=Journal.objects.get(key=charge.journal_key).pk,
    )  # fmt: skip


def _afterwards(payment: Payment, purpose: Purpose, outcome: Outcome) -> Payment | None:
    """Hear of a payment that is settled; answers the refund that was begun for it.

    Money that a bank sends back changes it, and so does a charge that was confirmed after all.
    """
    came_back = isinstance(outcome, Declined) and payment.status == PaymentStatus.CONFIRMED
    came_late = isinstance(outcome, Confirmed) and payment.status == PaymentStatus.FAILED
    is_charge, is_same = payment.direction == Direction.CHARGE, payment.reference in {"", outcome.reference}
    if came_late and is_charge and is_same:
        return _charged_after_all(payment, outcome.reference)
    if isinstance(outcome, Declined) and came_back and not is_charge:
        _came_back(payment, purpose, outcome.reason)
    elif came_back or came_late:
        logger.error("Payment %s is %s here, and %s at the gateway.", payment.pk, payment.status, outcome)
    return None


def _charged_after_all(payment: Payment, reference: str) -> Payment:
    """A charge that everybody took for failed was made: nothing waits for the money any more, so it goes back."""
    logger.warning("Payment %s failed here and was confirmed later; it is paid back.", payment.pk)
    _take_as_credit(payment)
    payment.reference = reference
    _end(payment, PaymentStatus.CONFIRMED)
    return start_refund(payment, payment.amount)


def _came_back(payment: Payment, purpose: Purpose, reason: str) -> None:
    """A bank sent a payout or a refund back. A charge that had gone back as a whole has not, then."""
    _end(payment, PaymentStatus.REFUNDED, reason)
    if payment.refunds and payment.refunds.status == PaymentStatus.REFUNDED and not payment.refunds.was_taken_back:
        payment.refunds.move_to(PaymentStatus.CONFIRMED)
        payment.refunds.save()
    _give_back(payment)
    purpose.failed(payment)
