"""Posting, editing and reading messages: who may, what is refused, and that nothing happens twice."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from contracts.demo import acts
from contracts.operations.offers import decline_offer
from contracts.refusals import KeyReused, NotAllowed
from contracts.states import MilestoneStatus
from contracts.tests.visiting import said, signed_in
from escrow.tests.paying import DECLINES
from marketplace import clock
from notifications.messages.posting import (
    EditTimeOver,
    NothingSaid,
    NotSent,
    TooMany,
    edit_message,
    mark_read,
    may_post,
    post_message,
)
from notifications.models import Audience, Conversation, Post, ReadMark
from notifications.tests.writing import at, write
from tests.factories import agreed, card, ended, joined, offered, outsider, plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return agreed(2, agency=True, current=MilestoneStatus.ACTIVE)


def unread(user) -> int:
    return ReadMark.objects.get(user=user).unread


@pytest.mark.parametrize("role", ["client", "manager", "talent", "member"])
def test_whoever_the_roles_allow_posts_to_both_sides(world, role):
    post = write(world, getattr(world, role), "Grüße, 你好\n- two lines")
    assert (post.by, post.text, post.audience) == (getattr(world, role), "Grüße, 你好\n- two lines", Audience.BOTH)
    assert Conversation.objects.get().last == post


@pytest.mark.parametrize("role", ["viewer", "idle", "outsider"])
def test_a_viewer_and_whoever_does_not_see_the_contract_cannot_post(world, role):
    with pytest.raises(NotAllowed):
        write(world, outsider() if role == "outsider" else getattr(world, role))
    assert not Post.objects.filter(event=None).exists()


def test_a_freelancer_posts_and_who_left_does_not():
    world = agreed(1)
    assert write(world, world.talent).by == world.talent
    world.talent.memberships.all().delete()
    with pytest.raises(NotAllowed):
        write(world, world.talent, "Once more")


def test_both_sides_talk_before_the_answer_after_it_and_after_the_end():
    open_offer, over = offered(1), ended(2)
    declined = offered(1)
    decline_offer(contract=declined.contract, by=declined.talent, reason="")
    for each in (open_offer, over, declined):
        assert write(each, each.client).pk < write(each, each.talent).pk


def test_b40_nobody_writes_into_an_offer_that_was_never_sent():
    sent = offered(1)
    declined = card(sent.contract.client, DECLINES)
    draft = acts.offer(sent.contract.job, sent.contract.talent, plan(1), declined, title="Draft", by=sent.client)
    with pytest.raises(NotSent):
        post_message(contract=draft, by=sent.client, key=uuid.uuid4(), text="Hello?")
    with pytest.raises(NotAllowed):
        post_message(contract=draft, by=sent.talent, key=uuid.uuid4(), text="Hello?")
    assert "as soon as the offer was sent" in said(signed_in(sent.client).get(at(draft)))


def test_the_same_form_twice_posts_once_and_for_something_else_is_refused(world):
    key = uuid.uuid4()
    first, second = (write(world, world.client, "Once", key=key) for _twice in range(2))
    assert first == second
    for by, words in ((world.client, "Other"), (world.manager, "Once")):
        with pytest.raises(KeyReused):
            write(world, by, words, key=key)
    other = agreed(1)
    with pytest.raises(KeyReused):
        post_message(contract=other.contract, by=other.client, key=key, text="Once")
    assert Post.objects.filter(event=None).count() == 1


def test_a_message_says_something(world):
    with pytest.raises(NothingSaid):
        write(world, world.client, "")


def test_twenty_in_a_minute_and_two_hundred_in_an_hour_are_enough(world):
    second = agreed(1)
    second.contract.talent.memberships.create(user=world.talent, role="owner")
    for number in range(20):
        write(world if number % 2 else second, world.talent, f"Message {number}")
    with pytest.raises(TooMany):
        write(second, world.talent)
    write(world, world.client)
    clock.advance(timedelta(minutes=1, seconds=1))
    Post.objects.bulk_create(
        Post(contract=world.contract, by=world.talent, text="x", at=clock.now() - timedelta(minutes=2))
        for _each in range(179)
    )
    write(world, world.talent)
    with pytest.raises(TooMany):
        write(world, world.talent)
    clock.advance(timedelta(hours=1))
    write(world, world.talent)


def test_the_author_edits_within_ten_minutes_and_nobody_else_does(world):
    post = write(world, world.client, "Helo")
    for other in (world.manager, world.talent, world.viewer):
        with pytest.raises(NotAllowed):
            edit_message(post=post, by=other, text="Mine now")
    assert edit_message(post=post, by=world.client, text="Helo").edited_at is None
    edited = edit_message(post=post, by=world.client, text="Hello")
    assert (edited.text, edited.edited_at is not None) == ("Hello", True)
    with pytest.raises(NothingSaid):
        edit_message(post=post, by=world.client, text="")
    clock.advance(timedelta(minutes=10))
    with pytest.raises(EditTimeOver):
        edit_message(post=post, by=world.client, text="Hello!")
    post.refresh_from_db()
    assert post.text == "Hello"


def test_what_cairn_says_of_an_event_is_edited_by_nobody(world):
    post = Post.objects.create(contract=world.contract, event=world.contract.events.latest("pk"))
    for user in (world.client, world.talent):
        with pytest.raises(NotAllowed):
            edit_message(post=post, by=user, text="It never happened")


def test_each_reader_has_what_others_wrote_since_they_read(world):
    first = write(world, world.client)
    second = write(world, world.talent)
    counts = {user: unread(user) for user in (world.client, world.manager, world.viewer, world.talent, world.member)}
    assert list(counts.values()) == [1, 2, 2, 1, 2]
    assert not ReadMark.objects.filter(user=world.idle).exists()
    mark_read(contract=world.contract, by=world.manager, upto=first.pk)
    assert unread(world.manager) == 1
    mark_read(contract=world.contract, by=world.manager, upto=second.pk)
    mark_read(contract=world.contract, by=world.manager, upto=first.pk)
    mark = ReadMark.objects.get(user=world.manager)
    assert (mark.upto, mark.unread) == (second.pk, 0)
    write(world, world.manager)
    assert [unread(user) for user in (world.manager, world.client)] == [0, 2]


def test_who_joins_later_has_nothing_unread_of_the_time_before(world):
    write(world, world.client)
    late = joined(world.contract.talent, "manager")
    assert not ReadMark.objects.filter(user=late).exists()
    write(world, world.client)
    assert unread(late) == 1


def test_it_can_be_said_beforehand_whether_one_may_post(world):
    contracts = type(world.contract).objects
    roles = ("client", "manager", "talent", "member")
    assert all(may_post(contracts.visible_to(getattr(world, role)).get()) for role in roles)
    assert not may_post(contracts.visible_to(world.viewer).get())


def test_posting_takes_as_many_queries_for_ten_readers_as_for_five(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(30) as few:
        write(world, world.client)
    for _each in range(5):
        joined(world.contract.talent, "manager")
    with django_assert_max_num_queries(30) as many:
        write(world, world.client)
    assert len(many) <= len(few)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM notifications_post", "UPDATE notifications_post SET by_id = NULL",
        "UPDATE notifications_post SET at = now()", "UPDATE notifications_postfile SET name = 'x'",
        "DELETE FROM notifications_postfile",
    ],
)  # fmt: skip
def test_of_what_was_said_the_application_can_change_the_text_alone(statement):
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
