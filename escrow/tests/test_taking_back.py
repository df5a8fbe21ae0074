"""What staff can undo of money: a payment out of a scope is taken back wherever it lies, a refund is begun again."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from escrow.gateways.base import Declined
from escrow.ledger import KeyReused
from escrow.models import Journal, Kind
from escrow.operations import payments
from escrow.operations.refusals import NothingToRefund
from escrow.operations.returning import refund_again
from escrow.operations.taking_back import take_back
from escrow.tests.paying import HUNDRED, charged, credit, earned, moved_there
from escrow.tests.posting import Deal, deal
from escrow.tests.test_returns import declined, swept_after, tries
from tests import books

D = Decimal


def released() -> Deal:
    """100.00 released with the initiation fee captured: 90.00 in hold, 14.95 the platform's."""
    made = deal()
    made.post("fund:one", ("outside", "escrow", "100.00"), ("outside", "initiation_fee", "4.95"))
    made.post(
        "release:one", ("escrow", "pending", "90.00"), ("escrow", "fees", "10.00"), ("initiation_fee", "fees", "4.95")
    )
    return made


def taken_back(made: Deal, key: str = "reversal:one", **other) -> None:
    with transaction.atomic():
        take_back(Journal.objects.get(key="release:one").pk, key=key, party=made.talent, **other)


@pytest.mark.django_db
def test_b26_what_is_still_in_hold_goes_back_with_its_fees():
    made = released()
    taken_back(made)
    assert made.balances() == {"outside": D("-104.95"), "escrow": D("100.00"), "initiation_fee": D("4.95")}
    books.books_hold()


@pytest.mark.django_db
def test_b21_a_captured_fee_stays_where_it_is_kept():
    made = released()
    taken_back(made, keep=(Kind.INITIATION_FEE,))
    assert made.balances() == {"outside": D("-104.95"), "escrow": D("100.00"), "fees": D("4.95")}
    books.books_hold()


@pytest.mark.django_db
def test_b26_what_was_withdrawn_is_owed_and_what_is_left_is_taken_first():
    made = released()
    made.post("maturing:one", ("pending", "available", "90.00"))
    made.post("withdrawal:one", ("available", "outside", "60.00"))
    taken_back(made)
    assert made.balances() == {
        "outside": D("-44.95"), "escrow": D("100.00"), "initiation_fee": D("4.95"), "receivable": D("-60.00")
    }  # fmt: skip
    books.books_hold()


@pytest.mark.django_db
def test_i12_taken_back_twice_moves_once_and_never_under_another_key():
    made = released()
    taken_back(made)
    earned(D("500.00"), made.talent)
    with pytest.raises(KeyReused):  # from elsewhere: other content
        taken_back(made)
    with transaction.atomic():
        taken_back(made, key="reversal:two")
        with pytest.raises(DatabaseError, match="gives back more than was taken"):
            books.as_at_commit()
        transaction.set_rollback(True)
    assert made.balances()["escrow"] == D("100.00")
    books.books_hold()


def test_a_refund_that_waits_for_its_next_try_goes_at_once_when_staff_say_so(books_hold):
    charge = charged()
    refund = declined(charge)
    with transaction.atomic():
        again = refund_again(refund.pk)
    assert payments.ask(again.pk).status == "confirmed"
    assert (credit(charge), tries(charge), moved_there("refund")) == (D("0.00"), ["failed", "confirmed"], ["100.00"])
    assert swept_after(days=30) == 0
    with pytest.raises(NothingToRefund), transaction.atomic():
        refund_again(refund.pk)


def test_a_refund_that_nothing_tries_any_more_is_tried_by_staff(books_hold):
    charge = charged()
    refund = declined(charge)
    for _each in range(4):
        with transaction.atomic():
            refund = refund_again(refund.pk)
        refund = payments.settle(refund.pk, Declined("Closed."))
    assert (swept_after(days=60), credit(charge)) == (0, HUNDRED)
    with transaction.atomic():
        last = refund_again(refund.pk)
    assert payments.ask(last.pk).status == "confirmed"
