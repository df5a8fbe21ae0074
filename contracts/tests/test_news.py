"""X11: what an open page of a contract learns of what happened since it was made, and what it is not told."""

import re
import uuid

import pytest
from django.test import Client

from contracts.demo import acts
from contracts.operations.plan import save_plan
from contracts.operations.requests import decline_request
from contracts.plan import Plan
from contracts.states import MilestoneStatus
from contracts.tests.asking import TODAY, asked, fresh
from contracts.tests.browsing import HTMX
from tests.factories import Agreed, UserFactory, agreed, end, line

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Agreed:
    return agreed(6, paid=1, current=MilestoneStatus.ACTIVE)


def signed_in(user) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def asks_of(html: str, name: str) -> str:
    """The address that the region with this id asks."""
    return re.search(rf'id="{name}"[^>]*? hx-get="([^"]+)"', html)[1].replace("&amp;", "&")


def page(browser: Client, world: Agreed, path: str = "") -> str:
    return browser.get(f"/contracts/{world.contract.pk}/{path}").content.decode()


def look(browser: Client, address: str):
    return browser.get(address, headers=HTMX)


def save(world: Agreed) -> None:
    contract = fresh(world)
    mine = Plan((*contract.plan(), line("Extra", "80.00")))
    save_plan(contract=contract, by=world.client, base=contract.plan_version, mine=mine, today=TODAY)


def test_x11_a_page_has_news_of_what_came_after_it_and_of_nothing_before(world):
    talent = signed_in(world.talent)
    html = page(talent, world)
    assert look(talent, asks_of(html, "news-asks")).status_code == 204
    save(world)
    told = look(talent, asks_of(html, "news-asks"))
    assert "Updated:" in told.content.decode()
    assert f"<bdi>{world.client.name}</bdi> saved a changed plan" in told.content.decode()
    assert look(talent, asks_of(told.content.decode(), "news-asks")).status_code == 204
    assert look(talent, asks_of(page(talent, world), "news-asks")).status_code == 204


def test_x11_a_page_that_follows_says_nothing_of_what_its_own_user_did(world):
    client = signed_in(world.client)
    address = asks_of(page(client, world), "news-asks")
    save(world)
    assert "Updated:" not in look(client, address).content.decode()
    form = asks_of(page(client, world, "terms/"), "news-asks")
    request = asked(world)
    told = look(client, form).content.decode()
    assert "This changed:" in told
    assert request.by.name in told
    assert '<a href="">Load the new state</a>' in told


def test_x11_outsiders_learn_nothing(world):
    outsider = signed_in(UserFactory())
    save(world)
    for path in ("news/", "activity/news/", "milestones/news/"):
        assert look(outsider, f"/contracts/{world.contract.pk}/{path}?since=0").status_code == 404


def test_x11_the_talent_is_not_told_of_what_is_the_clients_own(world):
    """As in Activity, from which it is taken: news never says more."""
    talent = signed_in(world.talent)
    address = asks_of(page(talent, world, "activity/"), "events-asks")
    assert look(talent, address).status_code == 204
    save(world)
    fresh_rows = look(talent, address).content.decode()
    assert fresh_rows.count('class="event"') == 1
    assert look(talent, asks_of(fresh_rows, "events-asks")).status_code == 204


def test_x3_an_open_editor_learns_who_saved_before_save_does(world):
    client = signed_in(world.client)
    html = page(client, world, "milestones/")
    address = asks_of(html, "editor-asks")
    assert look(client, address).status_code == 204
    save(world)
    told = look(client, address).content.decode()
    assert f"<bdi>{world.client.name}</bdi> saved a change." in told
    assert "Your edits are kept; “Save” will put them on top of it." in told


def test_x3_an_editor_that_knows_what_was_saved_is_not_told_of_it(world):
    client = signed_in(world.client)
    address = asks_of(page(client, world, "milestones/"), "editor-asks")
    save(world)
    knows = re.sub(r"revision=\d+", f"revision={fresh(world).plan_version}", address)
    assert look(client, knows).status_code == 204


def test_b10_an_open_editor_learns_of_a_request_that_stops_it_and_of_its_answer(world):
    client = signed_in(world.client)
    address = asks_of(page(client, world, "milestones/"), "editor-asks")
    request = asked(world)
    told = look(client, address).content.decode()
    assert "cannot be saved as things stand" in told
    assert f"/requests/{request.pk}/" in told
    decline_request(contract=fresh(world), by=world.client, request=request, reason="")
    assert "will put them on top" in look(client, address).content.decode()


def test_b8_the_talents_editor_learns_of_a_save_as_well(world):
    talent = signed_in(world.talent)
    address = asks_of(page(talent, world, "milestones/"), "editor-asks")
    save(world)
    assert "“Send request” will put them on top of it." in look(talent, address).content.decode()


def test_x11_what_does_not_touch_the_plan_is_no_news_to_an_editor(world):
    client = signed_in(world.client)
    address = asks_of(page(client, world, "milestones/"), "editor-asks")
    acts.submit(acts.step(world.contract, 2))
    assert look(client, address).status_code == 204


@pytest.mark.parametrize("path", ["", "terms/", "activity/", "messages/", "milestones/", "bonus/", "end/"])
def test_x11_each_page_names_its_contract_for_the_news(world, path):
    html = page(signed_in(world.client), world, path)
    assert f'data-live-contract="{world.contract.pk}"' in html


def test_x11_damaged_addresses_are_answered(world):
    client = signed_in(world.client)
    for path in ("news/?since=x", "activity/news/?since=-1", f"milestones/news/?since={uuid.uuid4()}&revision="):
        assert look(client, f"/contracts/{world.contract.pk}/{path}").status_code in {200, 204}


def test_x11_my_jobs_is_loaded_anew_once_nothing_is_left_of_what_it_listed(world):
    talent = signed_in(world.talent)
    address = asks_of(talent.get("/jobs/").content.decode(), "jobs-asks")
    assert "Small works" in look(talent, address).content.decode()
    end(world.contract)
    assert (look(talent, address).content, look(talent, address)["HX-Refresh"]) == (b"", "true")
    assert "No contracts yet" in talent.get(address).content.decode()
    for other in ("/jobs/?show=ended", f"/jobs/?after=0-{'0' * 32}"):
        assert "HX-Refresh" not in look(talent, other)
