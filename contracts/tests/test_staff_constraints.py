"""What the database holds of acts of staff, attacked in plain SQL: two people, whole facts, nothing rewritten."""

import pytest
from django.db import DatabaseError, connections, transaction

from contracts.models import ActKind, StaffAct
from contracts.operations.staff.reversal import reverse_release
from contracts.tests.dealing import D, agreed
from contracts.tests.staffing import ask, finance, journal_of
from escrow.invariants import broken
from tests.books import books_hold

FROZEN, DENIED = "CC002", "42501"


def attempt(statement: str, *values: object, using: str = "default") -> str:
    """How the database refuses it; nothing, when it does not."""
    try:
        with transaction.atomic(using), connections[using].cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError as refusal:
        said = refusal.__cause__.diag  # type: ignore[union-attr]
        return said.constraint_name or said.sqlstate
    return ""


def begun() -> StaffAct:
    """A reversal of 104.95 that waits for a second person."""
    deal = agreed("100.00", "150.00")
    deal.release(1, "100.00")
    return ask(ActKind.REVERSE, journal_of(deal), finance())


@pytest.fixture(autouse=True)
def two_people(settings) -> None:
    settings.SECOND_PERSON_ABOVE = D("50.00")


@pytest.fixture
def waiting(db) -> StaffAct:
    return begun()


UPDATE = "UPDATE contracts_staffact SET "


def test_who_asked_cannot_approve_and_facts_stay_together(waiting):
    me, other = waiting.requested_by_id, finance().pk
    done = "approved_by_id = %s, approved_at = now(), done_at = now(), posted_id = (SELECT min(id) FROM escrow_journal)"
    for change, values, refusal in (
        (done, (me,), "act_second_person_is_another"),
        ("approved_by_id = %s, approved_at = now()", (other,), "act_approved_whole"),
        ("done_at = now(), posted_id = (SELECT min(id) FROM escrow_journal)", (), "act_above_the_limit_takes_two"),
        ("approved_by_id = %s, approved_at = now(), done_at = now()", (other,), "act_posted_once_it_moved"),
        ("refused_by_id = %s, refused_at = now()", (other,), "act_refused_whole"),
        (f"{done}, refused_by_id = {me}, refused_at = now(), refusal = 'No.'", (other,), "act_refused_whole"),
    ):
        assert attempt(UPDATE + change, *values) == refusal
    waiting.refresh_from_db()
    assert waiting.waits


@pytest.mark.parametrize("using", ["default", "owner"])
def test_what_was_asked_for_is_rewritten_by_nobody(using, own_database):
    begun()
    refusal = DENIED if using == "default" else FROZEN
    for change in ("amount = 1.00", '"limit" = 1000000', "reason = 'Other'", "effect = '[]'", "journal_id = NULL"):
        assert attempt(UPDATE + change, using=using) == refusal
    assert attempt("DELETE FROM contracts_staffact", using=using) == refusal
    assert attempt("TRUNCATE contracts_staffact CASCADE", using=using) == refusal


def test_an_act_that_is_over_stays_as_it_is(waiting):
    assert attempt(UPDATE + "refused_by_id = %s, refused_at = now(), refusal = 'No.'", finance().pk) == ""
    for change in ("refusal = 'Yes.'", "refused_by_id = NULL, refused_at = NULL, refusal = ''"):
        assert attempt(UPDATE + change) == FROZEN


INSERT = """
INSERT INTO contracts_staffact
    (id, kind, reason, "limit", amount, effect, refusal, requested_by_id, done_at, posted_id, {column})
VALUES (gen_random_uuid(), %s, %s, 1000, %s, '[]', '', %s, {done},
    (SELECT min(id) FROM escrow_journal WHERE {done} IS NOT NULL), %s)
"""


def test_an_act_is_born_whole(waiting):
    person, journal = finance().pk, waiting.journal_id
    for kind, column, reason, amount, done, refusal in (
        ("reverse", "journal_id", "", "5.00", "now()", "act_reason_given"),
        ("reverse", "user_id", "x", "5.00", "now()", "act_names_its_target"),
        ("reverse", "journal_id", "x", "0.00", "now()", "act_amount_when_it_moves_money"),
        ("reverse", "journal_id", "x", "5000.00", "now()", "act_above_the_limit_takes_two"),
        ("reverse", "journal_id", "x", "5.00", "NULL", "act_above_the_limit_takes_two"),
        ("reverse", "journal_id", "x", "5000.00", "NULL", "act_one_waiting_for_journal"),
    ):
        about = person if column == "user_id" else journal
        statement = INSERT.format(column=column, done=done)
        assert attempt(statement, kind, reason, amount, person, about) == refusal


def test_i11_a_reversal_without_an_act_is_noticed(waiting):
    books_hold()
    reverse_release(journal=waiting.journal, reason="Past everybody.")
    assert [each.invariant.name for each in broken()] == ["I11-acts"]
