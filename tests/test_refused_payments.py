"""Refusals of payments that something below would hide, each where it alone decides."""

import uuid

import pytest
from django.db.transaction import TransactionManagementError

from contracts.tests.dealing import agreed
from contracts.tests.staffing import journal_of
from escrow.models import Direction, Payment
from escrow.operations import payments
from escrow.operations.bad_luck import repay
from escrow.operations.methods import remove_method
from escrow.operations.payments import _put
from escrow.operations.starting import start_payment
from escrow.operations.taking_back import take_back
from escrow.tests.paying import FUNDING, HUNDRED, begun, payer
from tests.books import books_hold


def test_nothing_that_moves_money_begins_outside_a_transaction(own_database):
    deal = agreed("100.00", "150.00")
    journal = journal_of_release(deal)
    with pytest.raises(TransactionManagementError, match=r"inside atomic\(\)"):
        repay(deal.talent, key="repay:one")
    with pytest.raises(TransactionManagementError, match=r"inside atomic\(\)"):
        take_back(journal, key="reversal:one", party=deal.talent)
    with pytest.raises(TransactionManagementError, match="A payment begins"):
        start_payment(
            direction=Direction.CHARGE, purpose=FUNDING.name, subject=uuid.uuid4(), party=deal.client, amount=HUNDRED,
            method=deal.card,
        )  # fmt: skip
    books_hold()


def journal_of_release(deal) -> int:
    deal.release(1, "60.00")
    return journal_of(deal).pk


@pytest.mark.django_db
def test_i17_a_key_answers_its_payment_even_when_the_card_is_gone():
    card, key, content = payer(), uuid.uuid4(), {"subject": uuid.uuid4(), "scope": uuid.uuid4()}
    payment = begun(card, key=key, **content)
    payments.ask(payment.pk)
    remove_method(method=card)
    assert begun(card, key=key, **content) == payment


@pytest.mark.django_db
def test_a_charge_without_a_method_is_put_to_nobody():
    with pytest.raises(ValueError, match="has no method"):
        _put(Payment(direction=Direction.CHARGE, gateway="sandbox", amount=HUNDRED))
