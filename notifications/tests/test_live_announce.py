"""X11: what is announced goes out with the commit, and never without one. Over a real connection that listens."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from notifications.live import announce
from notifications.live.listener import connect
from notifications.live.notice import CHANNEL, MOST, Notice

CONTRACT = UUID("7a1f1f0e-5f0b-4e58-9a5e-0f6c2d1f3b4a")


@pytest.fixture
def ear(own_database, django_db_blocker) -> Iterator[psycopg.Connection]:
    with django_db_blocker.unblock(), connect() as listening:
        listening.execute(f"LISTEN {CHANNEL}")
        yield listening


def heard(ear: psycopg.Connection) -> list[Notice]:
    """All until the fence, which is said here."""
    fence = uuid4()
    announce(fence, [1])
    found = []
    for said in ear.notifies(timeout=10):
        found.append(Notice.read(said.payload))
        if found[-1].what == str(fence):
            return found[:-1]
    raise AssertionError(found)


def test_x11_an_announcement_goes_out_with_the_commit_and_not_before(ear):
    with transaction.atomic():
        announce(CONTRACT, [2, 1])
        announce(None, [3])
        assert list(ear.notifies(timeout=0.2)) == []
    assert heard(ear) == [Notice(str(CONTRACT), (1, 2)), Notice("bell", (3,))]


def test_x11_what_is_rolled_back_is_never_heard(ear):
    with transaction.atomic():
        announce(CONTRACT, [1])
        transaction.set_rollback(True)
    with transaction.atomic():
        announce(CONTRACT, [2])
    assert heard(ear) == [Notice(str(CONTRACT), (2,))]


def test_x11_any_number_of_users_costs_one_query_and_nobody_none(ear):
    with CaptureQueriesContext(connection) as queries:
        announce(CONTRACT, range(3 * MOST))
    assert len(queries) == 1
    assert [len(notice.users) for notice in heard(ear)] == [MOST] * 3
    with CaptureQueriesContext(connection) as queries:
        announce(CONTRACT, [])
    assert len(queries) == 0
