"""Sending what is due, one email after the other. Knows when an email is not needed any more and what a failure means.

The operation that it tells of was committed long ago: nothing that goes wrong here can undo it.
"""

import logging
import math
import smtplib
import time
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.core.mail import mailers

from contracts.models import Contract
from contracts.policy import role_of
from marketplace.models import User
from notifications import queue
from notifications.kinds import telling_of
from notifications.letters import Digest, Letter, about_messages, letter_about
from notifications.links import bell_place, messages_of
from notifications.mail import compose_mail
from notifications.models import Audience, Delivery, How, Post, ReadMark, Topic
from notifications.telling import DAILY
from notifications.wishes import Wish, wishes

logger = logging.getLogger(__name__)
PERMANENT = range(500, 600)


def send_due(post: int | None = None, seconds: float = math.inf) -> int:
    """Send every email that is due, or those of one post; answers how many were taken.

    After so many `seconds` no other one is begun: a server that hangs holds up whoever calls.
    """
    taken, end = 0, time.monotonic() + seconds
    while time.monotonic() < end and (deliveries := queue.claim(post)):
        taken += _send(deliveries)
    return taken


def _send(deliveries: Sequence[Delivery]) -> bool:
    """One email: whether it was taken. What its reader does not need any more is dropped before."""
    try:
        letter, needed = _letter(deliveries)
        queue.drop([each for each in deliveries if each not in needed])
        if letter is None:
            return False
        message = compose_mail(letter, to=needed[0].recipient, mail=_mail(needed))
        mailers.default.send_messages([message])
    except Exception as failure:
        logger.warning("Mail %s was not sent: %r", deliveries[0].mail, failure)
        queue.failed(deliveries, f"{type(failure).__name__}: {failure}", for_good=is_for_good(failure))
        return False
    queue.sent(needed)
    return True


def is_for_good(failure: Exception) -> bool:
    """Whether no other try could go better: the server refused this address, or this email, with a 5xx."""
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return all(code in PERMANENT for code, _reason in failure.recipients.values())
    return isinstance(failure, smtplib.SMTPDataError) and failure.smtp_code in PERMANENT


def _mail(deliveries: Sequence[Delivery]) -> UUID:
    assert deliveries[0].mail  # noqa: S101, every email has one
    return deliveries[0].mail


def _letter(deliveries: Sequence[Delivery]) -> tuple[Letter | Digest | None, Sequence[Delivery]]:
    """What the email says, and which of the deliveries it still has to tell of."""
    reader, posts = deliveries[0].recipient, _posts(deliveries)
    rooms = _rooms(reader, posts.values())
    wanted = _wanted(reader, posts.values(), rooms)
    needed = [each for each in deliveries if each.post_id in wanted]
    if not needed:
        return None, []
    letters = _letters([posts[each.post_id] for each in needed], rooms)
    if deliveries[0].bundle == DAILY:
        return Digest(letters, bell_place()), needed
    return letters[0], needed


def _letters(posts: Sequence[Post], rooms: dict[UUID, Contract]) -> list[Letter]:
    """A letter for each event, and one for all the messages of a contract, where the first of them stood."""
    messages: dict[UUID, list[Post]] = {}
    for post in posts:
        if not post.event:
            messages.setdefault(post.contract_id, []).append(post)
    letters: list[Letter] = []
    for post in posts:
        room = rooms[post.contract_id]
        if post.event:
            letters.append(letter_about(post.event, room))
        elif post.contract_id in messages:
            letters.append(about_messages(messages.pop(post.contract_id), room, messages_of(room.pk)))
    return letters


def _posts(deliveries: Sequence[Delivery]) -> dict[int, Post]:
    posts = Post.objects.select_related(
        "by", "event__by", "event__milestone", "event__request__base", "event__request__by"
    )  # fmt: skip
    return posts.prefetch_related("files").in_bulk([each.post_id for each in deliveries])


def _rooms(reader: User, posts) -> dict[UUID, Contract]:
    """The contracts that the reader may see now, with their roles there."""
    visible = Contract.objects.visible_to(reader).select_related("client", "talent")
    return visible.in_bulk({post.contract_id for post in posts})


def _wanted(reader: User, posts: Iterable[Post], rooms: dict[UUID, Contract]) -> set[int]:
    """Which of them the reader may still read, still wants, and has not read on the site meanwhile: two queries."""
    if not reader.is_active:
        return set()
    wished, read = wishes(reader), dict(_read(reader, rooms))
    may_read = (post for post in posts if post.contract_id in rooms and _is_for(post, rooms[post.contract_id]))
    return {post.pk for post in may_read if _is_wanted(post, wished) and not _was_read(post, read)}


def _is_for(post: Post, room: Contract) -> bool:
    """Whether it is for the side for which the contract was loaded."""
    side = Audience.CLIENT if role_of(room).is_client_side else Audience.TALENT
    return post.audience in (Audience.BOTH, side)


def _is_wanted(post: Post, wished: Mapping[Topic, Wish]) -> bool:
    topic = telling_of(post.event).topic if post.event else Topic.MESSAGES
    return topic is None or wished[topic].email != How.OFF


def _read(reader: User, rooms: Iterable[UUID]) -> Iterable[tuple[UUID, int]]:
    """How far the reader has read the Messages of these contracts."""
    return ReadMark.objects.filter(user=reader, contract__in=list(rooms)).values_list("contract", "upto")


def _was_read(post: Post, read: Mapping[UUID, int]) -> bool:
    """A message that was read on the site; what happened is told by email in any case (B11)."""
    return post.event is None and read.get(post.contract_id, 0) >= post.pk
