"""What the database itself refuses: every constraint of people and contracts, attacked past the ORM.

An attack is one statement against a world that holds one contract with an agency: one milestone paid, one current,
one ahead. It runs as the application's role, as the pages do.
"""

from decimal import Decimal

import pytest
from django.conf import settings
from django.db import DataError, IntegrityError, ProgrammingError, connection
from psycopg import errors

from contracts.models import Contract, Milestone
from contracts.states import MilestoneStatus
from tests.factories import Agreed, agreed

NEW_MILESTONE = """
INSERT INTO contracts_milestone (id, contract_id, position, title, description, amount, status)
SELECT gen_random_uuid(), contract_id, 4, title, description, {amount}, 'future'
FROM contracts_milestone WHERE position = 3
"""
NEW_REVISION = """
INSERT INTO contracts_planrevision (contract_id, number, lines, by_id)
SELECT contract_id, {number}, lines, by_id FROM contracts_planrevision
"""
NEW_EVENT = """
INSERT INTO contracts_event (contract_id, kind, by_id, revision_id, note)
SELECT contract_id, '{kind}', by_id, {revision}, '' FROM contracts_event WHERE revision_id IS NOT NULL
"""
SET_AHEAD = "UPDATE contracts_milestone SET {} WHERE position = 3"

COLUMNS = [field.column for field in Contract._meta.concrete_fields if not field.generated]
PROPOSED = {
    "id": "gen_random_uuid()", "status": "'proposed'", "started_at": "NULL", "ended_at": "NULL", "answer_by": "NULL",
    "expires_at": "NULL",
}  # fmt: skip
TWO_PROPOSALS = (
    f"INSERT INTO contracts_contract ({', '.join(COLUMNS)}) "  # noqa: S608 - all of it is ours
    f"SELECT {', '.join(PROPOSED.get(name, name) for name in COLUMNS)} FROM contracts_contract, generate_series(1, 2)"
)

ATTACKS = [
    ("contract_one_open_proposal", TWO_PROPOSALS),
    ("user_email_lower_case", "UPDATE marketplace_user SET email = 'Somebody@cairn.test' WHERE id = {user}"),
    ("party_kind_valid", "UPDATE marketplace_party SET kind = 'guild'"),
    ("party_name_given", "UPDATE marketplace_party SET name = ''"),
    ("membership_role_valid", "UPDATE marketplace_membership SET role = 'king'"),
    (
        "membership_unique",
        "INSERT INTO marketplace_membership (user_id, party_id, role) "
        "SELECT user_id, party_id, 'manager' FROM marketplace_membership",
    ),
    ("job_title_given", "UPDATE marketplace_job SET title = ''"),
    ("contract_status_valid", "UPDATE contracts_contract SET status = 'asleep'"),
    ("contract_title_given", "UPDATE contracts_contract SET title = ''"),
    ("contract_ended_at_when_ended", "UPDATE contracts_contract SET status = 'ended'"),
    ("contract_ended_at_when_ended", "UPDATE contracts_contract SET ended_at = now()"),
    (
        "contract_member_unique",
        "INSERT INTO contracts_contractmember (contract_id, membership_id) "
        "SELECT contract_id, membership_id FROM contracts_contractmember",
    ),
    ("milestone_position_unique", SET_AHEAD.format("position = 2")),
    ("milestone_position_in_plan", SET_AHEAD.format("position = 0")),
    ("milestone_position_in_plan", SET_AHEAD.format("position = 201")),
    ("milestone_status_valid", SET_AHEAD.format("status = 'lost'")),
    ("milestone_one_current", SET_AHEAD.format("status = 'funding'")),
    ("milestone_one_current", SET_AHEAD.format("status = 'active'")),
    ("milestone_one_current", SET_AHEAD.format("status = 'submitted'")),
    ("milestone_one_current", SET_AHEAD.format("status = 'changes_requested'")),
    ("milestone_amount_in_limits", SET_AHEAD.format("amount = 4.99")),
    ("milestone_amount_in_limits", SET_AHEAD.format("amount = 0")),
    ("milestone_amount_in_limits", SET_AHEAD.format("amount = -5")),
    ("milestone_amount_in_limits", SET_AHEAD.format("amount = 1000000.01")),
    ("milestone_amount_in_limits", SET_AHEAD.format("amount = 'NaN'")),
    ("milestone_amount_in_limits", NEW_MILESTONE.format(amount="4.99")),
    ("milestone_title_given", SET_AHEAD.format("title = ''")),
    ("milestone_description_length", SET_AHEAD.format("description = repeat('x', 5001)")),
    ("plan_revision_unique", NEW_REVISION.format(number="number")),
    ("plan_revision_number_positive", NEW_REVISION.format(number="0")),
    ("event_kind_valid", NEW_EVENT.format(kind="gossip", revision="NULL")),
    ("contracts_event_revision_id_key", NEW_EVENT.format(kind="plan_saved", revision="revision_id")),
]


