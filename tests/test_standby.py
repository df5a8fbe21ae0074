"""A primary with a synchronous standby: pages are read from it and never show less than is known, commits wait for it,
and it takes over. With real servers, of which this process talks to whichever is the primary.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import connections, router, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from django.utils.connection import ConnectionDoesNotExist
from prometheus_client import REGISTRY

from conftest import TEMPLATE, clone, point_at
from contracts.models import Contract, Earning
from contracts.reading.review import OTHER
from launcher.postgres import standby as servant
from marketplace import routers, standby, vitals
from marketplace.models import User
from proof import failover
from proof.failover import Extent
from proof.plan import Plan, Result
from tests.books import books_hold
from tests.factories import Agreed, submitted
from tests.succession import Succession, fill, folder, until

EMPTY, NAME = "empty", "read"
SMALL = Extent(pairs=3, clients=3, before=(6, 9), between=(0.1, 0.3), after=6)
PAID = "12.34"
THREE = ['FROM "django_session"', 'FROM "marketplace_user"', standby.FLUSHED]


@pytest.fixture(scope="module")
def servers(django_db_setup, django_db_blocker) -> Iterator[Succession]:
    """Three of them; the first is the primary and has the suite's tables, the second follows it."""
    with django_db_blocker.unblock(), folder() as place, Succession(place, 3, hasty=True) as made:
        fill(made.primary, EMPTY, TEMPLATE)
        made.follow()
        with made.spoken_to(EMPTY):
            yield made


@pytest.fixture
def site(servers, settings, monkeypatch) -> Iterator[Succession]:
    """A database that nobody is in yet, with the standby to read from."""
    clone(NAME, EMPTY)
    point_at(NAME)
    until(lambda: NAME in servant.ask(servers.standby, "SELECT datname FROM pg_database"), "know the database")
    known = connections.settings["default"]
    options = {**known["OPTIONS"], "host": str(servers.standby.place.sockets), "target_session_attrs": "any"}
    monkeypatch.setitem(connections.settings, standby.ALIAS, known | {"OPTIONS": options})
    monkeypatch.setattr(router, "routers", [routers.OwnerMigrates(), routers.ReadsStandby()])
    monkeypatch.setattr(standby, "REST", 0)
    connections[standby.ALIAS]  # it is made now, to be taken away again
    yield servers
    connections.close_all()
    del connections[standby.ALIAS]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def count(answer: str) -> float:
    return REGISTRY.get_sample_value("cairn_standby_pages_total", {"answer": answer}) or 0


def answered(client: Client, address: str, how: str) -> HttpResponse:
    """The page, once it comes from where it is expected from: a standby is a moment behind."""
    pages: list[HttpResponse] = []

    def once() -> bool:
        before = count(how)
        pages.append(client.get(address))
        return count(how) > before

    until(once, f"answer {address}: {how}")
    return pages[-1]


def asked_of_the_primary(client: Client, address: str) -> list[str]:
    """What each query of one page is about."""
    with CaptureQueriesContext(connections["default"]) as asked:
        client.get(address)
    return [(re.search(r"FROM \S+", each["sql"]) or re.search("SELECT .+", each["sql"]))[0] for each in asked]


def release(client: Client, world: Agreed) -> HttpResponse:
    """A part of the first milestone, over the page."""
    milestone = world.contract.milestones.get(position=1)
    form = {"pick": OTHER, "amount": PAID, "key": "0b9b3f4e-6a63-4b3c-9c39-5d1a3f1f3c11"}
    return client.post(f"/contracts/{world.contract.pk}/milestones/{milestone.pk}/review/", form)


def held_behind(servers: Succession, stack: ExitStack) -> None:
    """The standby receives and keeps everything, and shows nothing of it."""
    servant.ask(servers.standby, "SELECT pg_wal_replay_pause()")
    stack.callback(servant.ask, servers.standby, "SELECT pg_wal_replay_resume()")
    until(lambda: servant.ask(servers.standby, "SELECT pg_get_wal_replay_pause_state()") == "paused", "pause")


def test_a_page_that_only_shows_something_costs_the_primary_three_queries(site):
    world = submitted(2)
    client = signed_in(world.client)
    for address in ("/jobs/", f"/contracts/{world.contract.pk}/", f"/contracts/{world.contract.pk}/activity/"):
        assert answered(client, address, "read").status_code == 200
        until(lambda page=address: asked_of_the_primary(client, page) == THREE, "cost so little")
    before = [count(how) for how in ("read", "behind", "failed")]
    for address in ("/payments/", "/balance/", "/statement/", f"/contracts/{world.contract.pk}/milestones/"):
        client.get(address)
    assert [count(how) for how in ("read", "behind", "failed")] == before
    assert signed_in(world.client).get(f"/contracts/{Contract().pk}/").status_code == 404


def test_whoever_did_something_sees_it_and_so_does_whoever_heard_of_it(site, monkeypatch):
    world = submitted(2)
    client, talent = signed_in(world.client), signed_in(world.talent)
    activity = f"/contracts/{world.contract.pk}/activity/"
    last = world.contract.events.order_by("-pk").values_list("pk", flat=True)[0]
    assert PAID not in answered(client, activity, "read").text
    with ExitStack() as stack:
        held_behind(site, stack)
        assert release(client, world).status_code == 302
        assert PAID in answered(client, activity, "behind").text
        assert PAID in answered(talent, activity, "behind").text
        assert PAID in answered(talent, f"{activity}news/?since={last}", "behind").text
        with monkeypatch.context() as without:  # the control: a standby that is believed in any case
            without.setattr(standby, "is_fresh", lambda: True)
            assert PAID not in answered(client, activity, "read").text
            assert talent.get(f"{activity}news/?since={last}").status_code == 204
    assert PAID in answered(client, activity, "read").text
    books_hold()


