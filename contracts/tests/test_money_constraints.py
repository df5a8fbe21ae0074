"""What the database itself refuses of the rows about money: every constraint of theirs, attacked past the ORM.

Mostly with a copy of a row that is right but for what is named.
"""

import json
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection

from contracts.tests.eventful import eventful

NEW_CONTRACT = """
INSERT INTO contracts_contract (id, job_id, client_id, talent_id, title, terms, status, plan_version, service_fee,
    initiation_fee, offer_days, review_days, refund_days, hold_days, bonus_days, feedback_days)
SELECT gen_random_uuid(), job_id, client_id, {talent}, title, terms, 'offered', 1, {service}, {initiation}, 7, 14, 7, 5,
    30, 14
FROM contracts_contract LIMIT 1
"""
ENDED = "UPDATE contracts_contract SET {} WHERE status = 'ended'"
SETTLING = "UPDATE contracts_contract SET {} WHERE status = 'settling'"
CANCELLED = "UPDATE contracts_milestone SET {} WHERE status = 'cancelled'"
A_DAY = "2026-11-22T12:00:00Z"
SOON, CLOSED = {"answer_by": A_DAY}, {"closed_at": A_DAY}


def copy(table: str, **changes: object) -> str:
    """A statement that inserts a copy of a row of `table`, under another key and with these changes."""
    new = json.dumps({"id": str(uuid4()), **changes})
    return (
        f"INSERT INTO contracts_{table} SELECT (jsonb_populate_record(one, '{new}')).* "  # noqa: S608
        f"FROM contracts_{table} AS one LIMIT 1"
    )


def earning(**changes: object) -> str:
    return copy("earning", journal_id=10**9, **changes).replace(" LIMIT", " WHERE kind = 'release' LIMIT")


def execute(attack: str) -> None:
    """Run it with the constraints that wait for the commit checked at once."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(attack)
        assert cursor.rowcount, "The attack hit no row."


ATTACKS = [
    ("bonus_positive", copy("bonus", amount=0)),
    ("contract_two_parties", NEW_CONTRACT.format(talent="client_id", service="0.1", initiation="4.95")),
    ("contract_fees_make_sense", NEW_CONTRACT.format(talent="talent_id", service="1", initiation="4.95")),
    ("contract_fees_make_sense", NEW_CONTRACT.format(talent="talent_id", service="-0.01", initiation="4.95")),
    ("contract_fees_make_sense", NEW_CONTRACT.format(talent="talent_id", service="0.1", initiation="-0.01")),
    ("contract_answered_only_while_offered", ENDED.format("answer_by = now()")),
    ("contract_sent_before_it_starts", ENDED.format("sent_at = NULL")),
    ("contract_feedback_once_ended", SETTLING.format("feedback_by = now()")),
    ("contract_feedback_once_ended", SETTLING.format("revealed_at = now()")),
    ("dispute_one_open", copy("dispute", from_client=True)),
    ("earning_kind_valid", earning(kind="gift", milestone_id=None)),
    ("earning_adds_up", earning(gross=1)),
    ("earning_adds_up", earning(gross=0, fee=0, net=0)),
    ("earning_adds_up", earning(gross=5, fee=-5, net=10)),
    ("earning_of_a_milestone_when_released", earning(kind="bonus")),
    ("earning_of_a_milestone_when_released", earning(milestone_id=None)),
    ("feedback_once_for_a_party", copy("feedback", id=10**9)),
    ("feedback_rating_valid", copy("feedback", id=10**9, rating=0)),
    ("feedback_rating_valid", copy("feedback", id=10**9, rating=6)),
    ("file_in_limits", copy("submissionfile", size=0)),
    ("file_in_limits", copy("submissionfile", name="")),
    ("file_in_limits", copy("submissionfile", stored="")),
    ("file_in_limits", copy("submissionfile", position=11)),
    ("file_name_once_in_a_submission", copy("submissionfile", position=2, stored="elsewhere")),
    ("file_position_unique", copy("submissionfile", name="other.txt", stored="elsewhere")),
    ("funding_adds_up", copy("funding", charge=1, fee=2)),
    ("funding_adds_up", copy("funding", leftover=-1)),
    ("invoice_adds_up", copy("invoice", net=1)),
    ("invoice_numbered", copy("invoice", earning_id=str(uuid4()))),
    ("invoice_numbered_from_one", copy("invoice", number=0)),
    ("milestone_paid_once_paid", CANCELLED.format("paid = 1")),
    ("milestone_closed_at_once_closed", CANCELLED.format("closed_at = NULL")),
    ("milestone_reviewed_once_submitted", CANCELLED.format("review_by = now()")),
    ("milestone_reviewed_once_submitted", CANCELLED.format("remind_at = now()")),
    ("refund_amounts_make_sense", copy("refundrequest", amount=0)),
    ("refund_amounts_make_sense", copy("refundrequest", amount=5, counter=5)),
    ("refund_answered_as_it_may_be", copy("refundrequest", status="declined", **CLOSED, returned=0)),
    ("refund_answered_as_it_may_be", copy("refundrequest", ends=False, status="lapsed", **CLOSED, returned=0)),
    ("refund_answered_as_it_may_be", copy("refundrequest", ends=False, status="pending", counter=0)),
    ("refund_answered_as_it_may_be", copy("refundrequest", milestone_id=str(uuid4()))),
    ("refund_clock_runs_while_it_waits", copy("refundrequest", status="pending")),
    ("refund_clock_runs_while_it_waits", copy("refundrequest", ends=False, status="pending", **SOON)),
    ("refund_clock_runs_while_it_waits", copy("refundrequest", **SOON)),
    ("refund_closed_once_settled", copy("refundrequest", closed_at=A_DAY)),
    ("refund_closed_once_settled", copy("refundrequest", status="approved")),
    ("refund_counter_named", copy("refundrequest", status="countered", **SOON)),
    ("refund_one_open", copy("refundrequest")),
    ("refund_returns_nothing", copy("refundrequest", ends=False, status="declined", **CLOSED, returned=1)),
    ("refund_returns_what_was_asked", copy("refundrequest", status="approved", **CLOSED, returned=10**6)),
    ("refund_returns_what_was_asked", copy("refundrequest", status="approved", **CLOSED, returned=-1)),
    ("refund_status_valid", copy("refundrequest", status="lost", closed_at=A_DAY, returned=0)),
    ("submission_numbered", copy("submission")),
    ("submission_says_something", copy("submission", message="", number=9)),
    ("submission_says_something", copy("submission", number=0)),
    ("submission_returned_whole", copy("submission", reason="Why", number=9)),
]


@pytest.mark.parametrize(("constraint", "attack"), ATTACKS, ids=[name for name, _attack in ATTACKS])
def test_the_database_refuses_of_money(db, constraint, attack):
    eventful()
    with pytest.raises(IntegrityError) as refused:
        execute(attack)
    assert refused.value.__cause__.diag.constraint_name == constraint


def test_a_contract_needs_parties_that_exist(db):
    eventful()
    with pytest.raises(IntegrityError, match="foreign key"):
        execute(NEW_CONTRACT.format(talent="gen_random_uuid()", service="0.1", initiation="4.95"))
