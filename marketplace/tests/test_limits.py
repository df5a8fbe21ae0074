"""How often somebody may do a thing: counted by the database, evenly given back, and never twice the same place."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from marketplace import clock, limits
from marketplace.limits import TooMany, spend, spoken

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def three_a_minute(settings):
    settings.LIMITS = {"tries": [(3, 60)], "both": [(2, 60), (3, 3600)]}


@pytest.fixture
def travel() -> Callable[[int], None]:
    return lambda seconds: clock.advance(timedelta(seconds=seconds))


def taken(name: str, who: object, times: int) -> int:
    """How many of so many tries were let through."""
    done = 0
    for _try in range(times):
        try:
            spend(name, who)
            done += 1
        except TooMany:
            pass
    return done


def test_so_many_and_no_more_and_each_for_themselves():
    assert taken("tries", 1, 5) == 3
    assert taken("tries", 2, 2) == 2


def test_a_refusal_says_when_to_try_again_and_costs_nothing():
    taken("tries", 1, 3)
    waits = []
    for _try in range(3):
        with pytest.raises(TooMany) as refusal:
            spend("tries", 1)
        waits.append(refusal.value.wait)
    assert all(15 <= wait <= 20 for wait in waits)
    assert "Wait 20 seconds" in str(refusal.value)


def test_time_gives_back_evenly(travel):
    taken("tries", 1, 3)
    travel(21)
    assert taken("tries", 1, 3) == 1
    travel(300)
    assert taken("tries", 1, 5) == 3


def test_each_span_is_kept_to(travel):
    assert taken("both", 1, 3) == 2
    travel(61)
    assert taken("both", 1, 3) == 1


def test_several_at_once_cost_several():
    with pytest.raises(TooMany):
        spend("tries", 1, amount=4)
    spend("tries", 1, amount=3)
    with pytest.raises(TooMany):
        spend("tries", 1)
    spend("tries", 1, amount=0)


def test_full_buckets_are_forgotten_and_others_are_not(travel):
    spend("tries", "old")
    travel(120)
    spend("tries", "new")
    limits.forget()
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM marketplace_limit")
        assert cursor.fetchall() == [("tries:60:new",)]


@pytest.mark.parametrize(
    ("seconds", "text"), [(1, "1 second"), (59, "59 seconds"), (61, "2 minutes"), (7200, "2 hours")]
)
def test_a_wait_is_said_as_a_person_would(seconds, text):
    assert spoken(seconds) == text