def test_a_standby_that_is_away_costs_nobody_a_page(site):
    client = signed_in(submitted(2).client)
    answered(client, "/jobs/", "read")
    site.standby.leave()
    assert answered(client, "/jobs/", "failed").status_code == 200
    assert not next(each for each in vitals.read() if each.vital.name == "standby_behind_bytes").is_well
    site.standby.join()
    assert answered(client, "/jobs/", "read").status_code == 200


def test_one_that_is_no_standby_any_more_is_never_believed(site):
    client = signed_in(submitted(2).client)
    connections[standby.ALIAS].settings_dict["OPTIONS"]["host"] = str(site.primary.place.sockets)
    assert not standby.is_fresh()
    assert standby.behind() is None
    assert answered(client, "/jobs/", "behind").status_code == 200


def reads_twice(request: HttpRequest) -> HttpResponse:
    """Looks at people, and once more after the primary has forgotten one of them and the standby has to, as well."""
    alias = standby.ALIAS if standby.is_read() else "default"
    with transaction.atomic(alias), connections[alias].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT count(*) FROM forgotten")
        if standby.is_read():
            request.forget()
        cursor.execute("SELECT count(*) FROM forgotten")
        return HttpResponse(str(cursor.fetchone()[0]))


urlpatterns = [path("twice/", standby.from_standby(reads_twice)), path("", include("marketplace.urls"))]


def test_a_page_that_is_in_the_way_of_replaying_is_read_from_the_primary(site, settings):
    settings.ROOT_URLCONF = __name__
    servant.tell(site.standby, "max_standby_streaming_delay", "0")
    with connections["owner"].cursor() as owner:
        owner.execute("CREATE TABLE forgotten AS SELECT 1 AS number; GRANT SELECT ON forgotten TO cairn_app")

    def forget() -> None:
        with connections["owner"].cursor() as owner:
            owner.execute("DELETE FROM forgotten")
            owner.execute("VACUUM forgotten")
        until(standby.is_fresh, "replay")

    request = HttpRequest()
    request.method, request.forget = "GET", forget
    until(standby.is_fresh, "replay")
    middleware, before = standby.FromStandby(lambda _request: HttpResponse()), count("failed")
    assert middleware.process_view(request, urlpatterns[0].callback, (), {}) is None
    assert count("failed") == before + 1
    assert reads_twice(request).text == "0"


def waiting(servers: Succession) -> int:
    """How many commits wait for the standby."""
    return int(servant.ask(servers.primary, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"))


def test_without_its_standby_a_commit_is_given_up_in_time_and_is_done_once_it_is_back(site, monkeypatch):
    world = submitted(2)
    client = signed_in(world.client)
    site.standby.leave()
    assert {each.vital.name: each.figure for each in vitals.read()}["standby_missing"] == 1
    with monkeypatch.context() as hasty:
        hasty.setitem(connections["default"].settings_dict, "PATIENCE", (40.0, 0.5))
        connections["default"].close()
        page = release(client, world)
        connections["default"].close()
    assert (page.status_code, page["Cairn-Trouble"]) == (503, "busy")
    assert f">\n{PAID}</textarea>" in page.text
    assert waiting(site) == 1
    assert not Earning.objects.exists()  # nobody sees what no standby has
    assert client.get("/jobs/").status_code == 200
    site.standby.join()
    until(lambda: not waiting(site), "end the wait")
    assert release(client, world).status_code == 302
    assert str(Earning.objects.get().gross) == PAID
    assert {each.vital.name: each.figure for each in vitals.read()}["standby_missing"] == 0
    books_hold()


def test_postgresql_ends_such_a_wait_at_no_timeout_and_who_cancels_it_is_told_that_it_is_done(site):
    """Why we give up ourselves, and why nothing is cancelled: docs/decisions/0017-standby.md."""
    owner = psycopg.connect(site.url(NAME), autocommit=True, options="-c statement_timeout=200")
    with owner:
        site.standby.leave()
        told: list[str] = []
        commits = threading.Thread(target=lambda: told.append(owner.execute("CREATE TABLE waits ()").statusmessage))
        commits.start()
        until(lambda: waiting(site) == 1, "wait")
        commits.join(1)
        assert (told, waiting(site)) == ([], 1)
        servant.ask(site.primary, f"SELECT pg_cancel_backend({owner.info.backend_pid})")
        commits.join(60)
        assert told == ["CREATE TABLE"]
        site.standby.join()


def test_without_a_standby_nothing_of_this_is_there():
    with pytest.raises(MiddlewareNotUsed):
        standby.FromStandby(lambda _request: HttpResponse())
    with pytest.raises(ConnectionDoesNotExist):
        connections[standby.ALIAS]
    assert standby.behind() == 0


def test_what_was_acknowledged_outlives_the_primary_and_a_standby_nobody_waits_for_is_noticed(
    servers, monkeypatch, tmp_path: Path
):
    """The last one here: afterwards there is one server left."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "proof.settings")
    clone(failover.NAME, EMPTY)
    point_at(failover.NAME)
    plan, result = Plan(5, True, tmp_path), Result("failover")
    failover.fail_over(plan, 1, SMALL, servers, result)
    assert result.operations > 10
    assert result.evaluated > 20
    assert result.holds, (result.failures, result.notes)
    books_hold()
    failover.control(plan, SMALL, servers, result)
    assert (result.guards, result.noticed) == (1, 1), result.notes
