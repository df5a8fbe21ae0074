"""Money on its way out: taken when it is begun, so that it is spent once, and put back when it does not arrive."""

import uuid
from decimal import Decimal

import pytest
from django.db import transaction

from escrow import ledger
from escrow.gateways.base import Declined
from escrow.models import Direction, Kind, Payment, PaymentStatus
from escrow.operations import payments
from escrow.operations.refusals import MoreThanCharged, NotEnough
from escrow.operations.starting import start_refund
from escrow.tests.paying import (
    BANK_DECLINES,
    BANK_TIMES_OUT,
    CONFIRMS,
    DECLINES,
    HUNDRED,
    charged,
    credit,
    earned,
    held,
    journals,
    later,
    moved_there,
    payout,
)
from marketplace.models import PartyKind
from tests.factories import PartyFactory

ZERO = Decimal("0.00")
CREATED, ASKED, CONFIRMED, FAILED, REFUNDED = PaymentStatus
pytestmark = pytest.mark.usefixtures("books_hold")


# Refunds


def pay_back(charge: Payment, amount: Decimal, **content) -> Payment:
    """What the charge brought in is its party's credit again; `amount` of it goes back to the card."""
    with transaction.atomic():
        escrow, own = ledger.account(Kind.ESCROW, scope=charge.scope), ledger.account(Kind.CREDIT, charge.party_id)
        ledger.post(key=f"test:{uuid.uuid4()}", cause="refund", transfers=[ledger.Move(escrow, own, amount)])
        return start_refund(charge, amount, **content)


def test_a_refund_takes_the_credit_when_it_is_begun_and_goes_back_to_the_card():
    charge = charged()
    refund = pay_back(charge, Decimal("40.00"))
    assert (refund.status, refund.gateway, credit(charge)) == (CREATED, "sandbox", ZERO)
    assert payments.ask(refund.pk).status == CONFIRMED
    charge.refresh_from_db()
    assert (charge.status, held(charge), moved_there("refund")) == (CONFIRMED, Decimal("60.00"), ["40.00"])


def test_a_charge_that_went_back_in_parts_has_gone_back():
    charge = charged()
    for part in ("40.00", "60.00"):
        payments.ask(pay_back(charge, Decimal(part)).pk)
    charge.refresh_from_db()
    assert (charge.status, moved_there("refund")) == (REFUNDED, ["40.00", "60.00"])


def test_more_than_was_charged_is_not_given_back():
    charge = charged()
    pay_back(charge, Decimal("60.00"))
    with pytest.raises(MoreThanCharged), transaction.atomic():
        start_refund(charge, Decimal("40.01"), subject=uuid.uuid4())
    assert credit(charge) == ZERO
    assert held(charge) == Decimal("40.00")


@pytest.mark.parametrize("number", [DECLINES, CONFIRMS])
def test_what_was_not_charged_is_not_given_back(number):
    charge = charged(number)
    with pytest.raises(MoreThanCharged), transaction.atomic():
        start_refund(charge, Decimal("1.00"))


def test_a_refund_without_credit_is_refused_and_leaves_no_row():
    charge = charged()
    with pytest.raises(NotEnough), transaction.atomic():
        start_refund(charge, HUNDRED)
    assert not Payment.objects.filter(direction=Direction.REFUND).exists()


def test_a_refund_that_the_bank_declines_is_credit_again():
    charge = charged()
    refund = pay_back(charge, HUNDRED)
    refund = payments.settle(refund.pk, Declined("The account was closed."))
    assert (refund.status, credit(charge)) == (FAILED, HUNDRED)
    assert journals(refund) == [f"refund:{refund.pk}", f"returned:{refund.pk}"]


# Payouts


def test_a_payout_takes_the_money_when_it_is_begun_so_that_it_is_spent_once():
    talent = PartyFactory.create(kind=PartyKind.FREELANCER)
    earned(Decimal("150.00"), talent)
    payment = payout(talent)
    assert ledger.balance(Kind.AVAILABLE, talent.pk) == Decimal("50.00")
    with pytest.raises(NotEnough):
        payout(talent, method=payment.method)
    assert Payment.objects.count() == 1
    assert payments.ask(payment.pk).status == CONFIRMED
    assert (moved_there("payout"), journals(payment)) == (["100.00"], [f"payout:{payment.pk}"])


def test_a_payout_that_is_declined_is_available_again():
    talent = PartyFactory.create(kind=PartyKind.FREELANCER)
    earned(HUNDRED, talent)
    payment = payments.ask(payout(talent, BANK_DECLINES).pk)
    assert (payment.status, payment.failure) == (FAILED, "The bank knows no such account.")
    assert ledger.balance(Kind.AVAILABLE, talent.pk) == HUNDRED
    assert journals(payment) == [f"payout:{payment.pk}", f"returned:{payment.pk}"]


def test_a_payout_whose_answer_was_lost_is_made_once():
    talent = PartyFactory.create(kind=PartyKind.FREELANCER)
    earned(HUNDRED, talent)
    payment = payments.ask(payout(talent, BANK_TIMES_OUT).pk)
    assert (payment.status, later(minutes=2), moved_there("payout")) == (ASKED, 1, ["100.00"])
