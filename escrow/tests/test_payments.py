"""Payments from their row to their end: every outcome, once, whatever comes first and however often."""

import uuid
from decimal import Decimal

import pytest
from django.db import transaction

from escrow import ledger, purposes
from escrow.gateways.base import Confirmed, Declined, Unknown
from escrow.models import Direction, Kind, Payment, PaymentStatus
from escrow.operations import payments
from escrow.operations.methods import remove_method
from escrow.operations.refusals import AlreadyOpen, MethodNotUsable, PaymentKeyReused
from escrow.operations.starting import start_payment
from escrow.tests.paying import (
    CONFIRMS,
    DECLINES,
    FUNDING,
    HUNDRED,
    LATER,
    TIMES_OUT,
    TOLD,
    TWICE,
    UNREACHABLE,
    WORKS,
    begun,
    charged,
    credit,
    earned,
    held,
    journals,
    later,
    moved_there,
    payer,
    payout,
    sandbox,
)
from marketplace.models import PartyKind
from tests.factories import PartyFactory

ZERO = Decimal("0.00")
CREATED, ASKED, CONFIRMED, FAILED, REFUNDED = PaymentStatus
pytestmark = pytest.mark.usefixtures("books_hold")


# Charges


def test_a_charge_that_is_confirmed_is_held_and_its_purpose_is_told():
    payment = charged()
    assert (payment.status, payment.failure, payment.is_open) == (CONFIRMED, "", False)
    assert payment.created_at <= payment.asked_at <= payment.settled_at
    assert (held(payment), ledger.balance(Kind.OUTSIDE)) == (HUNDRED, -HUNDRED)
    assert journals(payment) == [f"charge:{payment.pk}"]
    assert TOLD.heard == [("confirmed", payment.subject)]
    assert moved_there("charge") == ["100.00"]


def test_a_charge_that_is_declined_leaves_nothing_but_the_reason():
    payment = charged(DECLINES)
    assert payment.status == FAILED
    assert payment.failure == "The bank declined this card. Use another payment method."
    assert journals(payment) == []
    assert held(payment) == ZERO
    assert TOLD.heard == [("failed", payment.subject)]
    assert moved_there("charge") == []


def test_after_a_declined_charge_the_same_subject_can_be_paid_another_way():
    first = charged(DECLINES)
    second = charged(subject=first.subject)
    assert second.status == CONFIRMED


def test_a_charge_that_its_payer_confirms():
    payment = charged(CONFIRMS)
    assert (payment.status, payment.awaits_payer) == (ASKED, True)
    assert held(payment) == ZERO
    sandbox().answer(payment.reference, agreed=True)
    payment = payments.confirm(payment.pk)
    assert (payment.status, payment.awaits_payer, held(payment)) == (CONFIRMED, False, HUNDRED)


def test_a_charge_that_its_payer_refuses():
    payment = charged(CONFIRMS)
    sandbox().answer(payment.reference, agreed=False)
    assert payments.confirm(payment.pk).status == FAILED


def test_looking_at_an_unconfirmed_charge_changes_nothing():
    payment = payments.confirm(charged(CONFIRMS).pk)
    assert (payment.status, payment.awaits_payer) == (ASKED, True)


def test_a_charge_that_its_payer_calls_off_cannot_be_confirmed_afterwards():
    payment = payments.call_off(charged(CONFIRMS).pk)
    assert payment.status == FAILED
    sandbox().answer(payment.reference, agreed=True)
    assert payments.confirm(payment.pk).status == FAILED
    assert moved_there("charge") == []


def test_calling_off_what_was_confirmed_meanwhile_finds_it_done():
    payment = charged(CONFIRMS)
    sandbox().answer(payment.reference, agreed=True)
    assert payments.call_off(payment.pk).status == CONFIRMED


def test_a_charge_that_nobody_confirms_is_given_up_after_an_hour():
    payment = charged(CONFIRMS)
    assert later(minutes=59) == 0
    assert later(minutes=61) == 1
    payment.refresh_from_db()
    assert (payment.status, payment.failure) == (FAILED, "The payment was not confirmed.")


def test_a_charge_that_is_under_way_is_settled_by_the_sweep():
    payment = charged(LATER)
    assert payment.status == ASKED
    assert later(minutes=2) == 0
    sandbox().answer(payment.reference, agreed=True)
    assert later(minutes=2) == 1
    assert held(payment) == HUNDRED


@pytest.mark.parametrize("number", [TIMES_OUT, UNREACHABLE])
def test_a_charge_whose_answer_was_lost_is_made_once_and_settled_by_the_sweep(number):
    payment = charged(number)
    assert (payment.status, payment.reference) == (ASKED, "")
    assert later(seconds=59) == 0
    assert later(minutes=2) == 1
    assert later(minutes=2) == 0
    assert moved_there("charge") == ["100.00"]
    assert journals(payment) == [f"charge:{payment.pk}"]


