"""The doors of the plan editor and of Add new milestone: who gets in, by which method, and with which token."""

import re
import uuid

import pytest
from django.test import Client

from contracts.models import Contract
from contracts.states import MilestoneStatus
from contracts.tests.browsing import HTMX, Editor, address, post, read, text, with_class
from contracts.tests.editing import traces
from contracts.tests.test_jobs import signed_in
from contracts.tests.test_room import TOKEN
from marketplace.models import User
from tests.factories import agreed, end, outsider

S = MilestoneStatus
DOORS = [
    ("get", ""), ("post", ""), ("post", "changes/"), ("post", "draft/"), ("get", "row/"), ("get", "2/?revision=1"),
    ("get", "new/"), ("post", "new/"),
]  # fmt: skip
WAYS = pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
pytestmark = pytest.mark.django_db


def through(door: tuple[str, str], browser: Client, contract: Contract, *, to: str = "", **headers: str):
    """What a door answers: with a well-formed post behind it, if it takes one."""
    method, page = door
    where = to + page if to else address(contract, page)
    if method == "get":
        return browser.get(where, headers=headers)
    new = [("title", "Mine"), ("amount", "50"), ("key", str(uuid.uuid4()))]
    kept = [("revision", "1"), *(("key", str(key)) for key in contract.plan().keys[-1:])]
    return post(browser, where, new if page == "new/" else kept, **headers)


def renamed(contract: Contract) -> list[tuple[str, str]]:
    """A post that gives the last milestone another title."""
    key = contract.plan().keys[-1]
    return [("revision", "1"), ("key", str(key)), (f"title-{key}", "Renamed")]


# Who gets in


@WAYS
@pytest.mark.parametrize("door", DOORS, ids=" ".join)
def test_to_outsiders_there_is_no_editor(door, headers):
    world = agreed(agency=True)
    before = traces(world.contract)
    missing = f"/contracts/{uuid.uuid4()}/milestones/"
    for user in (outsider(), world.idle, User.objects.create_superuser("root@cairn.test", name="Root")):
        browser = signed_in(user)
        there = through(door, browser, world.contract, **headers)
        nowhere = through(door, browser, world.contract, to=missing, **headers)
        assert (there.status_code, nowhere.status_code) == (404, 404)
        assert TOKEN.sub("", there.content.decode()) == TOKEN.sub("", nowhere.content.decode())
    assert traces(world.contract) == before


@WAYS
@pytest.mark.parametrize("door", DOORS, ids=" ".join)
def test_who_may_only_look_is_refused(door, headers):
    for world in (agreed(agency=True), agreed()):
        before = traces(world.contract)
        for user in filter(None, (world.viewer, world.member)):
            assert through(door, signed_in(user), world.contract, **headers).status_code == 403
        assert traces(world.contract) == before


@pytest.mark.parametrize("door", DOORS, ids=" ".join)
def test_strangers_are_led_to_the_sign_in_page(door):
    contract = agreed().contract
    assert through(door, Client(), contract).status_code == 302
    assert through(door, Client(), contract, **HTMX).status_code == 401
    assert contract.plan_version == 1


@WAYS
@pytest.mark.parametrize("door", [door for door in DOORS if door[1] in {"", "new/"}], ids=" ".join)
def test_b42_the_plan_of_an_ended_contract_is_closed(door, headers):
    world = agreed()
    end(world.contract)
    before = traces(world.contract)
    answer = through(door, signed_in(world.client), world.contract, **headers)
    assert answer.status_code == 409
    assert "no longer" in text(read(answer))
    assert traces(world.contract) == before


def test_b42_a_contract_that_ended_while_i_was_typing_leaves_what_i_typed_where_it_is():
    world = agreed()
    editor = Editor(world.client, world.contract)
    editor.type(editor.keys[0], title="Too late")
    end(world.contract)
    assert editor.save().status_code == 409
    assert ("title-" + editor.keys[0], "Too late") in editor.fields
    assert "not active" in text(with_class(editor.page, "notice-error")[0])
    assert read(editor.post("draft/")).find(".//form") is not None


@pytest.mark.parametrize("door", DOORS, ids=" ".join)
def test_each_address_takes_only_its_own_methods(door):
    world = agreed()
    browser, where = signed_in(world.client), address(world.contract, door[1].replace("KEY", str(uuid.uuid4())))
    wrong = {"put", "patch", "delete"} | ({"post"} if door[1][:3] in {"row", "2/?"} else set())
    wrong |= {"get", "head"} if door[1] in {"changes/", "draft/"} else set()
    for method in wrong:
        assert getattr(browser, method)(where).status_code == 405


@pytest.mark.parametrize("door", [door for door in DOORS if door[0] == "post"], ids=" ".join)
def test_a_post_without_its_token_is_refused(door):
    world = agreed()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.client)
    assert through(door, browser, world.contract).status_code == 403
    assert through(door, browser, world.contract, **HTMX, **{"X-CSRFToken": "x" * 64}).status_code == 403
    assert world.contract.revisions.count() == 1


def test_the_token_in_the_form_is_taken():
    world = agreed()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.client)
    page = browser.get(address(world.contract)).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    answer = post(browser, address(world.contract), [("csrfmiddlewaretoken", token), *renamed(world.contract)])
    assert answer.status_code == 302
