"""People of the demo write to each other; nobody does so on a contract that is not of a demo's past."""

import pytest
from django.core.management import call_command

from contracts.demo.texts import WEBSITE
from contracts.models import Contract, Event, EventKind
from marketplace.models import User
from notifications import demo
from notifications.messages.inbox import unread_of
from notifications.models import Post
from tests.factories import offered


def test_the_demo_has_conversations_and_one_of_them_is_unread(own_database, django_db_blocker):
    with django_db_blocker.unblock():
        call_command("demo", verbosity=0)
        said = Post.objects.filter(by__isnull=False)
        client = User.objects.get(email="client@cairn.test")
        unread = unread_of(client, client.memberships.get().party)

        assert set(said.values_list("contract__title", "text")) == {
            (title, text) for (title, _kind), lines in demo.SAID.items() for _side, text in lines
        }
        assert {Contract.objects.get(pk=key).title: count for key, count in unread.items()} == {"Mobile app": 1}


@pytest.mark.django_db
def test_outside_a_demo_nobody_is_made_to_say_anything():
    world = offered(title=WEBSITE.title)
    event = Event.objects.create(contract=world.contract, kind=EventKind.OFFER_ACCEPTED, by=world.talent)

    demo.on_event(Event, event)

    assert not Post.objects.exists()
