"""Floods at the doors: counted in all processes alike, by the client's address as our own proxies saw it."""

import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from marketplace import tasks
from marketplace.limits import spend
from marketplace.tests.conftest import PASSWORD
from tests.processes import environment
from tests.web import Web

DOOR = "/accounts/login/"


def tries(number: int, **headers: str) -> list[int]:
    return [Client().post(DOOR, {}, headers=headers).status_code for _each in range(number)]


@pytest.mark.django_db
def test_without_a_proxy_of_ours_nobody_chooses_the_address_they_are_counted_by():
    answers = [Client().post(DOOR, {}, headers={"X-Forwarded-For": f"10.0.0.{one}"}) for one in range(31)]
    assert [answer.status_code for answer in answers[29:]] == [200, 429]
    assert 1 <= int(answers[30]["Retry-After"]) <= 300


@pytest.mark.django_db
def test_behind_a_proxy_of_ours_each_client_is_counted_alone_by_what_it_saw(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    assert tries(3, **{"X-Forwarded-For": "198.51.100.1"}) == [200, 200, 429]
    assert tries(1, **{"X-Forwarded-For": "198.51.100.2"}) == [200]
    assert tries(1, **{"X-Forwarded-For": "10.9.9.9, 198.51.100.1"}) == [429]  # what comes before it anybody can write


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("door", "fields"),
    [
        ("/accounts/signup/", {}),
        ("/accounts/password/reset/", {"email": "nobody@cairn.test"}),
    ],
)
def test_other_doors_too(client, door, fields, parsed):
    answers = [client.post(door, fields) for _each in range(21)]
    assert answers[20].status_code == 429
    assert "That was a lot at once" in parsed(answers[20])


def test_wrong_passwords_for_one_email_are_429_in_the_form_with_the_email_kept(client, clara, parsed):
    wrong = {"login": clara.email, "password": "wrong"}
    answers = [client.post(DOOR, wrong) for _each in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[5]["Retry-After"] == "300"
    page = parsed(answers[5])
    assert "Too many tries. Wait five minutes" in page
    assert f'value="{clara.email}"' in page
    right = client.post(DOOR, {"login": clara.email, "password": PASSWORD})
    assert right.status_code == 429


def test_no_try_is_lost_between_two_processes(own_database, django_db_blocker, tmp_path):
    """Of fifty at the same moment thirty at most are let through, whichever process they reach."""
    with django_db_blocker.unblock(), Web(environment(), tmp_path) as web, ThreadPoolExecutor(8) as pool:
        token = Client().get(DOOR).cookies["csrftoken"].value
        answers = Counter(pool.map(lambda _one: sign_in(web.address, token), range(50)))
    assert set(answers) == {200, 429}
    assert answers[200] <= 30
    assert answers[200] >= 10  # one that waits too long for its turn to be counted is refused, too


def sign_in(address: str, token: str) -> int:
    body = urllib.parse.urlencode({"csrfmiddlewaretoken": token}).encode()
    asked = urllib.request.Request(address + DOOR, body, {"Cookie": f"csrftoken={token}"})  # noqa: S310 - our own
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


@pytest.mark.django_db
def test_what_is_over_is_forgotten_every_hour(settings):
    cache.set("old", 1, timeout=-1)
    cache.set("new", 1, timeout=60)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO marketplace_cache VALUES ('x', 'x', clock_timestamp() - interval '1 day')")
    spend("offers", 1)
    tasks.forget(0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM marketplace_cache UNION ALL SELECT count(*) FROM marketplace_limit")
        assert cursor.fetchall() == [(1,), (2,)]
