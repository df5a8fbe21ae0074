"""Several people who write and read at the same moment: nothing is posted twice, miscounted or over the limit."""

import uuid
from functools import partial

import pytest
from django.db.models import QuerySet

from contracts.models import Contract
from marketplace.prepared import Prepared
from notifications.messages import posting
from notifications.messages.posting import mark_read
from notifications.models import Conversation, Post, ReadMark
from notifications.tests.writing import write
from tests.factories import Agreed, offered
from tests.racing import at_once, both_read_first, kinds, refusals

ROUNDS = 10


@pytest.fixture
def guard_off(monkeypatch) -> None:
    """Nobody locks a row any more."""
    for rows in (QuerySet, Prepared):
        monkeypatch.setattr(rows, "select_for_update", lambda rows, **options: rows)


@pytest.fixture
def world(own_database, django_db_blocker):
    with django_db_blocker.unblock():
        yield offered(1)


def counts_hold(contract: Contract) -> None:
    """Each reader's count is that of what others wrote after what it read; the inbox has the last message."""
    said = Post.objects.filter(contract=contract, event=None)
    for mark in ReadMark.objects.filter(contract=contract):
        assert mark.unread == said.filter(pk__gt=mark.upto).exclude(by=mark.user_id).count()
    assert Conversation.objects.get(contract=contract).last == said.latest("pk")


def read_all(world: Agreed, user) -> None:
    last = Post.objects.filter(contract=world.contract).order_by("-pk").first()
    mark_read(contract=world.contract, by=user, upto=last.pk if last else 0)


def test_two_write_while_two_read_and_every_count_holds(world):
    for _round in range(ROUNDS):
        writers = (partial(write, world, user) for user in (world.client, world.talent))
        readers = (partial(read_all, world, user) for user in (world.talent, world.manager))
        answers = at_once(*writers, *readers)
        assert kinds(answers) == {"Post": 2, "NoneType": 2}
        counts_hold(world.contract)


def test_the_same_form_at_the_same_moment_posts_once(world):
    for _round in range(ROUNDS):
        sent = partial(write, world, world.client, "Once", key=uuid.uuid4())
        first, second = at_once(sent, sent)
        assert first == second
    assert Post.objects.filter(event=None).count() == ROUNDS
    counts_hold(world.contract)


def test_control_without_the_locks_the_same_form_is_a_conflict(world, guard_off):
    sent = partial(write, world, world.client, "Once", key=uuid.uuid4())
    answers = both_read_first(sent, sent)
    assert kinds(answers)["IntegrityError"] == 1


@pytest.fixture
def last_one(world, monkeypatch) -> tuple[Agreed, Agreed]:
    """Two contracts of one client, who may post one more message in this minute."""
    monkeypatch.setattr(posting, "A_MINUTE", 2)
    other = offered(1)
    other.contract.client.memberships.create(user=world.client, role="owner")
    write(world, world.client)
    return world, other


def test_the_limit_holds_over_two_contracts_at_the_same_moment(last_one):
    one, other = last_one
    answers = at_once(partial(write, one, one.client), partial(write, other, one.client))
    assert kinds(answers) == {"Post": 1, "TooMany": 1}
    assert refusals(answers) == ["TooMany"]


def test_control_without_the_locks_the_limit_is_passed(last_one, guard_off):
    one, other = last_one
    answers = both_read_first(partial(write, one, one.client), partial(write, other, one.client))
    assert kinds(answers) == {"Post": 2}
