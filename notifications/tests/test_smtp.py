"""Mail over a real SMTP server that fails: nothing is undone, tries go on, and each is the same email."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from contracts.models import Contract
from contracts.tasks import sweep
from marketplace import clock
from marketplace.models import User
from marketplace.tests.test_production import run
from notifications.models import Channel, Delivery
from notifications.queue import LEASE, WAITS
from notifications.sending import send_due
from notifications.tests.post_office import PostOffice
from tests.factories import Agreed, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings) -> Iterator[PostOffice]:
    place = PostOffice()
    place.open()
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": place.port, "timeout": 1},
        }
    }
    yield place
    place.close()


@pytest.fixture
def world(pass_on) -> Agreed:
    """Work was submitted, and the client's owner is to hear of it: the one email that waits."""
    world = submitted(1)
    pass_on()
    Delivery.objects.filter(channel=Channel.EMAIL).exclude(pk=email_to(world.client).pk).delete()
    return world


def email_to(user: User) -> Delivery:
    return Delivery.objects.filter(channel=Channel.EMAIL, recipient=user).latest("pk")


def ids(mails) -> set[str]:
    return {mail["Message-ID"] for mail in mails}


def test_a_mail_that_is_taken_is_sent_once(office, world):
    assert send_due() == 1
    assert send_due() == 0
    (mail,) = office.taken
    row = email_to(world.client)
    assert (row.status, row.tries, row.due_at, row.error) == ("sent", 1, None, "")
    assert mail["To"] == world.client.email
    assert mail["Message-ID"] == f"<{row.mail}@localhost>"


@pytest.mark.parametrize("way", ["451", "hang", "drop", "closed"])
def test_what_goes_wrong_is_tried_again_as_the_same_email(office, world, way):
    if way == "closed":
        office.close()
    office.way = way
    before = clock.now()
    assert send_due() == 0
    row = email_to(world.client)
    assert (row.status, row.tries) == ("waiting", 1)
    assert before + WAITS[0] <= row.due_at <= clock.now() + WAITS[0]
    assert row.error
    assert send_due() == 0
    assert email_to(world.client).tries == 1, "It is not due yet."

    if way == "closed":
        office.open()
    office.way = "take"
    clock.advance(WAITS[0])
    assert send_due() == 1
    assert email_to(world.client).status == "sent"
    assert ids(office.taken) == ids([*office.taken, *office.seen]) == {f"<{row.mail}@localhost>"}
    assert Contract.objects.get(pk=world.contract.pk).current.status == "submitted", "What was done stays done."


def test_a_server_that_dies_after_taking_it_gets_it_again_under_one_message_id(office, world):
    office.way = "drop"
    send_due()
    office.way = "take"
    clock.advance(WAITS[0])
    send_due()
    assert len(office.seen) == 2
    assert len(ids(office.seen)) == 1


@pytest.mark.parametrize("way", ["550", "554"])
def test_an_address_or_a_mail_that_is_refused_for_good_is_given_up_at_once(office, world, way):
    office.way = way
    assert send_due() == 0
    row = email_to(world.client)
    assert (row.status, row.tries, row.due_at) == ("dead", 1, None)
    assert way in row.error
    clock.advance(timedelta(days=2))
    assert send_due() == 0
    assert office.taken == []


def test_after_about_a_day_of_tries_it_is_given_up(office, world):
    office.way = "451"
    waited = timedelta(0)
    while (row := email_to(world.client)).status == "waiting":
        send_due()
        row.refresh_from_db()
        if row.due_at:
            waited += row.due_at - clock.now()
            clock.advance(row.due_at - clock.now() + timedelta(milliseconds=1))
    assert (row.status, row.tries) == ("dead", len(WAITS) + 1)
    assert timedelta(hours=23) < waited < timedelta(hours=25)
    assert "451" in row.error


def test_one_bad_address_holds_up_nobody_else(office, pass_on):
    world = submitted(1)
    pass_on()
    real = office.handle_RCPT

    async def refuse_one(server, session, envelope, address, options):
        if address == world.client.email:
            return "550 No such mailbox"
        return await real(server, session, envelope, address, options)

    office.handle_RCPT = refuse_one
    send_due()
    assert email_to(world.client).status == "dead"
    assert email_to(world.manager).status == "sent"


def test_a_portion_goes_over_one_connection(office, pass_on):
    submitted(1)
    pass_on()
    real, callers = office.handle_RCPT, set()

    async def note(server, session, envelope, address, options):
        callers.add(session.peer)
        return await real(server, session, envelope, address, options)

    office.handle_RCPT = note
    assert send_due() == len(office.taken) > 2
    assert len(callers) == 1


def test_after_a_server_that_hung_up_the_next_email_opens_another_connection(office, pass_on):
    submitted(1)
    pass_on()
    real = office.handle_DATA

    async def drop_one(server, session, envelope):
        office.way = "take" if office.seen else "drop"
        return await real(server, session, envelope)

    office.handle_DATA = drop_one
    waiting = Delivery.objects.filter(channel=Channel.EMAIL, status="waiting")
    assert send_due() == len(office.taken) > 1
    assert [each.tries for each in waiting] == [1]


def test_a_claim_whose_claimer_died_is_due_again_after_its_lease(office, world):
    Delivery.objects.filter(pk=email_to(world.client).pk).update(tries=1, due_at=clock.now() + LEASE)
    assert send_due() == 0
    clock.advance(LEASE)
    assert send_due() == 1
    assert email_to(world.client).tries == 2


def test_b31_emails_to_a_server_that_hangs_hold_up_no_clock(office, pass_on):
    office.way = "hang"
    submitted(1)
    pass_on()
    due = Delivery.objects.filter(channel=Channel.EMAIL, status="waiting")
    assert due.count() > 2
    send_due(seconds=0.5)
    assert due.filter(tries=1).count() == 1, "With a patience of one second no other one is begun."
    assert due.filter(tries=0, due_at__lte=clock.now()).count() == due.count() - 1, "They were claimed and given back."
    assert set(ProcrastinateJob.objects.filter(task_name="send_post").values_list("priority", flat=True)) == {-1}
    assert sweep.configure().job.priority == 0


def test_in_production_a_server_that_hangs_is_given_up_long_before_the_lease_ends():
    ask = "from marketplace.settings import MAILERS; print(MAILERS['default']['OPTIONS']['timeout'])"
    assert timedelta(0) < timedelta(seconds=int(run("-c", ask).stdout)) <= LEASE / 10
