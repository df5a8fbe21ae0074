"""Refusals of payments that something below would hide, each where it alone decides."""

import uuid
from functools import partial

import pytest
from django.db.models import QuerySet
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
from marketplace.prepared import Prepared
from tests.books import books_hold
from tests.racing import both_read_first


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


def test_i17_two_who_begin_one_payment_at_once_begin_it_once(own_database, monkeypatch):
    """Both have looked for it before either writes it, and nothing else keeps them apart."""
    for each in (QuerySet, Prepared):
        monkeypatch.setattr(each, "select_for_update", lambda rows, **options: rows)
    wish = partial(begun, payer(), key=uuid.uuid4(), subject=uuid.uuid4(), scope=uuid.uuid4())
    one, other = both_read_first(wish, wish)
    assert one == other == Payment.objects.get()
    books_hold()
