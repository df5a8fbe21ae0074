"""Who of an agency works on a contract: chosen by its managers, from the offer to the end."""

import pytest

from contracts.tests.visiting import at, followed, said, signed_in
from marketplace.models import PartyKind
from tests.books import books_hold
from tests.factories import Agreed, agreed, ended, joined, offered, outsider

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Agreed:
    return agreed(2, agency=True)


def choose(user, contract, *members, browser=None):
    keys = [member.memberships.get(party__kind=PartyKind.AGENCY).pk for member in members]
    return (browser or signed_in(user)).post(at(contract, "members/"), {"members": keys})


def chosen(contract) -> set:
    return {each.membership.user for each in contract.members.select_related("membership__user")}


def test_a_manager_sees_who_is_assigned_and_assigns_others(world):
    browser = signed_in(world.talent)
    page = browser.get(at(world.contract, "members/"))
    assert all(member.name in said(page) for member in (world.member, world.idle))
    assert page.content.decode().count(" checked") == 1
    answer = choose(world.talent, world.contract, world.idle, browser=browser)
    assert "It is settled who works on this contract." in followed(browser, answer)
    assert chosen(world.contract) == {world.idle}
    assert signed_in(world.member).get(at(world.contract, "")).status_code == 404
    assert signed_in(world.idle).get(at(world.contract, "")).status_code == 200


def test_nobody_or_all_can_be_assigned_and_twice_is_once(world):
    for members in ((), (world.member, world.idle), (world.member, world.idle)):
        assert choose(world.talent, world.contract, *members).status_code == 302
        assert chosen(world.contract) == set(members)
    assert world.contract.events.filter(kind="members_assigned").count() == 3  # one of them with the offer


def test_members_of_another_agency_are_refused(world):
    other = agreed(1, agency=True)
    assert choose(world.talent, world.contract, world.idle, other.member).status_code == 422
    for key in ("x", "-1", str(2**63), "\x00"):
        answer = signed_in(world.talent).post(at(world.contract, "members/"), {"members": [key]})
        assert answer.status_code == 422
    assert chosen(world.contract) == {world.member}


def test_only_an_agencys_managers_may(world):
    freelance = agreed(1)
    assert signed_in(freelance.talent).get(at(freelance.contract, "members/")).status_code == 403
    for user, status in ((world.client, 403), (world.member, 403), (world.idle, 404), (outsider(), 404)):
        assert signed_in(user).get(at(world.contract, "members/")).status_code == status
        assert choose(user, world.contract).status_code == status
    assert chosen(world.contract) == {world.member}


def test_an_agency_of_managers_only_is_told_so():
    world = offered(1, agency=True)
    manager = joined(world.contract.talent, "manager")
    world.contract.talent.memberships.filter(role="member").delete()
    page = said(signed_in(manager).get(at(world.contract, "members/")))
    assert "Your agency has managers only" in page


def test_after_the_end_nobody_is_assigned_any_more():
    world = ended(1, agency=True, paid=1)
    assert signed_in(world.talent).get(at(world.contract, "members/")).status_code == 409
    assert choose(world.talent, world.contract, world.idle).status_code == 409
    assert chosen(world.contract) == {world.member}
    books_hold()
