"""Notices that go out at a rate, the worker that sends them, and the mail server that takes them. Knows no figure."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import connections, transaction
from procrastinate.exceptions import AlreadyEnqueued

from contracts.models import EventKind
from contracts.operations._contract import record
from launcher import children
from marketplace.models import MemberRole
from notifications import tasks
from notifications.tests.post_office import PostOffice
from proof.databases import address
from tests.factories import Agreed, joined, submitted

POSTS = """
WITH told AS (
    INSERT INTO contracts_event (contract_id, kind, milestone_id, note, told_at)
    SELECT %(contract)s, 'review_reminder', %(milestone)s, '', now() FROM generate_series(1, %(posts)s) RETURNING id
), posted AS (
    INSERT INTO notifications_post (contract_id, key, event_id, audience, text)
    SELECT %(contract)s, gen_random_uuid(), id, 'client', '' FROM told RETURNING id
)
INSERT INTO notifications_delivery (post_id, recipient_id, channel, status, due_at, bundle, mail, tries, error)
SELECT posted.id, reader, 'email', 'waiting', now(), '', gen_random_uuid(), 0, ''
FROM posted CROSS JOIN unnest(%(readers)s::bigint[]) AS reader
"""


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """It takes all that it is given."""
    office = PostOffice()
    office.open()
    try:
        yield office
    finally:
        office.close()


@contextmanager
def worker(database: str, port: int, data: Path) -> Iterator[children.Served]:
    """The worker as start.py has it, which sends to the post office at this port."""
    environ = os.environ | {
        "DATABASE_URL": address(database),
        "CAIRN_PROOF_SMTP": str(port),
        "PYTHONWARNINGS": "ignore",
    }
    data.mkdir(exist_ok=True)
    process = children.worker(environ, data)
    try:
        yield process
    finally:
        process.stop()


def remind(world: Agreed) -> None:
    """Something happens of which the client is told at once, in the app and by email."""
    with transaction.atomic():
        record(
            world.contract, kind=EventKind.REVIEW_REMINDER, by=None, milestone=world.contract.milestones.get(position=1)
        )


def at_rate(worlds: list[Agreed], rate: float, seconds: float, before) -> float:
    """Remind so often a second, one contract after the other; answers how often it came to. `before` is told which."""
    begun, count = time.perf_counter(), 0
    while (passed := time.perf_counter() - begun) < seconds:
        if count / rate > passed:
            time.sleep(min(count / rate - passed, 0.1))
            continue
        world = worlds[count % len(worlds)]
        before(world)
        remind(world)
        count += 1
    connections.close_all()
    return count / (time.perf_counter() - begun)


def backlog(deliveries: int) -> Agreed:
    """A contract of whose client's people each has as many emails to get."""
    world = submitted(1)
    people = max(1, min(100, deliveries // 10))
    readers = [joined(world.contract.client, MemberRole.VIEWER).pk for _each in range(people)]
    values = {
        "contract": world.contract.pk, "milestone": world.contract.milestones.get(position=1).pk,
        "posts": deliveries // people, "readers": readers,
    }  # fmt: skip
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(POSTS, values)
        cursor.execute("ANALYZE")
    return world


def it_is_time() -> None:
    """The minute has passed after which the worker sends what waits."""
    with suppress(AlreadyEnqueued):
        tasks.tell_rest.defer(timestamp=0)
