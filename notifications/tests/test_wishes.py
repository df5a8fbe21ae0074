"""What can be put off: reminders, feedback and messages, at once, once a day or not at all. Everything else is told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contracts.models import Event, EventKind
from marketplace import clock
from marketplace.models import User
from notifications import queue
from notifications.links import read_token
from notifications.models import Channel, Delivery, How, Post, ReadMark, Topic
from notifications.sending import send_due
from notifications.telling import UNREAD_FOR, tell, tell_post
from notifications.wishes import Wish, next_digest, silence, wish, wishes
from tests.factories import Agreed, agreed

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(outbox) -> Agreed:
    world = agreed(2)
    outbox()
    return world


def channels(user: User, post: Post) -> set[str]:
    return set(Delivery.objects.filter(post=post, recipient=user).values_list("channel", flat=True))


def remind(world: Agreed) -> Post:
    return tell(
        Event.objects.create(contract=world.contract, kind=EventKind.REVIEW_REMINDER, milestone=first(world)).pk
    )


def first(world: Agreed):
    return world.contract.milestones.get(position=1)


def write(world: Agreed, text: str = "Hello") -> Post:
    post = Post.objects.create(contract=world.contract, by=world.talent, text=text)
    tell_post(post, world.talent)
    return post


def after(mailoutbox, wait: timedelta) -> list:
    clock.advance(wait)
    del mailoutbox[:]
    send_due()
    return list(mailoutbox)


def test_whoever_chose_nothing_is_told_at_once_by_both(world):
    assert wishes(world.client) == dict.fromkeys(Topic, Wish(How.AT_ONCE, bell=True))
    assert channels(world.client, remind(world)) == {"bell", "email"}


@pytest.mark.parametrize(("email", "bell", "expected"), [
    (How.OFF, True, {"bell"}), (How.OFF, False, set()), (How.AT_ONCE, False, {"email"}),
    (How.DAILY, True, {"bell", "email"}),
])  # fmt: skip
def test_a_topic_is_told_as_it_was_chosen(world, email, bell, expected):
    wish(by=world.client, topic=Topic.REMINDERS, email=email, bell=bell)
    assert channels(world.client, remind(world)) == expected
    assert channels(world.manager, Post.objects.latest("pk")) == {"bell", "email"}


def test_b11_plans_requests_and_money_are_told_whatever_was_chosen(world):
    for topic in Topic:
        wish(by=world.client, topic=topic, email=How.OFF, bell=False)
    for kind in (EventKind.PLAN_SAVED, EventKind.REQUEST_SENT, EventKind.BONUS_PAID, EventKind.REFUND_COUNTERED):
        event = Event.objects.create(contract=world.contract, kind=kind, by=world.talent)
        assert channels(world.client, tell(event.pk)) == {"bell", "email"}


def test_an_email_of_ten_messages_costs_as_many_queries_as_one_of_one(world):
    clock.advance(UNREAD_FOR)
    send_due()
    counts = []
    for messages in (1, 10):
        for _each in range(messages):
            write(world)
        clock.advance(UNREAD_FOR)
        with CaptureQueriesContext(connection) as queries:
            assert send_due() == 2
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_topic_that_was_switched_off_meanwhile_is_not_sent(world, mailoutbox):
    remind(world)
    silence(by=world.client, topic=Topic.REMINDERS)
    assert world.client.email not in [mail.to[0] for mail in after(mailoutbox, timedelta(0))]
    assert Delivery.objects.filter(recipient=world.client, channel="email").latest("pk").status == "dropped"


@pytest.mark.parametrize(("zone", "now", "expected"), [
    ("UTC", "07:59", "08:00"), ("UTC", "08:00", "08:00+1"), ("Asia/Tokyo", "22:30", "23:00"),
    ("America/New_York", "12:00", "13:00"), ("Nowhere/At_All", "01:00", "08:00"),
])  # fmt: skip
def test_the_digest_goes_out_at_eight_on_the_readers_own_clock(zone, now, expected):
    moment = datetime.fromisoformat(f"2026-11-23T{now}+00:00")
    wanted = datetime.fromisoformat(f"2026-11-23T{expected[:5]}+00:00") + timedelta(days=expected.endswith("+1"))
    assert next_digest(moment, zone).astimezone(UTC) == wanted


def test_a_digest_has_the_day_in_one_email(world, mailoutbox):
    for topic in Topic:
        wish(by=world.client, topic=topic, email=How.DAILY, bell=True)
    remind(world)
    write(world, "Shall I start?")
    write(world, "I will.")
    (mail,) = [mail for mail in after(mailoutbox, timedelta(days=1)) if mail.to == [world.client.email]]
    assert mail.subject.startswith("Your day on Cairn: ")
    token = mail.extra_headers["List-Unsubscribe"].rstrip("/>").rpartition("/")[2]
    assert read_token(token) == (world.client.pk, (Topic.REMINDERS, Topic.MESSAGES))
    for part in (mail.body, mail.alternatives[0].content):
        assert "Kick-off waits for your review" in part.replace("<bdi>", "").replace("</bdi>", "")
        assert "wrote you" in part


def test_a_message_is_told_by_email_once_it_was_not_read_for_ten_minutes(world, mailoutbox):
    write(world, "Shall I start?")
    assert after(mailoutbox, UNREAD_FOR - timedelta(seconds=30)) == []
    mails = after(mailoutbox, timedelta(seconds=30))
    assert {mail.to[0] for mail in mails} == {world.client.email, world.manager.email}
    assert mails[0].subject == f"{world.talent.name} wrote to you · Small works"
    assert "  | Shall I start?" in mails[0].body


def test_unread_messages_of_a_contract_come_in_one_email(world, mailoutbox):
    write(world, "One")
    clock.advance(timedelta(minutes=9))
    write(world, "Two")
    (mail,) = [mail for mail in after(mailoutbox, timedelta(minutes=1)) if mail.to == [world.client.email]]
    assert mail.subject == f"{world.talent.name} wrote you 2 messages · Small works"
    assert mail.body.index("| One") < mail.body.index("| Two")
    assert [mail for mail in after(mailoutbox, timedelta(minutes=20)) if mail.to == [world.client.email]] == []


def test_what_was_claimed_and_not_tried_is_put_together_anew(world, mailoutbox):
    write(world, "One")
    write(world, "Two")
    clock.advance(UNREAD_FOR)
    rows = Delivery.objects.filter(recipient=world.client, channel=Channel.EMAIL, post__event=None)
    claimed = queue.claim()
    assert len({row.mail for row in rows.all()}) == 1
    queue.give_back(claimed)
    assert len({row.mail for row in rows.all()}) == 2, "Each may go out with others than before, as another email."
    (mail,) = [mail for mail in after(mailoutbox, timedelta(0)) if mail.to == [world.client.email]]
    assert mail.subject.startswith(f"{world.talent.name} wrote you 2 messages")
    assert {row.tries for row in rows.all()} == {1}


def test_a_message_that_was_read_on_the_site_is_not_sent(world, mailoutbox):
    post = write(world)
    ReadMark.objects.create(user=world.client, contract=world.contract, upto=post.pk)
    assert [mail.to for mail in after(mailoutbox, UNREAD_FOR)] == [[world.manager.email]]


def test_the_bell_has_one_entry_for_the_unread_messages_of_a_contract(world):
    write(world)
    write(world)
    bells = Delivery.objects.filter(recipient=world.client, channel=Channel.BELL, post__event=None)
    assert bells.count() == 1


def test_who_lost_access_meanwhile_gets_no_email(world, mailoutbox):
    remind(world)
    world.contract.client.memberships.filter(user=world.client).delete()
    User.objects.filter(pk=world.manager.pk).update(is_active=False)
    assert after(mailoutbox, timedelta(0)) == []
    assert set(Delivery.objects.filter(post=Post.objects.latest("pk"), channel="email").values_list("status")) == {
        ("dropped",)
    }
