"""Telling costs the same for one and for ten, and two who tell at once tell once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contracts.models import Event, EventKind
from marketplace import clock
from notifications.models import Channel, Delivery, Post
from notifications.sending import send_due
from notifications.tasks import FORGOTTEN, tell_forgotten
from notifications.telling import tell
from tests.factories import Agreed, agreed, joined
from tests.racing import at_once, both_read_first, refusals


def event(world: Agreed) -> Event:
    return Event.objects.create(contract=world.contract, kind=EventKind.WORK_SUBMITTED, by=world.talent)


@pytest.mark.django_db
def test_a_notice_to_ten_members_costs_as_many_queries_as_one_to_two(django_assert_num_queries):
    world = agreed(1)
    queries = 8
    with django_assert_num_queries(queries):
        tell(event(world).pk)
    for _each in range(8):
        joined(world.contract.client, "manager")
    with django_assert_num_queries(queries):
        post = tell(event(world).pk)
    assert Delivery.objects.filter(post=post, channel=Channel.EMAIL).count() == 10


@pytest.mark.django_db
def test_telling_the_same_event_again_does_nothing():
    world = agreed(1)
    happened = event(world)
    assert tell(happened.pk)
    assert tell(happened.pk) is None
    assert Post.objects.filter(event=happened).count() == 1


def test_two_who_tell_at_once_tell_once(own_database):
    world = agreed(1)
    for _round in range(20):
        happened = event(world)
        at_once(lambda key=happened.pk: tell(key), lambda key=happened.pk: tell(key))
        assert Post.objects.filter(event=happened).count() == 1
        assert Delivery.objects.filter(post__event=happened).count() == 4


def test_two_sweeps_at_once_tell_all_that_was_forgotten_once(own_database):
    world = agreed(1)
    for _round in range(5):
        forgotten = [event(world).pk for _each in range(4)]
        clock.advance(FORGOTTEN)
        at_once(tell_forgotten, tell_forgotten)
        assert Post.objects.filter(event__in=forgotten).count() == 4
        assert Delivery.objects.filter(post__event__in=forgotten).count() == 4 * 4


def test_control_without_the_lock_the_database_keeps_one_post_of_an_event(own_database, guard_off):
    happened = event(agreed(1))
    assert refusals(both_read_first(*[lambda: tell(happened.pk)] * 2)) == ["23505"]
    assert Post.objects.filter(event=happened).count() == 1


def test_two_who_send_at_once_send_once(own_database, mailoutbox):
    world = agreed(1)
    Delivery.objects.all().delete()
    for _round in range(10):
        tell(event(world).pk)
    del mailoutbox[:]
    at_once(send_due, send_due)
    assert len(mailoutbox) == 20
    assert len({mail.extra_headers["Message-ID"] for mail in mailoutbox}) == 20


def test_without_its_lock_an_email_would_go_out_twice(own_database, mailoutbox, guard_off):
    world = agreed(1)
    Delivery.objects.all().delete()
    tell(event(world).pk)
    Delivery.objects.filter(channel=Channel.EMAIL, recipient=world.manager).delete()
    del mailoutbox[:]
    both_read_first(send_due, send_due)
    assert len(mailoutbox) == 2


@pytest.mark.django_db
def test_each_email_of_a_notice_costs_the_same_however_many_there_are(mailoutbox):
    """The contract as its reader may see it, and that it was sent: each by itself, so that a crash repeats one only."""
    world = agreed(1)
    costs = {}
    for count in (2, 3, 10):
        for _each in range(count - world.contract.client.memberships.exclude(role="viewer").count()):
            joined(world.contract.client, "manager")
        tell(event(world).pk)
        Delivery.objects.filter(channel=Channel.EMAIL).exclude(post=Post.objects.latest("pk")).delete()
        del mailoutbox[:]
        with CaptureQueriesContext(connection) as asked:
            send_due()
        assert len(mailoutbox) == count
        costs[count] = len(asked)
    each = costs[3] - costs[2]
    assert costs[10] - costs[3] == 7 * each
    assert each == 2
