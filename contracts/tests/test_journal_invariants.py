"""Journals that no operation posted, through the ledger's own door: noticed, whichever shape they take (I11)."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from contracts.models import ActKind
from contracts.tests.dealing import D, Deal, agreed, another, charge_back
from contracts.tests.staffing import ask, finance, journal_of
from contracts.timers import sweep
from escrow import invariants, ledger
from escrow.ledger import Move, Owned
from escrow.models import Kind
from marketplace import clock
from tests.books import books_hold

pytestmark = pytest.mark.django_db
(JOURNALS,) = (each for each in invariants.registered(thorough=True) if each.name == "I11-journals")


def wrong() -> set[str]:
    """What is said of the journals that nothing explains."""
    found = invariants.ask(JOURNALS)
    return {row[found.columns.index("says")] for row in found.rows} if found else set()


@pytest.fixture
def deal() -> Deal:
    """A contract that went through a good deal: bonus, money back, hold, chargeback, reversal, a dispute."""
    deal = agreed("100.00", "150.00", "60.00")
    deal.release(1, "80.00")
    deal.bonus("9.99")
    deal.ask_back("15.00")
    deal.give_back("15.00")
    clock.advance(timedelta(days=6))
    sweep()
    deal.fund(2)
    charge_back(deal.charges[0])
    ask(ActKind.REVERSE, journal_of(deal), finance())
    other = another(deal, "70.00")
    other.submit(1)
    other.dispute(other.payer)
    other.decide("30.00", finance())
    books_hold()
    return deal


def forged(cause: str, debit: Owned, credit: Owned, scope: uuid.UUID | None = None) -> set[str]:
    """What is noticed of it. None of it stays."""
    with transaction.atomic():
        move = Move(*ledger.accounts(debit, credit), D("1.00"))
        ledger.post(key=f"{cause}:{uuid.uuid4()}", cause=cause, scope=scope, transfers=[move])
        found = wrong()
        transaction.set_rollback(True)
    return found


def test_i11_what_operations_post_is_explained_and_what_is_forged_is_not(deal):
    assert wrong() == set()
    outside, fees, talent = Owned(Kind.OUTSIDE), Owned(Kind.FEES), deal.talent.pk
    pending, available = Owned(Kind.PENDING, talent), Owned(Kind.AVAILABLE, talent)
    held, owed = Owned(Kind.ESCROW, scope=deal.key), Owned(Kind.RECEIVABLE, deal.client.pk)
    stranger = agreed("50.00")
    assert "is not listed" in forged("bonus", outside, available)
    assert "crosses the border for no payment" in forged("bonus", outside, pending, deal.key)
    assert "crosses the border for no payment" in forged("fund", outside, held, deal.key)
    assert "is not listed" in forged("reversal", fees, available)
    assert "matures nothing earned" in forged("maturing", Owned(Kind.PENDING, deal.talent.pk), available)
    assert "moves between strangers" in forged("settlement", available, owed)
    assert "moves between strangers" in forged("release", Owned(Kind.ESCROW, scope=stranger.key), pending, stranger.key)
    assert wrong() == set()
