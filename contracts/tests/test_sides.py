"""Whom a party may take onto its team: nobody who acts for the other side of a contract that still matters (S12)."""

from datetime import timedelta

import pytest

from contracts.models import Contract
from contracts.operations import offers
from contracts.operations.sides import acts_for_the_other_side
from contracts.tests.visiting import signed_in
from marketplace import clock
from marketplace.models import User
from marketplace.teams import invitations, refusals
from marketplace.tests.inviting import confirmed
from tests.factories import Agreed, agreed, ended, joined, offered

pytestmark = pytest.mark.django_db


def invited(world: Agreed, email: str) -> object:
    """The agency's manager invites somebody."""
    return invitations.invite(party=world.contract.talent, by=world.talent, email=email, role="member")


@pytest.mark.parametrize("make", [offered, agreed], ids=["offered", "active"])
def test_s12_nobody_of_the_other_side_is_invited(make):
    world = make(1, agency=True)
    for person in (world.client, world.manager, world.viewer):
        with pytest.raises(refusals.OtherSide, match="the other side of one of your contracts"):
            invited(world, person.email)
    with pytest.raises(refusals.OtherSide):
        invitations.invite(party=world.contract.client, by=world.client, email=world.idle.email, role="viewer")
    assert invited(world, joined(agreed(1).contract.client, "viewer").email)  # of somebody else's contract


def test_s12_the_page_says_why_and_keeps_what_was_typed():
    world = agreed(1, agency=True)
    answer = signed_in(world.talent).post(
        f"/parties/{world.contract.talent_id}/team/invitations/", {"email": world.viewer.email, "role": "member"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Nobody is on both sides of a contract." in page
    assert world.viewer.email in page


def test_s12_who_joined_the_other_side_since_cannot_accept():
    world, nora = agreed(1, agency=True), confirmed("nora@cairn.test")
    made = [
        invited(world, nora.email),
        invitations.invite(party=world.contract.client, by=world.client, email=nora.email, role="viewer"),
    ]
    browser = signed_in(nora)
    links = [f"/invitations/{invitations.token_of(each)}/" for each in made]
    assert [browser.post(link, {"answer": "accept"}).status_code for link in links] == [302, 422]
    assert "You act for the other side" in browser.post(links[1], {"answer": "accept"}).content.decode()
    assert browser.post(links[1], {"answer": "decline"}).status_code == 302


def test_s12_after_the_end_there_is_a_time_in_which_it_matters():
    world = ended(1, agency=True)
    agency, client = world.contract.talent, world.client
    contract = Contract.objects.get(pk=world.contract.pk)
    assert acts_for_the_other_side(agency, client)
    clock.advance(timedelta(days=contract.bonus_days, minutes=-1))
    assert acts_for_the_other_side(agency, client)
    clock.advance(timedelta(minutes=2))
    assert not acts_for_the_other_side(agency, client)


def test_s12_an_offer_that_came_to_nothing_keeps_nobody_apart():
    world = offered(1, agency=True)
    agency, person = world.contract.talent, world.viewer
    offers.decline_offer(contract=world.contract, by=world.talent)
    assert not acts_for_the_other_side(agency, person)
    assert not acts_for_the_other_side(agency, User.objects.create(email="x@cairn.test", name="X"))
