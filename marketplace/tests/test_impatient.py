"""A database that does not answer is given up: 503 in good time, and the next one who asks gets a new connection."""

import pytest
from django.db import OperationalError, connection

from marketplace.trouble import AWAY, retry_after


@pytest.fixture
def hasty(own_database, monkeypatch) -> None:
    """Nobody here waits longer than a second."""
    monkeypatch.setitem(connection.settings_dict, "PATIENCE", (1.0, 1.0))


def ask(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def test_a_statement_that_is_not_answered_is_given_up_and_the_connection_with_it(hasty):
    before = ask("SELECT pg_backend_pid()")
    with pytest.raises(OperationalError) as met:
        ask("SELECT pg_sleep(20)")
    assert retry_after(met.value) == AWAY
    connection.close_if_unusable_or_obsolete()
    assert ask("SELECT pg_backend_pid()") != before


def test_what_the_server_refuses_in_time_leaves_the_connection_as_it_is(hasty):
    before = ask("SELECT pg_backend_pid()")
    with pytest.raises(OperationalError):
        ask("SET statement_timeout = '50ms'; SELECT pg_sleep(20)")
    assert ask("SELECT pg_backend_pid()") == before


def test_whoever_migrates_waits_as_long_as_it_takes(settings):
    assert settings.DATABASES["owner"]["PATIENCE"] == (None, None)
    assert settings.DATABASES["default"]["PATIENCE"] == settings.PATIENCE
