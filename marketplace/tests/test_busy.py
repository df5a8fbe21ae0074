"""A database that is busy, away or in the way of itself: done again, or a calm 503 that keeps what was typed."""

import threading
from collections import Counter

import psycopg
import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, OperationalError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from conftest import point_at
from contracts.models import Earning
from contracts.reading.review import OTHER
from escrow.models import Journal
from escrow.tests.test_stop import found, report
from marketplace import busy, trouble
from marketplace.models import Party
from marketplace.trouble import again, persistent
from tests.books import books_hold
from tests.factories import PartyFactory, UserFactory, submitted
from tests.racing import at_once

tries: Counter = Counter()


@csrf_exempt
@login_not_required
def fails(request: HttpRequest, code: str, times: int) -> HttpResponse:
    """Refused by the database itself, with this code, so many times."""
    tries[code] += 1
    if tries[code] <= times:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$")
    return HttpResponse("done")


urlpatterns = [path("fails/<code>/<int:times>/", fails), path("", include("marketplace.urls"))]
handler500 = busy.broke


@pytest.fixture
def client(client, settings) -> Client:
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    tries.clear()
    return client


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(trouble, "PAUSE", 0)


@pytest.mark.parametrize(
    ("code", "times", "expected"),
    [
        ("40001", 2, (200, 3)),
        ("40P01", 4, (200, 5)),
        ("40P01", 5, (503, 5)),
        *((code, 1, (503, 1)) for code in ("55P03", "57014", "53300", "25P03")),
        *((code, 1, (500, 1)) for code in ("23514", "42P01", "25P02")),
    ],
)
def test_only_what_met_another_transaction_is_tried_again_and_five_times_at_most(
    own_database, client, code, times, expected
):
    response = client.post(f"/fails/{code}/{times}/")
    assert (response.status_code, tries[code]) == expected
    assert ("Retry-After" in response.headers) == (response.status_code == 503)


def crossing(first: Party, second: Party, met: threading.Barrier):
    """Rename both in this order, and on the first try only when the other one has begun, too."""
    waiting = [met.wait]

    @transaction.atomic
    def rename() -> str:
        for party in (first, second):
            Party.objects.filter(pk=party.pk).update(name="Renamed")
            if waiting:
                waiting.pop()(20)
        return "done"

    return rename


def test_a_deadlock_is_tried_again_until_both_are_done(own_database):
    one, two, met = PartyFactory.create(), PartyFactory.create(), threading.Barrier(2)
    answers = at_once(persistent(crossing(one, two, met)), persistent(crossing(two, one, met)))
    assert answers == ["done", "done"]


def test_control_without_trying_again_a_deadlock_is_lost(own_database):
    one, two, met = PartyFactory.create(), PartyFactory.create(), threading.Barrier(2)
    answers = at_once(crossing(one, two, met), crossing(two, one, met))
    (lost,) = (answer for answer in answers if isinstance(answer, DatabaseError))
    assert trouble.state_of(lost) == "40P01"


@pytest.mark.django_db
def test_within_a_transaction_nothing_is_tried_again():
    def conflict() -> None:
        tries["within"] += 1
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")

    before = tries["within"]
    with pytest.raises(OperationalError), transaction.atomic():
        again(conflict)
    assert tries["within"] == before + 1


def test_what_is_busy_answers_503_and_keeps_what_was_typed(own_database, client):
    """A lock that is held, a statement that takes too long, stopped money: nothing is done, and then it is."""
    world = submitted(2)
    milestone = world.contract.milestones.get(position=1)
    address, form = (
        f"/contracts/{world.contract.pk}/milestones/{milestone.pk}/review/",
        {"pick": OTHER, "amount": "12.34", "note": "<b>"},
    )
    client.force_login(world.client)
    before = Journal.objects.count()
    for limit in ("lock_timeout", "statement_timeout"):
        with transaction.atomic("owner"), connections["owner"].cursor() as other:
            other.execute("SELECT FROM contracts_contract WHERE id = %s FOR UPDATE", [world.contract.pk])
            with connection.cursor() as cursor:
                cursor.execute(f"SET {limit} = '150ms'")
            page = client.post(address, form)
            part = client.post(address, form, headers={"HX-Request": "true"})
            with connection.cursor() as cursor:
                cursor.execute(f"RESET {limit}")
        assert (page.status_code, part.status_code) == (503, 503)
        assert page["Retry-After"] == "5"
        assert (part.content, part["Cairn-Trouble"]) == (b"", "busy")
        assert f'action="{address}"' in page.text
        assert '<textarea name="amount" hidden>\n12.34</textarea>' in page.text
        assert '<textarea name="note" hidden>\n&lt;b&gt;</textarea>' in page.text
    report(found())
    page = client.post(address, form)
    assert (page.status_code, page["Retry-After"], page["Cairn-Trouble"]) == (503, "600", "stopped")
    assert "12.34" in page.text
    assert "Money is resting" in page.text
    assert Journal.objects.count() == before
    assert not Earning.objects.exists()
    report()
    assert client.post(address, form).status_code == 302
    assert str(Earning.objects.get().gross) == "12.34"
    books_hold()
    connections["owner"].close()


def test_a_server_that_is_away_answers_503_on_every_page(own_database, client):
    client.force_login(UserFactory.create())
    point_at("nowhere_at_all")
    try:
        pages = [client.get(address) for address in ("/", "/jobs/", "/accounts/login/", "/no/such/page/")]
        pages.append(client.post("/settings/", {"name": "Typed"}))
    finally:
        point_at(own_database)
    assert [page.status_code for page in pages] == [503] * 5
    assert {page["Retry-After"] for page in pages} == {"15"}
    assert '<textarea name="name" hidden>\nTyped</textarea>' in pages[-1].text


def test_a_secret_is_not_written_into_a_page(own_database, client):
    for name in ("password", "new_password1", "entry", "code"):
        tries.clear()
        page = client.post("/fails/55P03/1/", {name: "s3cret", "other": "plain"})
        assert page.status_code == 503
        assert "s3cret" not in page.text
        assert "plain" not in page.text


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (psycopg.errors.AdminShutdown(), trouble.AWAY),
        (psycopg.OperationalError("the connection is lost"), trouble.AWAY),
        (psycopg.errors.DiskFull(), trouble.BUSY),
        (psycopg.errors.UndefinedTable(), None),
    ],
)
def test_the_drivers_own_errors_are_told_apart_as_well(error, seconds):
    """Django closes a cursor of the server's, as long choices are read with, past its own names for errors."""
    assert trouble.retry_after(error) == seconds
