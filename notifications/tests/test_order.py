"""Posts of a contract become visible in the order of their ids: an open page asks for what came after the last one."""

import threading
from collections.abc import Callable

import pytest
from django.db import transaction

from contracts.models import Event, EventKind
from notifications.models import Post
from notifications.telling import tell
from notifications.tests.writing import write
from tests.factories import Agreed, agreed
from tests.racing import PATIENCE, at_once, wait_for_a_waiter


@pytest.fixture
def world(own_database) -> Agreed:
    return agreed(1)


def written_while_told(world: Agreed, wait: Callable[[threading.Event], object]) -> tuple[set[int], Post]:
    """A message is written while a notice is told, which waits before its commit; the posts that are seen then."""
    happened = Event.objects.create(contract=world.contract, kind=EventKind.WORK_SUBMITTED, by=world.talent)
    is_told, is_written = threading.Event(), threading.Event()

    def tell_slowly() -> None:
        with transaction.atomic():
            tell(happened.pk)
            is_told.set()
            wait(is_written)

    def write_meanwhile() -> tuple[set[int], Post]:
        is_told.wait(PATIENCE)
        message = write(world, world.client)
        seen = set(Post.objects.values_list("pk", flat=True))
        is_written.set()
        return seen, message

    return at_once(tell_slowly, write_meanwhile)[1]


def test_x11_no_notice_appears_before_a_message_that_is_seen_already(world):
    seen, message = written_while_told(world, lambda _written: wait_for_a_waiter())
    assert seen == set(Post.objects.filter(pk__lte=message.pk).values_list("pk", flat=True))


def test_x11_control_without_the_lock_a_notice_appears_before_it(world, guard_off):
    seen, message = written_while_told(world, lambda written: written.wait(PATIENCE))
    assert seen < set(Post.objects.filter(pk__lte=message.pk).values_list("pk", flat=True))