def test_a_gateway_that_answers_twice_is_booked_once():
    payment = charged(TWICE)
    for body, headers in sandbox().calls():
        assert payments.hear("sandbox", sandbox().read_notice(body, headers)).status == CONFIRMED
    assert journals(payment) == [f"charge:{payment.pk}"]
    assert TOLD.heard == [("confirmed", payment.subject)]


def test_a_payment_that_is_asked_for_twice_is_made_once():
    payment = begun(payer())
    assert [payments.ask(payment.pk).status for _each in range(3)] == [CONFIRMED] * 3
    assert moved_there("charge") == ["100.00"]
    assert journals(payment) == [f"charge:{payment.pk}"]


@pytest.mark.parametrize("outcome", [Confirmed("other"), Unknown("other"), Declined("No.", "other")])
def test_what_is_settled_stays_settled_whatever_comes_later(outcome):
    payment = charged()
    before = Payment.objects.values().get(pk=payment.pk)
    payments.settle(payment.pk, outcome)
    assert Payment.objects.values().get(pk=payment.pk) == before
    assert journals(payment) == [f"charge:{payment.pk}"]


def test_a_failed_charge_is_not_confirmed_later(caplog):
    payment = charged(DECLINES)
    payments.settle(payment.pk, Confirmed("ch_late"))
    assert (payment.status, journals(payment)) == (FAILED, [])
    assert "at the gateway" in caplog.text  # somebody has to look


def test_a_purpose_that_fails_leaves_the_payment_to_the_next_sweep(monkeypatch, caplog):
    payment = begun(payer())
    monkeypatch.setitem(purposes._REGISTERED, FUNDING.name, purposes.Purpose(FUNDING.name, "fund", lambda _each: []))
    with pytest.raises(ValueError, match="account for"):
        payments.ask(payment.pk)
    other = charged(TIMES_OUT)
    monkeypatch.undo()
    monkeypatch.setitem(purposes._REGISTERED, FUNDING.name, FUNDING)
    assert later(minutes=2) == 2
    assert (held(payment), held(other)) == (HUNDRED, HUNDRED)
    assert moved_there("charge") == ["100.00"] * 2


# A purpose that is gone


def test_a_charge_whose_purpose_is_gone_is_given_back_by_itself():
    payment = begun(payer())
    TOLD.gone.add(payment.subject)
    payment = payments.ask(payment.pk)
    refund = payment.refunded_by.get()
    assert (payment.status, refund.status) == (REFUNDED, CONFIRMED)
    assert journals(payment, refund) == [f"charge:{payment.pk}", f"refund:{refund.pk}"]
    assert (held(payment), credit(payment), ledger.balance(Kind.OUTSIDE)) == (ZERO, ZERO, ZERO)
    assert (moved_there("charge"), moved_there("refund")) == (["100.00"], ["100.00"])
    assert TOLD.heard == []


def test_a_charge_above_the_limit_of_one_transfer_is_given_back_whole():
    amount = Decimal("1000004.95")
    payment = begun(payer(), amount)
    TOLD.gone.add(payment.subject)
    assert payments.ask(payment.pk).status == REFUNDED
    assert (moved_there("refund"), credit(payment)) == (["1000004.95"], ZERO)


# Beginning


def test_i17_the_same_key_with_the_same_content_is_the_same_payment():
    method, content = payer(), {"key": uuid.uuid4(), "subject": uuid.uuid4(), "scope": uuid.uuid4()}
    first = begun(method, **content)
    assert begun(method, **content) == first
    payments.ask(first.pk)
    assert begun(method, **content).status == CONFIRMED
    with pytest.raises(PaymentKeyReused):
        begun(method, Decimal("99.00"), **content)
    assert Payment.objects.count() == 1


def test_one_payment_is_open_for_a_subject_at_a_time():
    method, subject = payer(), uuid.uuid4()
    begun(method, subject=subject)
    with pytest.raises(AlreadyOpen):
        begun(method, subject=subject)
    assert Payment.objects.count() == 1


def test_only_ones_own_card_that_was_not_removed_pays():
    method, other = payer(), payer()
    with pytest.raises(MethodNotUsable), transaction.atomic():
        start_payment(
            direction=Direction.CHARGE, purpose=FUNDING.name, subject=uuid.uuid4(), party=other.party,
            amount=HUNDRED, method=method,
        )  # fmt: skip
    remove_method(method=method)
    with pytest.raises(MethodNotUsable):
        begun(method)


def test_a_card_is_charged_and_a_bank_account_is_paid_out_to():
    talent = PartyFactory.create(kind=PartyKind.FREELANCER)
    earned(HUNDRED, talent)
    with pytest.raises(MethodNotUsable):
        payout(talent, WORKS)
    with pytest.raises(MethodNotUsable):
        begun(payout(talent).method)


def test_a_purpose_name_stands_for_one_purpose():
    assert purposes.register(FUNDING) is FUNDING
    with pytest.raises(ValueError, match="another purpose"):
        purposes.register(purposes.Purpose(FUNDING.name, "fund", lambda _each: []))
