"""Processes that are killed while they tell: told once in the app, at least once by email, under one Message-ID."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings as site

from contracts.demo import acts
from contracts.models import Event
from contracts.states import MilestoneStatus
from marketplace import clock
from notifications.models import Channel, Delivery, Post
from notifications.outbox import sent_messages
from notifications.queue import LEASE
from notifications.tasks import FORGOTTEN, tell_rest
from notifications.tests.dying import to_folder
from notifications.tests.post_office import PostOffice
from tests.factories import Agreed, agreed
from tests.processes import environment

PATIENCE = 150  # seconds: what a worker does each minute may just have been missed
DYING = [sys.executable, "-m", "notifications.tests.dying"]


@pytest.fixture
def world(own_database, settings, tmp_path) -> Agreed:
    """A contract, all of whose past was told and needs no mail."""
    settings.OUTBOX_DIR = tmp_path / "outbox"
    settings.MAILERS = to_folder(settings.OUTBOX_DIR)
    world = agreed(1, current=MilestoneStatus.ACTIVE)
    Delivery.objects.all().delete()
    return world


def run(*words: object) -> None:
    """Let the process die at its point."""
    words = tuple(map(str, words))
    done = subprocess.run([*DYING, *words], cwd=site.BASE_DIR, env=environment(), timeout=PATIENCE, check=False)
    assert done.returncode == -signal.SIGKILL


def sweep(wait: timedelta) -> None:
    clock.advance(wait)
    tell_rest.func(0)


def told_once(world: Agreed) -> None:
    """One post, and one entry in the bell for each of the two who lead the client."""
    event = Event.objects.latest("pk")
    assert (event.kind, event.told_at is not None) == ("work_submitted", True)
    assert Post.objects.filter(event=event).count() == 1
    bells = Delivery.objects.filter(post__event=event, channel=Channel.BELL)
    assert set(bells.values_list("recipient", flat=True)) == {world.client.pk, world.manager.pk}
    assert bells.count() == 2


def sent_to(address: str) -> list:
    return [mail for mail in sent_messages(site.OUTBOX_DIR) if mail.to == address]


@pytest.mark.parametrize("point", ["told", "telling"])
def test_an_event_whose_process_died_before_it_was_told_is_told_by_the_sweep(world, point):
    run(point, world.contract.pk)
    event = Event.objects.latest("pk")
    assert (event.kind, event.told_at) == ("work_submitted", None)
    assert not Post.objects.filter(event=event).exists()
    sweep(FORGOTTEN)
    sweep(timedelta(0))
    told_once(world)
    assert [len(sent_to(user.email)) for user in (world.client, world.manager)] == [1, 1]


@pytest.mark.parametrize(("point", "mails"), [("claimed", 1), ("sent", 2)])
def test_an_email_whose_sender_died_goes_out_again_under_its_message_id(world, point, mails):
    acts.submit(acts.step(world.contract, 1))
    post = Post.objects.latest("pk")
    run(point, post.pk)
    first, other = Delivery.objects.filter(channel=Channel.EMAIL, status="waiting", tries=1).order_by("pk")
    sweep(timedelta(0))
    assert len(sent_to(first.recipient.email)) == mails - 1, "Its lease is not over."
    sweep(LEASE)
    told_once(world)
    found = sent_to(first.recipient.email)
    assert len(found) == mails
    assert {mail.message_id for mail in found} == {f"<{first.mail}@localhost>"}
    assert len(sent_to(other.recipient.email)) == 1, "Of what was claimed with it nothing goes out twice."
    assert {row.status for row in Delivery.objects.filter(post=post)} == {"sent"}


@pytest.fixture
def office() -> Iterator[PostOffice]:
    place = PostOffice()
    place.open()
    yield place
    place.close()


@contextmanager
def worker(office: PostOffice) -> Iterator[None]:
    """One that sends to this office, and is killed at the end, whatever came of it."""
    with subprocess.Popen([*DYING, "worker", str(office.port)], cwd=site.BASE_DIR, env=environment()) as process:
        try:
            yield
        finally:
            process.kill()


def test_a_worker_that_is_killed_while_a_server_hangs_is_followed_by_another(world, office):
    office.way = "hang"
    acts.submit(acts.step(world.contract, 1))
    rows = Delivery.objects.filter(channel=Channel.EMAIL)
    with worker(office):
        wait_until(lambda: rows.filter(tries=1).exists())
    office.way = "take"
    clock.advance(LEASE)
    with worker(office):
        wait_until(lambda: rows.filter(status="sent").count() == 2)
    told_once(world)
    assert sorted(mail["To"] for mail in office.taken) == sorted([world.client.email, world.manager.email])
    assert {mail["Message-ID"] for mail in office.taken} == {f"<{row.mail}@localhost>" for row in rows}


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
