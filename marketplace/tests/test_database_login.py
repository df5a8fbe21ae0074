"""The role that logs in can serve and nothing else, also after RESET ROLE; production refuses one that could more."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connection, connections
from psycopg import sql

from conftest import SUITE, WORKER, server
from marketplace.database_login import (
    less_than_serving,
    login_only_serves,
    more_than_serving,
    prepare_login,
    refuse_powerful_login,
)

LOGIN = f"{SUITE}_login_{WORKER}"


def as_owner(statement: str | sql.Composed) -> None:
    with server() as owner:
        owner.execute(statement)


@pytest.fixture
def login(own_database) -> Iterator[str]:
    """The site logs in as a role of its own."""
    as_owner(f"DROP ROLE IF EXISTS {LOGIN}")
    as_owner(prepare_login(LOGIN, settings.APPLICATION_ROLE))
    before = connection.settings_dict["USER"]
    connection.settings_dict["USER"] = LOGIN
    yield LOGIN
    connections.close_all()
    connection.settings_dict["USER"] = before
    with connections["owner"].cursor() as owner:
        owner.execute(f"DROP OWNED BY {LOGIN}; DROP ROLE {LOGIN}")


def test_a_login_of_its_own_serves_and_can_do_nothing_more(login):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert cursor.fetchone() == (settings.APPLICATION_ROLE, login)
    assert more_than_serving() == login_only_serves(None) == []
    refuse_powerful_login()


@pytest.fixture
def pooled(login, monkeypatch) -> None:
    """Nothing is said with a connection, as behind a pooler."""
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "options", "")


def test_behind_a_pooler_the_login_brings_its_role_and_timeouts_along(login, pooled):
    assert less_than_serving() == login_only_serves(None) == []
    with connection.cursor() as cursor:
        for name, value in settings.TIMEOUTS.items():
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone()[0] in {value, "1min"}


def test_a_login_that_brings_nothing_along_is_refused_behind_a_pooler(login, pooled):
    as_owner(f"ALTER ROLE {LOGIN} RESET ALL")
    assert len(less_than_serving()) == 1 + len(settings.TIMEOUTS)
    assert len(login_only_serves(None)) == 4
    with pytest.raises(ImproperlyConfigured, match=f"not ready to serve: it serves as {LOGIN}, not as cairn_app"):
        refuse_powerful_login()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE escrow_transfer SET amount = 1", "DELETE FROM contracts_event", "TRUNCATE marketplace_user",
        "CREATE TABLE public.mine (x int)", "ALTER TABLE escrow_account DISABLE TRIGGER ALL",
        "SET session_replication_role = replica", "CREATE ROLE other", "SET ROLE cairn",
        "COPY marketplace_user TO PROGRAM 'true'", "SELECT pg_read_file('PG_VERSION')",
    ],
)  # fmt: skip
def test_reset_role_opens_nothing(login, statement):
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            cursor.execute(statement)


def test_the_owners_login_is_refused(own_database):
    assert any("superuser" in each.msg for each in login_only_serves(None))
    with pytest.raises(ImproperlyConfigured, match="could do more than serve: it is a superuser"):
        refuse_powerful_login()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("ALTER ROLE {login} CREATEROLE", "it makes roles"),
        ("ALTER ROLE {login} CREATEDB", "it makes databases"),
        ("ALTER ROLE {login} BYPASSRLS", "it passes by row security"),
        ("GRANT pg_read_all_data TO {login}", "it can become pg_read_all_data"),
    ],
)
def test_each_thing_more_is_found(login, statement, says):
    as_owner(statement.format(login=LOGIN))
    assert says in more_than_serving()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("GRANT CREATE ON SCHEMA public TO {login}", "it makes tables"),
        ("ALTER TABLE escrow_transfer OWNER TO {login}", "it owns escrow_transfer"),
        ("ALTER FUNCTION cairn_now() OWNER TO {application}", "it owns cairn_now"),
    ],
)
def test_each_thing_more_in_the_database_is_found(login, statement, says):
    with connections["owner"].cursor() as owner:
        owner.execute(statement.format(login=LOGIN, application=settings.APPLICATION_ROLE))
        assert says in more_than_serving()
        owner.execute(f"REASSIGN OWNED BY {LOGIN} TO {connections['owner'].settings_dict['USER']}")


def test_a_database_that_is_away_is_a_warning_and_no_reason_not_to_start(own_database, monkeypatch):
    connections.close_all()
    monkeypatch.setitem(connection.settings_dict, "HOST", os.devnull)
    assert [each.id for each in login_only_serves(None)] == ["marketplace.W001"]
    refuse_powerful_login()
