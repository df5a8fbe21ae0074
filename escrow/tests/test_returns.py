"""Refunds that did not arrive: tried again after a pause that grows, once each, and left to people in the end."""

import logging
import uuid
from datetime import timedelta
from decimal import Decimal
from functools import partial

from django.db import transaction

from escrow import ledger
from escrow.gateways import gateway
from escrow.gateways.base import Declined
from escrow.models import Direction, Kind, Payment, PaymentStatus
from escrow.operations import payments
from escrow.operations.bad_luck import chargeback, owed
from escrow.operations.starting import start_refund
from escrow.returns import stranded
from escrow.tests.paying import HUNDRED, LATER, TOLD, begun, charged, credit, journals, moved_there, payer, sandbox
from escrow.tests.test_bad_luck import at_once
from marketplace import clock
from tests import books

ZERO = Decimal("0.00")
CREATED, ASKED, CONFIRMED, FAILED, REFUNDED = PaymentStatus


def going_back(charge: Payment, amount: Decimal = HUNDRED) -> Payment:
    """A refund that was begun and committed; nobody was asked yet."""
    with transaction.atomic():
        escrow, own = ledger.account(Kind.ESCROW, scope=charge.scope), ledger.account(Kind.CREDIT, charge.party_id)
        ledger.post(key=f"test:{uuid.uuid4()}", cause="refund", transfers=[ledger.Move(escrow, own, amount)])
        return start_refund(charge, amount)


def declined(charge: Payment, amount: Decimal = HUNDRED) -> Payment:
    """A refund that the bank declined."""
    return payments.settle(going_back(charge, amount).pk, Declined("The account was closed."))


def called() -> None:
    """The sandbox's calls arrive."""
    for body, headers in sandbox().calls():
        if notice := gateway("sandbox").read_notice(body, headers):
            payments.hear("sandbox", notice)


def sent_back(refund: Payment) -> None:
    """The bank sends a refund back that had arrived."""
    sandbox().send_back(refund.reference)
    called()


def swept_after(**time) -> int:
    clock.advance(timedelta(**time))
    return payments.sweep_payments()


def tries(charge: Payment) -> list[str]:
    return list(charge.refunded_by.order_by("created_at").values_list("status", flat=True))


def test_a_refund_that_was_declined_is_tried_again_after_a_day_and_paid_back_once(books_hold):
    charge = charged()
    declined(charge)
    assert (swept_after(hours=23), credit(charge)) == (0, HUNDRED)
    assert (swept_after(hours=2), credit(charge)) == (1, ZERO)
    charge.refresh_from_db()
    assert (charge.status, tries(charge), moved_there("refund")) == (REFUNDED, [FAILED, CONFIRMED], ["100.00"])
    assert swept_after(days=30) == 0


def test_a_refund_that_the_bank_sent_back_is_tried_again(books_hold):
    charge = charged()
    refund = payments.ask(going_back(charge).pk)
    clock.advance(timedelta(days=5))
    sent_back(refund)
    charge.refresh_from_db()
    refund.refresh_from_db()
    assert (charge.status, refund.status, credit(charge)) == (CONFIRMED, REFUNDED, HUNDRED)
    assert refund.settled_at > clock.now() - timedelta(minutes=1)
    assert swept_after(hours=23) == 0
    assert swept_after(hours=2) == 1
    charge.refresh_from_db()
    assert (charge.status, credit(charge), tries(charge)) == (REFUNDED, ZERO, [REFUNDED, CONFIRMED])
    assert moved_there("refund") == ["100.00"]


def test_a_charge_that_its_bank_took_back_stays_so_when_a_refund_comes_back(books_hold, caplog):
    charge = charged()
    refund = payments.ask(going_back(charge, Decimal("40.00")).pk)
    chargeback(charge.pk)
    sent_back(refund)
    charge.refresh_from_db()
    assert (charge.status, credit(charge)) == (REFUNDED, Decimal("40.00"))
    assert [each.next_try for each in stranded(party=charge.party)] == [None]
    assert "is given up" in caplog.text
    assert swept_after(days=30) == 0


def test_a_refund_that_was_declined_after_its_charge_was_taken_back_is_not_paid_through_another(books_hold):
    scope = uuid.uuid4()
    charge = charged(scope=scope)
    payments.ask(begun(charge.method, scope=scope).pk)  # a second one, through which money could go back
    refund = going_back(charge, Decimal("40.00"))
    chargeback(charge.pk)
    payments.settle(refund.pk, Declined("The charge was disputed."))
    assert (credit(charge), journals(refund)[-1]) == (ZERO, f"chargeback:{refund.pk}")
    assert swept_after(days=30) == 0
    assert ledger.balance(Kind.ESCROW, scope=scope) == HUNDRED


def test_the_pauses_grow_and_after_five_tries_it_stays_credit_and_staff_read_of_it(books_hold, caplog):
    charge = charged()
    sandbox().send_back(charge.reference)  # from now on the sandbox declines every refund of it
    payments.ask(going_back(charge).pk)
    for days in (1, 3, 7, 14):
        assert not caplog.records
        assert swept_after(days=days, hours=-1) == 0
        assert swept_after(hours=1) == 1
    assert (tries(charge), credit(charge)) == ([FAILED] * 5, HUNDRED)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert swept_after(days=100) == 0
    assert len(journals(*charge.refunded_by.all())) == 10


