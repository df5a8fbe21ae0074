"""Telling those whom something concerns: one post, and a delivery for each of them and each channel.

Knows who is told and how they want it. What an email says, and the sending, are others'.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import BigIntegerField, Func
from django.utils import timezone
from procrastinate.contrib.django import app

from contracts.models import Contract, Event
from marketplace import clock, rows
from marketplace.clock import Now
from marketplace.models import User
from marketplace.prepared import Given, Prepared
from notifications.kinds import Who, audience_of, telling_of
from notifications.live import announcing
from notifications.models import Audience, Channel, Delivery, DeliveryStatus, How, Post, Topic
from notifications.people import Person, people_of, side_of
from notifications.wishes import ALWAYS, Wish, next_digest, wishes_of

UNREAD_FOR = timedelta(minutes=10)  # after which a message is told by email
RECENT = timedelta(days=3)
DAILY = "daily"


class NextPost(Func):
    """The key that the next post has: known before it is written, all that hangs on it goes in one round trip."""

    template = "nextval('notifications_post_id_seq')"
    output_field = BigIntegerField()


_CONTRACT = Prepared(lambda: Contract.objects.only("pk").filter(events=Given("event")))
_UNTOLD = Prepared(
    lambda: Event.objects.select_related("contract", "request")
    .filter(pk=Given("event"), told_at=None)
    .annotate(now=Now(), post_key=NextPost())
)  # fmt: skip


@transaction.atomic
def tell(event_id: int) -> Post | None:
    """Pass an event on: its post, its deliveries, the news for open pages and the job that sends, all at once or none.

    None when that was done before. Under the contract's lock, as messages are, so that posts become visible in the
    order of their ids. The number of queries does not depend on that of people.
    """
    _CONTRACT.select_for_update(no_key=True, of=("self",)).first(event=event_id)
    event = _UNTOLD.select_for_update(no_key=True, skip_locked=True, of=("self",)).first(event=event_id)
    if event is None:
        return None
    now, people = event.now, people_of(event.contract)
    did = _side_of_actor(event, people)
    post = Post(
        pk=event.post_key, contract=event.contract, event=event, audience=audience_of(event, did), at=event.at
    )  # fmt: skip
    told, event.told_at = _told(event, did, people), now
    made = _deliveries(post, told, telling_of(event).topic, now, is_history=_is_history(now))
    reading = [person.user_id for person in people if person.reads(Audience(post.audience))]
    news = announcing(event.contract_id, reading, bells=[person.user_id for person in told])
    rows.send(rows.inserting(post), *_inserting(made), *news, rows.updating(event, "told_at"))
    _send_soon(post, made, now)
    return post


def tell_post(post: Post, by: User) -> None:
    """Tell the other side of a person's post, in the transaction in which it was written; open pages hear of it.

    The bell has one entry for all unread messages of a contract, and an email waits until they were not read for a
    while: then it has all of them.
    """
    now, people = clock.now(), people_of(post.contract)
    did = next((person.side for person in people if person.user_id == by.pk), None)
    told = [person for person in people if person.is_told and person.side != did]
    ringing = set(_unread_messages(post).values_list("recipient_id", flat=True))
    made = _deliveries(post, told, Topic.MESSAGES, now, bundle=f"messages:{post.contract_id}", quiet=ringing)
    news = announcing(post.contract_id, [each.user_id for each in people], bells=[each.user_id for each in told])
    rows.send(*_inserting(made), *news)
    _send_soon(post, made, now)


def _told(event: Event, did: Audience | None, people: Iterable[Person]) -> list[Person]:
    """Whom of these people the event concerns."""
    who, audience = telling_of(event).who, audience_of(event, did)
    concerned = {
        Who.OTHER: lambda person: person.side != did,
        Who.OTHER_AND_ASSIGNED: lambda person: person.side != did or person.is_assigned,
        Who.ASSIGNED: lambda person: person.is_assigned,
        Who.NOBODY: lambda person: False,
    }.get(who, lambda person: person.reads(audience))
    spared = None if who is Who.CLIENT else event.by_id
    return [each for each in people if each.is_told and each.user_id != spared and concerned(each)]


def _side_of_actor(event: Event, people: Iterable[Person]) -> Audience | None:
    """The side that did it; somebody who has left since is asked for by a query."""
    known = (person.side for person in people if person.user_id == event.by_id)
    return next(known, None) or side_of(event.contract, event.by_id)


def _deliveries(
    post: Post, told: Sequence[Person], topic: Topic | None, now: datetime, *, bundle: str = "",
    quiet: Iterable[int] = (), is_history: bool = False,
) -> list[Delivery]:  # fmt: skip
    """One row for each of them and each channel that they want, the bell of `quiet` left out."""
    wishes = wishes_of([person.user_id for person in told], topic)
    made: list[Delivery] = []
    for person in told:
        wish = wishes.get(person.user_id, ALWAYS)
        if wish.bell and person.user_id not in quiet:
            made.append(_bell(post, person, now, now if is_history else None))
        if wish.email != How.OFF and not is_history:
            made.append(_email(post, person, wish, now, bundle))
    return made


def _inserting(made: Sequence[Delivery]) -> list[rows.Statement]:
    return [rows.inserting(*made)] if made else []


def _send_soon(post: Post, made: Sequence[Delivery], now: datetime) -> None:
    """The job that sends, if there is anything to send at once."""
    if any(each.due_at == now for each in made):
        app.configure_task("send_post").defer(post=post.pk)


def _bell(post: Post, person: Person, now: datetime, read_at: datetime | None) -> Delivery:
    return Delivery(
        post=post, recipient_id=person.user_id, channel=Channel.BELL, status=DeliveryStatus.SENT, sent_at=now,
        read_at=read_at, mail=None,
    )  # fmt: skip


def _email(post: Post, person: Person, wish: Wish, now: datetime, bundle: str) -> Delivery:
    due, together = (now + UNREAD_FOR if bundle else now), bundle
    if wish.email == How.DAILY:
        due, together = next_digest(now, person.time_zone), DAILY
    return Delivery(post=post, recipient_id=person.user_id, channel=Channel.EMAIL, due_at=due, bundle=together)


def _unread_messages(post: Post) -> Iterable[Delivery]:
    """The bell's entries for messages of this contract that somebody has not read yet."""
    return Delivery.objects.filter(
        post__contract=post.contract_id, post__event=None, channel=Channel.BELL, read_at=None
    )  # fmt: skip


def _is_history(now: datetime) -> bool:
    """Whether this is part of a demo's past, which nobody waits for: its clock is days behind the machine's."""
    return settings.MODE != "production" and timezone.now() - now > RECENT
