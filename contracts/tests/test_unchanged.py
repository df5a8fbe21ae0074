"""An Overview that nothing happened to: 304, at the price of one lookup, until anything on it is different."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from contracts.models import Contract, Milestone
from contracts.states import MilestoneStatus
from contracts.tests.browsing import HTMX
from contracts.tests.editing import edited, save
from contracts.tests.test_jobs import signed_in
from contracts.tests.test_room import room
from marketplace import clock
from marketplace.models import MemberRole, Membership, Party, User
from tests.factories import Agreed, agreed, card, ended, fund, offered, submitted

S = MilestoneStatus
pytestmark = pytest.mark.django_db


def tag_of(browser: Client, contract: Contract, **headers: str) -> str:
    return browser.get(room(contract), headers=headers)["ETag"]


def again(browser: Client, contract: Contract, tag: str, **headers: str) -> int:
    return browser.get(room(contract), headers={"If-None-Match": tag, **headers}).status_code


@pytest.mark.parametrize("size", [1, 199])
def test_an_unchanged_overview_takes_one_lookup(django_assert_num_queries, size):
    world = agreed(size)
    browser = signed_in(world.client)
    tag, part = tag_of(browser, world.contract), tag_of(browser, world.contract, **HTMX)
    with django_assert_num_queries(4):  # session, user, contract, and the parties of the header
        assert again(browser, world.contract, tag) == 304
    with django_assert_num_queries(3):
        assert again(browser, world.contract, part, **HTMX) == 304
    assert again(browser, world.contract, part) == again(browser, world.contract, tag, **HTMX) == 200


def test_a_304_says_what_the_page_said_and_nothing_else():
    world = agreed()
    browser = signed_in(world.client)
    first = browser.get(room(world.contract))
    answer = browser.get(room(world.contract), headers={"If-None-Match": first["ETag"]})
    assert (answer.content, answer["ETag"], answer["Cache-Control"]) == (b"", first["ETag"], "private, no-cache")
    assert set(answer["Vary"].split(", ")) == {"HX-Request", "Cookie"}
    assert answer["Server-Timing"].startswith('now;desc="')


def test_what_is_the_same_for_two_people_has_two_tags():
    world = agreed(agency=True)
    people = (world.client, world.manager, world.viewer, world.talent, world.member)
    tags = [tag_of(signed_in(user), world.contract) for user in (*people, world.client)]
    assert len(set(tags)) == len(tags)


def change_plan(world: Agreed) -> None:
    plan = world.contract.plan()
    save(world.contract, edited(plan, 3, title="Another title"), by=world.client)


def rename(kind: str) -> Callable[[Agreed], None]:
    def do(world: Agreed) -> None:
        Party.objects.filter(pk=getattr(world.contract, f"{kind}_id")).update(name="Another name")

    return do


def me(**values: str) -> Callable[[Agreed], None]:
    return lambda world: User.objects.filter(pk=world.client.pk).update(**values)


def demote(world: Agreed) -> None:
    Membership.objects.filter(user=world.client).update(role=MemberRole.VIEWER)


def a_day_passes(world: Agreed) -> None:
    clock.advance(timedelta(days=1))


def start_to_pay(world: Agreed) -> None:
    """Nothing is told of it until the bank has answered."""
    fund(world.contract.milestones.get(position=2), card(world.contract.client, "4000002500003155"))


CHANGES = {
    "plan": change_plan, "paying": start_to_pay, "client": rename("client"), "talent": rename("talent"),
    "day": a_day_passes, "name": me(name="Somebody Else"), "zone": me(time_zone="Asia/Tokyo"), "role": demote,
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_different_on_it_makes_it_another(change):
    world = agreed(3, paid=1)
    browser = signed_in(world.client)
    tag = tag_of(browser, world.contract)
    assert again(browser, world.contract, tag) == 304
    CHANGES[change](world)
    assert again(browser, world.contract, tag) == 200


def test_what_is_said_once_is_said_and_not_kept():
    world = agreed()
    browser = signed_in(world.client)
    tag = tag_of(browser, world.contract)
    browser.post(
        "/settings/", {"name": world.client.name, "time_zone": world.client.time_zone, "email": world.client.email}
    )
    answer = browser.get(room(world.contract), headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert "flash-success" in answer.content.decode()
    assert "ETag" not in answer
    assert again(browser, world.contract, tag) == 304


def test_while_a_clock_runs_a_page_is_another_each_minute():
    world = submitted()
    browser = signed_in(world.client)
    assert Milestone.objects.filter(status=S.SUBMITTED, review_by__isnull=False).count() == 1
    tag = tag_of(browser, world.contract)
    clock.advance(timedelta(minutes=1))
    assert again(browser, world.contract, tag) == 200


def test_while_none_runs_it_is_the_same_for_the_day():
    world = agreed()
    browser = signed_in(world.client)
    tag = tag_of(browser, world.contract)
    day = clock.now().date()
    clock.advance(timedelta(minutes=1))
    assert again(browser, world.contract, tag) == (304 if clock.now().date() == day else 200)


def test_b24_once_the_time_for_a_bonus_is_over_it_has_no_door_to_one():
    world = ended()
    browser = signed_in(world.client)
    contract = Contract.objects.get(pk=world.contract.pk)
    clock.advance(contract.bonus_until - clock.now() - timedelta(seconds=30))
    tag = tag_of(browser, contract)
    assert again(browser, contract, tag) == 304
    assert "Pay a bonus" in browser.get(room(contract)).content.decode()
    clock.advance(timedelta(minutes=1))
    assert again(browser, contract, tag) == 200
    assert "Pay a bonus" not in browser.get(room(contract)).content.decode()


def test_an_offer_is_never_said_to_be_unchanged():
    world = offered()
    assert "ETag" not in signed_in(world.client).get(room(world.contract))