def test_no_more_goes_back_than_lies_in_the_credit(books_hold):
    charge = charged()
    declined(charge)
    with transaction.atomic():
        own, outside = ledger.account(Kind.CREDIT, charge.party_id), ledger.account(Kind.OUTSIDE)
        ledger.post(key="test:spent", cause="payback", transfers=[ledger.Move(own, outside, Decimal("30.00"))])
    assert swept_after(days=2) == 1
    assert (moved_there("refund"), credit(charge)) == (["70.00"], ZERO)


def test_what_is_left_of_a_charge_bounds_the_next_try_and_another_of_the_scope_takes_it(books_hold):
    """The charge had gone back otherwise meanwhile: another one of the same scope has enough left."""
    charge = charged(amount=Decimal("60.00"))
    declined(charge, Decimal("50.00"))
    other = payments.ask(begun(charge.method, Decimal("90.00"), scope=charge.scope).pk)
    payments.ask(going_back(charge, Decimal("60.00")).pk)
    assert swept_after(days=2) == 1
    again = Payment.objects.filter(direction=Direction.REFUND).latest("created_at")
    assert (again.refunds, again.amount, credit(charge)) == (other, Decimal("50.00"), ZERO)


def test_a_refund_of_a_charge_without_a_scope_goes_back_through_that_charge_alone(books_hold):
    charged(scope=uuid.uuid4())
    subject = uuid.uuid4()
    TOLD.gone.add(subject)
    charge = charged(LATER, subject=subject, scope=None)
    stranger = payer()
    sandbox().answer(charge.reference, agreed=True)
    called()
    sent_back(charge.refunded_by.get())
    assert swept_after(days=2) == 1
    assert (tries(charge), ledger.balance(Kind.CREDIT, stranger.party_id)) == ([REFUNDED, CONFIRMED], ZERO)


def test_two_sweeps_at_once_begin_one_next_try(own_database, django_db_blocker):
    with django_db_blocker.unblock():
        charges = [charged() for _each in range(8)]
        for charge in charges:
            declined(charge)
        clock.advance(timedelta(days=1, minutes=1))
        at_once(*[payments.sweep_payments] * 2)
        assert [tries(charge) for charge in charges] == [[FAILED, CONFIRMED]] * 8
        books.books_hold()


# What is owed comes first


def test_a_refund_that_comes_back_pays_first_what_its_party_owes(books_hold):
    charge, other = charged(), payer()
    refund = payments.ask(going_back(charge).pk)
    lost = payments.ask(begun(charge.method, Decimal("70.00")).pk)
    with transaction.atomic():
        escrow, theirs = ledger.account(Kind.ESCROW, scope=lost.scope), ledger.account(Kind.PENDING, other.party_id)
        ledger.post(key="test:earned", cause="release", transfers=[ledger.Move(escrow, theirs, Decimal("70.00"))])
    chargeback(lost.pk)
    assert owed(charge.party) == Decimal("70.00")
    sent_back(refund)
    assert (owed(charge.party), credit(charge)) == (ZERO, Decimal("30.00"))
    assert swept_after(days=2) == 1
    assert (moved_there("refund"), credit(charge)) == (["30.00"], ZERO)


# A charge that was confirmed after all


def test_a_charge_confirmed_after_it_failed_here_is_booked_and_paid_back_once(books_hold):
    charge = charged(LATER)
    assert payments.settle(charge.pk, Declined("Too late.", charge.reference)).status == FAILED
    sandbox().answer(charge.reference, agreed=True)
    for _each in range(2):
        called()
        charge = payments.settle(charge.pk, gateway("sandbox").confirm(charge.reference))
    assert (charge.status, charge.failure, credit(charge)) == (REFUNDED, "", ZERO)
    assert TOLD.heard == [("failed", charge.subject)]
    assert journals(charge, charge.refunded_by.get()) == [
        f"charge:{charge.pk}", f"refund:{charge.refunded_by.get().pk}"
    ]  # fmt: skip
    assert (moved_there("charge"), moved_there("refund")) == (["100.00"], ["100.00"])


def test_a_charge_confirmed_after_it_failed_here_is_booked_once_by_two_at_once(own_database, django_db_blocker):
    with django_db_blocker.unblock():
        charge = charged(LATER)
        payments.settle(charge.pk, Declined("Too late."))
        sandbox().answer(charge.reference, agreed=True)
        said = gateway("sandbox").confirm(charge.reference)
        at_once(*[partial(payments.settle, charge.pk, said)] * 3)
        assert (tries(charge), moved_there("refund")) == ([CONFIRMED], ["100.00"])
        books.books_hold()


def test_a_charge_that_the_gateway_calls_otherwise_is_not_booked(books_hold, caplog):
    charge, stranger = charged(LATER), charged()
    charge = payments.settle(charge.pk, Declined("Too late.", charge.reference))
    payments.settle(charge.pk, gateway("sandbox").confirm(stranger.reference))
    charge.refresh_from_db()
    assert (charge.status, journals(charge)) == (FAILED, [])
    assert "at the gateway" in caplog.text
