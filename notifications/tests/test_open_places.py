"""Where a notice leads to is open to whoever reads it: the page that it is about, or else the contract's room."""

import pytest

from contracts.demo import acts
from contracts.models import Contract, EventKind
from contracts.operations.disputes import open_dispute
from contracts.states import MilestoneStatus
from contracts.tests.asking import asked
from contracts.tests.visiting import signed_in
from marketplace.models import User
from notifications.links import place_of
from notifications.people import people_of
from tests.factories import Agreed, agreed, offered

pytestmark = pytest.mark.django_db


def lead_somewhere(world: Agreed) -> set[str]:
    """The kinds of events so far; each is followed from there by everybody on the contract."""
    for person in people_of(world.contract):
        reader = User.objects.get(pk=person.user_id)
        room, browser = Contract.objects.visible_to(reader).get(pk=world.contract.pk), signed_in(reader)
        for event in world.contract.events.select_related("milestone", "request"):
            place = place_of(event, room)
            assert browser.get(place.path).status_code == 200, f"{event.kind}, {person}: {place.path}"
    return set(world.contract.events.values_list("kind", flat=True))


@pytest.mark.parametrize("status", [
    MilestoneStatus.ACTIVE, MilestoneStatus.SUBMITTED, MilestoneStatus.CHANGES_REQUESTED,
])  # fmt: skip
def test_b11_every_link_is_open_to_everybody_on_a_contract(status):
    world = agreed(6, agency=True, paid=1, current=status)
    asked(world)
    assert EventKind.REQUEST_SENT in lead_somewhere(world)


def test_b11_every_link_is_open_to_everybody_on_an_offer():
    assert EventKind.OFFER_SENT in lead_somewhere(offered(2, agency=True))


def test_b11_every_link_is_open_to_everybody_in_a_dispute():
    world = agreed(2, agency=True, paid=1, current=MilestoneStatus.SUBMITTED)
    acts.ask_back(world.contract, "It is not what we agreed on.")
    assert EventKind.REFUND_REQUESTED in lead_somewhere(world)
    open_dispute(contract=world.contract, by=world.talent, reason="It is.")
    assert EventKind.DISPUTE_OPENED in lead_somewhere(world)
