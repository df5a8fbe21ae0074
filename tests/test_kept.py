"""Triggers and locks of the database of which another one would hide that they are gone: each alone, as the owner."""

import pytest
from django.db import DatabaseError, connections, transaction

from contracts.tests.dealing import Deal, agreed
from contracts.tests.staffing import journal_of
from escrow.models import Account
from proof.guards_of_tables import owner
from tests.books import books_hold

REFUSED, KEPT, MATCHES, WAITED = "CL002", "P0001", "CC001", "55P03"
ANOTHER_PAID = """
INSERT INTO contracts_milestone SELECT (jsonb_populate_record(m, '{"id": "00000000-0000-0000-0000-000000000009",
    "position": 9}')).* FROM contracts_milestone AS m WHERE status = 'paid'
"""
A_RELEASE = "SELECT escrow_post('release:more', 'release', %s, ARRAY[%s], ARRAY[%s], ARRAY[5.00], NULL)"
PAST_THE_DOOR = """
WITH written AS (
    INSERT INTO escrow_journal (key, cause, scope, reverses_id) VALUES ('reversal:one', 'reversal', %s, %s) RETURNING id
) INSERT INTO escrow_transfer (journal_id, debit_id, credit_id, amount) SELECT id, %s, %s, 5.00 FROM written
"""
A_REVERSAL = "SELECT escrow_post('reversal:one', 'reversal', %s, ARRAY[%s], ARRAY[%s], ARRAY[5.00], %s)"


def said(statement: str, *values: object, before: str = "SELECT") -> tuple[str, str]:
    """How the owner is refused, now or at the commit: the code, and what the database tells of it."""
    try:
        with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
            cursor.execute(before)
            cursor.execute(statement, values or None)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True, "owner")
    except DatabaseError as refusal:
        diag = refusal.__cause__.diag
        return diag.sqlstate, f"{diag.message_primary} {diag.context}"
    return "nothing", ""


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("DELETE FROM escrow_payment WHERE false", REFUSED),
        ("DELETE FROM escrow_paymentmethod WHERE false", REFUSED),
        ("UPDATE contracts_disclosure SET what = what WHERE false", KEPT),
        ("DELETE FROM contracts_disclosure WHERE false", KEPT),
        ("UPDATE escrow_account SET balance = balance WHERE false", REFUSED),
    ],
)
def test_what_is_kept_is_kept_from_its_owner_too(statement, code):
    assert said(statement)[0] == code


@pytest.fixture
def deal(own_database) -> Deal:
    made = agreed("100.00", "150.00")
    made.release(1, "60.00")
    return made


def accounts(deal: Deal) -> tuple[int, int]:
    """Where the contract's money lies, and where its talent's does."""
    return Account.objects.get(kind="escrow", scope=deal.key).pk, Account.objects.get(
        kind="pending", party=deal.talent
    ).pk


def test_b26_an_account_never_becomes_anothers(deal):
    alone = "ALTER TABLE escrow_account DISABLE TRIGGER account_moves_with_transfers"
    change = "UPDATE escrow_account SET kind = 'credit' WHERE id = %s"
    assert said(change, accounts(deal)[1], before=alone)[0] == REFUSED


def test_i05_a_milestone_is_not_added_as_if_it_was_paid(deal):
    assert said(ANOTHER_PAID)[0] == MATCHES


def test_b44_the_ledger_itself_moves_nothing_that_is_disputed(deal):
    deal.fund(2)
    deal.submit(2)
    deal.dispute(deal.payer)
    code, words = said(A_RELEASE, deal.key, *accounts(deal))
    assert code == MATCHES
    assert "a dispute freezes the money" in words
    books_hold()


@pytest.mark.parametrize(
    ("held", "statement"),
    [
        ("escrow_checkrun", "SELECT escrow_checked(0, 0, 0, '[]')"),
        ("escrow_checkrun", "SELECT escrow_lift('All is well')"),
        ("escrow_seal", "SELECT escrow_seal()"),
    ],
)
def test_i16_checks_and_seals_come_one_after_the_other(own_database, held, statement):
    function = statement.split("(")[0].split()[1]
    hasty = f"ALTER FUNCTION {function} SET lock_timeout = '50ms'"
    with owner(own_database) as other:
        other.execute(hasty)
    with owner(own_database) as other:
        other.execute(f"LOCK TABLE {held} IN ROW EXCLUSIVE MODE")
        code, words = said(statement)
    assert code == WAITED
    assert "LOCK TABLE" in words


def test_b26_a_journal_holds_what_it_moves_and_what_it_takes_back_first(deal, own_database):
    (held, pending), journal = accounts(deal), journal_of(deal).pk
    hasty = "SET LOCAL lock_timeout = '50ms'"
    reversal = (A_REVERSAL, deal.key, pending, held, journal)
    with owner(own_database) as other:
        other.execute("SELECT FROM escrow_account WHERE id = %s FOR NO KEY UPDATE", [held])
        code, words = said(*reversal, before=hasty)
        assert (code, "escrow_shift" in words) == (WAITED, False)
    with owner(own_database) as other:
        other.execute("SELECT FROM escrow_journal WHERE id = %s FOR NO KEY UPDATE", [journal])
        code, words = said(*reversal, before=hasty)
        assert (code, "escrow_close" in words) == (WAITED, False)
        code, words = said(PAST_THE_DOOR, deal.key, journal, pending, held, before=hasty)
        assert (code, "escrow_close" in words) == (WAITED, True)
    books_hold()
