"""Posting, reversing and reading, as operations do it."""

import uuid
from decimal import Decimal

import pytest

from escrow import ledger
from escrow.ledger import Move
from escrow.models import Kind, Transfer

CENTS = Decimal("0.01")
HUNDRED = Decimal("100.00")


@pytest.fixture
def scope() -> uuid.UUID:
    return uuid.uuid4()


def fund(scope: uuid.UUID, amount: Decimal = HUNDRED, key: str = "fund:one") -> ledger.Posted:
    outside, escrow = ledger.account(Kind.OUTSIDE), ledger.account(Kind.ESCROW, scope=scope)
    return ledger.post(key=key, cause="fund", scope=scope, transfers=[Move(outside, escrow, amount)])


def test_b26_a_journal_moves_money_and_leaves_the_balances_that_it_made(db, scope):
    posted = fund(scope)
    moved = Transfer.objects.select_related("journal").get()
    assert posted == (moved.journal_id, True)
    assert (moved.journal.key, moved.journal.cause, moved.journal.scope) == ("fund:one", "fund", scope)
    assert (moved.amount, moved.debit_balance, moved.credit_balance) == (HUNDRED, None, HUNDRED)
    assert ledger.balance(Kind.ESCROW, scope=scope) == HUNDRED
    assert ledger.balance(Kind.OUTSIDE) == -HUNDRED