@pytest.fixture
def world(db) -> Agreed:
    return agreed(3, agency=True, paid=1, current=MilestoneStatus.ACTIVE)


def execute(statement: str) -> int:
    """Run it as the application would, with the constraints that wait for the commit checked at once."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)
        return cursor.rowcount


@pytest.mark.parametrize(("constraint", "attack"), ATTACKS)
def test_the_database_refuses(world, constraint, attack):
    with pytest.raises(IntegrityError) as refused:
        execute(attack.replace("{user}", str(world.client.pk)))
    assert refused.value.__cause__.diag.constraint_name == constraint


@pytest.mark.parametrize(
    "harmless",
    [
        SET_AHEAD.format("amount = 5.00"),
        SET_AHEAD.format("amount = 1000000.00"),
        SET_AHEAD.format("position = 200"),
        SET_AHEAD.format("title = repeat('x', 120)"),
        SET_AHEAD.format("description = repeat('x', 5000)"),
        NEW_MILESTONE.format(amount="5.00"),
        NEW_REVISION.format(number="2"),
        NEW_EVENT.format(kind="plan_saved", revision="NULL"),
    ],
)
def test_the_limits_themselves_are_allowed(world, harmless):
    assert execute(harmless) == 1


def test_b02_a_title_has_at_most_120_characters(world):
    with pytest.raises(DataError, match=r"character varying\(120\)"):
        execute(SET_AHEAD.format("title = repeat('x', 121)"))


def test_b02_an_amount_holds_whole_cents_and_nothing_finer(world):
    execute(SET_AHEAD.format("amount = 7.006"))
    assert Milestone.objects.get(position=3).amount == Decimal("7.01")


def test_b20_a_second_current_milestone_cannot_be_inserted(world):
    with pytest.raises(IntegrityError, match="milestone_one_current"):
        execute(NEW_MILESTONE.format(amount="5.00").replace("'future'", "'active'"))


def test_positions_may_be_exchanged_within_one_transaction(world):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE contracts_milestone SET position = 3 WHERE position = 2")
        cursor.execute("UPDATE contracts_milestone SET position = 2 WHERE position = 3 AND status = 'future'")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert list(Milestone.objects.values_list("status", flat=True)) == ["paid", "future", "active"]


def test_pages_are_served_as_the_applications_role(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (settings.APPLICATION_ROLE, False, False)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE contracts_event SET kind = 'plan_saved'",
        "DELETE FROM contracts_event",
        "UPDATE contracts_planrevision SET number = 2",
        "UPDATE contracts_planrevision SET lines = '[]'",
        "DELETE FROM contracts_planrevision",
        "TRUNCATE contracts_event",
        "TRUNCATE contracts_milestone",
        "TRUNCATE marketplace_user CASCADE",
        "CREATE TABLE loot (id int)",
        "DROP TABLE contracts_event",
        "ALTER TABLE contracts_milestone DROP CONSTRAINT milestone_amount_in_limits",
        "ALTER TABLE contracts_event DISABLE TRIGGER ALL",
        "CREATE OR REPLACE FUNCTION cairn_now() RETURNS timestamptz LANGUAGE sql RETURN '2000-01-01'::timestamptz",
        "CREATE ROLE accomplice",
    ],
)
def test_the_application_has_no_right_to(world, attack):
    with pytest.raises(ProgrammingError) as refused:
        execute(attack)
    assert isinstance(refused.value.__cause__, errors.InsufficientPrivilege)
