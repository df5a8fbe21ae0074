"""The clock that rules go by: who may put it forward, and that it never goes back."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, connections, transaction
from django.utils import timezone
from psycopg import errors

from marketplace import clock
from marketplace.management.commands.migrate import prepare_clock
from tests.factories import UserFactory

FORTNIGHT = timedelta(days=14)


def execute(statement: str, using: str = "default") -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(statement)


def sqlstate(refused: pytest.ExceptionInfo[DatabaseError]) -> str:
    return refused.value.__cause__.sqlstate


def test_a_clock_put_forward_is_what_rules_and_rows_go_by(db):
    before = clock.now()
    clock.advance(FORTNIGHT)
    after = clock.advance(timedelta(hours=1))
    assert FORTNIGHT <= after - before - timedelta(hours=1) < FORTNIGHT + timedelta(minutes=1)
    assert UserFactory.create().date_joined >= after


def test_what_a_transaction_took_back_never_was(db):
    before = clock.now()
    with transaction.atomic():
        clock.advance(FORTNIGHT)
        transaction.set_rollback(True)
    assert clock.now() - before < timedelta(minutes=1)


def test_days_are_equally_long_in_every_time_zone(db):
    execute("SET LOCAL TIME ZONE 'Europe/Vienna'")
    execute("SELECT cairn_advance('30 days')")
    with connection.cursor() as cursor:
        cursor.execute("SELECT ahead = '720 hours' AND extract(day FROM ahead) = 0 FROM marketplace_clock")
        assert cursor.fetchone() == (True,)


def test_time_does_not_go_back(db):
    with pytest.raises(ValueError, match="not go back"):
        clock.advance(-timedelta(microseconds=1))
    with pytest.raises(DatabaseError, match="not go back") as refused, transaction.atomic():
        execute("SELECT cairn_advance('-1 second')")
    assert sqlstate(refused) == "CC001"


def test_time_does_not_go_where_no_date_is(db):
    with pytest.raises(ValueError, match="a year at most"):
        clock.advance(timedelta(days=367))
    with pytest.raises(IntegrityError, match="marketplace_clock_ahead_check"), transaction.atomic():
        execute("SELECT cairn_advance('101 years')")


def test_in_production_nobody_moves_time(db, settings):
    settings.MODE = "production"
    before = clock.now()
    with pytest.raises(clock.ClockIsFixed):
        clock.advance(FORTNIGHT)
    assert clock.now() - before < timedelta(minutes=1)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE marketplace_clock SET ahead = '14 days'",
        "INSERT INTO marketplace_clock DEFAULT VALUES",
        "DELETE FROM marketplace_clock",
        "TRUNCATE marketplace_clock",
        "ALTER TABLE marketplace_clock ALTER ahead DROP NOT NULL",
        "DROP FUNCTION cairn_advance(interval)",
        "CREATE OR REPLACE FUNCTION cairn_now() RETURNS timestamptz LANGUAGE sql RETURN '2000-01-01'::timestamptz",
    ],
)
def test_the_applications_role_cannot_write_the_clock(db, attack):
    with pytest.raises(ProgrammingError) as refused, transaction.atomic():
        execute(attack)
    assert isinstance(refused.value.__cause__, errors.InsufficientPrivilege)


def test_a_table_of_ones_own_is_no_clock(db):
    """A temporary table of the same name, first in the search path, changes nothing."""
    execute("CREATE TEMPORARY TABLE marketplace_clock AS SELECT true AS only_row, interval '99 days' AS ahead")
    before = clock.now()
    clock.advance(timedelta(hours=1))
    assert timedelta(hours=1) <= clock.now() - before < timedelta(hours=2)


def test_a_database_that_becomes_a_production_one_keeps_its_clock(own_database, settings):
    prepare_clock(settings.APPLICATION_ROLE, may_advance=False)
    with pytest.raises(ProgrammingError) as refused:
        execute("SELECT cairn_advance('1 day')")
    assert isinstance(refused.value.__cause__, errors.InsufficientPrivilege)
    prepare_clock(settings.APPLICATION_ROLE, may_advance=True)
    execute("SELECT cairn_advance('1 day')")


def test_the_owner_too_has_one_clock(own_database):
    with pytest.raises(IntegrityError) as refused:
        execute("INSERT INTO marketplace_clock DEFAULT VALUES", "owner")
    assert isinstance(refused.value.__cause__, errors.UniqueViolation)


def test_once_somebody_is_there_the_owner_too_cannot_turn_time_back(own_database):
    UserFactory.create()
    with pytest.raises(DatabaseError, match="not go back") as refused:
        execute("UPDATE marketplace_clock SET ahead = ahead - interval '1 second'", "owner")
    assert sqlstate(refused) == "CC001"


def test_a_demo_begins_in_the_past_and_is_behind_until_it_has_caught_up(own_database):
    assert clock.behind() == timedelta(0)
    clock.begin(FORTNIGHT)
    assert clock.behind() == FORTNIGHT
    then = clock.now()
    assert timezone.now() - then > timedelta(days=13)
    clock.advance(clock.behind())
    assert clock.behind() == timedelta(0)
    assert timezone.now() - clock.now() < timedelta(minutes=1)


def test_in_production_nothing_begins_in_the_past(db, settings):
    settings.MODE = "production"
    with pytest.raises(clock.ClockIsFixed):
        clock.begin(FORTNIGHT)
