"""What the database itself refuses of change requests, attacked past the ORM as the application's role.

One contract holds a declined request and a pending one; another a request that the client sent back.
"""

import pytest
from django.db import IntegrityError, ProgrammingError, connection

from contracts.models import ChangeRequest
from contracts.operations.requests import decline_request
from contracts.tests.asking import asked, counter, revised
from escrow.invariants import registered
from tests.factories import agreed

PENDING = "UPDATE contracts_changerequest SET {} WHERE status = 'pending' AND NOT from_client"
DECLINED = "UPDATE contracts_changerequest SET {} WHERE status = 'declined'"
CHANGED = "UPDATE contracts_changerequest SET {} WHERE status = 'superseded'"
BY, BY_ITS = "closed_by_id = by_id", {"closed_by_id": "by_id", "remind_at": "NULL"}


def copied(which: str, **other: str) -> str:
    """Another request like those, but for these columns."""
    values = {field.column: other.get(field.column, field.column) for field in ChangeRequest._meta.concrete_fields}
    values["id"] = "gen_random_uuid()"
    return (
        f"INSERT INTO contracts_changerequest ({', '.join(values)}) "  # noqa: S608 - all of it is ours
        f"SELECT {', '.join(values.values())} FROM contracts_changerequest WHERE {which}"
    )


ATTACKS = [
    ("request_status_valid", DECLINED.format("status = 'asleep', answer = ''")),
    ("request_one_pending", DECLINED.format("status = 'pending', closed_at = NULL, closed_by_id = NULL, answer = ''")),
    ("request_closed_whole", PENDING.format("closed_at = now()")),
    ("request_closed_whole", PENDING.format(BY)),
    ("request_closed_whole", PENDING.format("answer = 'Yes.'")),
    ("request_closed_whole", PENDING.format(f"status = 'accepted', {BY}, remind_at = NULL")),
    ("request_closed_whole", PENDING.format(f"status = 'accepted', {BY}, closed_at = now()")),
    ("request_closed_whole", DECLINED.format("closed_at = NULL")),
    ("request_answered_by_one", DECLINED.format("closed_by_id = NULL")),
    ("request_reason_when_declined", DECLINED.format("status = 'withdrawn', answer = 'No.'")),
    ("request_client_answers_one", copied("from_client = false AND status = 'declined'", from_client="true")),
    (
        "contracts_changerequest_replaces_id_key",
        copied("from_client", status="'declined'", closed_at="now()", **BY_ITS),
    ),
]
# What was asked for stays as it was.
KEPT = [
    PENDING.format("lines = '[]'"),
    PENDING.format("note = 'Something else.'"),
    PENDING.format("base_id = base_id"),
    PENDING.format("at = now()"),
    DECLINED.format("by_id = by_id"),
    "DELETE FROM contracts_changerequest",
    "TRUNCATE contracts_changerequest CASCADE",
]


@pytest.fixture
def requests(db) -> None:
    first, second = agreed(4), agreed(4)
    decline_request(contract=first.contract, by=first.client, request=asked(first), reason="Not now.")
    revised(asked(first))
    counter(second, asked(second))


def execute(attack: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(attack)
        assert cursor.rowcount, "The attack hit no row."


@pytest.mark.parametrize(("constraint", "attack"), ATTACKS)
def test_the_database_refuses(requests, constraint, attack):
    with pytest.raises(IntegrityError) as refused:
        execute(attack)
    assert refused.value.__cause__.diag.constraint_name == constraint


@pytest.mark.parametrize("attack", KEPT)
def test_b09_what_was_asked_for_cannot_be_rewritten(requests, attack):
    with pytest.raises(ProgrammingError, match="permission denied"):
        execute(attack)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("S6", "UPDATE contracts_contract SET plan_version = plan_version + 1"),
        ("S11", "UPDATE contracts_contract SET status = 'settling'"),
        ("S11", CHANGED.format("status = 'countered'")),
    ],
)
def test_the_invariants_of_requests_see_what_no_constraint_does(requests, name, damage):
    (check,) = [check for check in registered() if check.name == name]
    assert found(check.query) == []
    with connection.cursor() as cursor:
        cursor.execute(damage)
    assert found(check.query)


def found(query: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
