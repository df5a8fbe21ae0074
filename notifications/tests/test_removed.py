"""Who is removed from a team hears nothing more of its contracts, not even what was on its way (X11)."""

import uuid
from functools import partial

import pytest

from contracts.tests.visiting import at, signed_in
from marketplace.teams import members
from notifications.bell import unread
from notifications.messages.posting import post_message
from notifications.models import Channel, Delivery, DeliveryStatus
from notifications.people import people_of
from notifications.sending import send_due
from tests.factories import agreed

pytestmark = pytest.mark.django_db


def test_an_open_page_is_404_and_nothing_more_is_told():
    world = agreed(2, agency=True, current="active")
    contract, browser = world.contract, signed_in(world.member)
    pages = ["", "messages/", "activity/", "terms/"]
    assert {browser.get(at(contract, page)).status_code for page in pages} == {200}
    say = partial(post_message, contract=contract, by=world.client, text="Hello")
    say(key=uuid.uuid4())
    theirs = Delivery.objects.filter(recipient=world.member)
    before, hearing = theirs.count(), {person.user_id for person in people_of(contract)}
    assert before
    assert unread(world.member)
    members.remove(party=contract.talent, by=world.talent, person=world.member)
    assert {browser.get(at(contract, page)).status_code for page in pages} == {404}
    assert browser.post(at(contract, "messages/"), {"text": "Still here"}).status_code == 404
    say(key=uuid.uuid4())
    assert (theirs.count(), unread(world.member)) == (before, 0)
    assert hearing - {person.user_id for person in people_of(contract)} == {world.member.pk}
    theirs.filter(channel=Channel.EMAIL, status=DeliveryStatus.WAITING).update(due_at=contract.created_at)
    send_due()
    assert not theirs.filter(channel=Channel.EMAIL, status=DeliveryStatus.WAITING).exists()
    assert not theirs.filter(channel=Channel.EMAIL, status=DeliveryStatus.SENT).exists()
