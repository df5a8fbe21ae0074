"""A contract's Messages as one reader may see them: what people wrote and, between it, what happened.

A page at a time, the newest at the bottom, in as many queries for one post as for a page of them. Knows no request and
no markup.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone

from contracts.models import Contract, Event
from contracts.plan import ChangeSet, Plan
from contracts.policy import role_of
from contracts.reading.sent import sent_revisions
from contracts.reading.sentences import Sentence, what_happened
from marketplace.models import User
from notifications.changes import left_out
from notifications.links import Place, place_of
from notifications.messages.posting import can_be_edited
from notifications.models import Audience, Post, ReadMark

PAGE_SIZE = 30
MOST_NEW = 100  # that an open page gets at once; the rest follows with the next news
SHORT = 4  # changed rows that are shown at once; more are folded


@dataclass(frozen=True)
class Said:
    """One post as `reader` sees it. `starts_day` is the day that begins with it, or None."""

    post: Post
    reader: User
    contract: Contract
    changes: ChangeSet | None = None
    starts_day: date | None = None
    is_first_new: bool = False

    @property
    def sentence(self) -> Sentence | None:
        return what_happened(self.post.event, self.changes) if self.post.event else None

    @property
    def place(self) -> Place | None:
        """Where to look at it; nowhere for what only leads to the room that its reader is in."""
        place = place_of(self.post.event, self.contract) if self.post.event else None
        return None if place and place.path == reverse("contracts:room", args=[self.contract.pk]) else place

    @property
    def left_out(self) -> ChangeSet | None:
        """What was asked for and not accepted."""
        return left_out(self.post.event, self.changes) if self.post.event else None

    @property
    def is_own(self) -> bool:
        return self.post.by_id == self.reader.pk

    @property
    def may_edit(self) -> bool:
        return self.is_own and can_be_edited(self.post, self.contract.now)

    @property
    def is_long(self) -> bool:
        """Whether the diff is folded at first."""
        return self.changes is not None and len(self.changes.changed) > SHORT


@dataclass(frozen=True)
class Conversed:
    """Some posts, oldest first. `before` is where earlier ones go on, or None; `newest` the id of the last one.

    `ends_day` is the day of the posts that follow these, where it is another one than that of the last of these.
    """

    said: tuple[Said, ...]
    newest: int
    before: int | None = None
    ends_day: date | None = None


def latest(contract: Contract, reader: User, seen: int) -> Conversed:
    """The newest posts; those after `seen` are new to the reader, whom a line tells so."""
    found = list(posts_for(contract).order_by("-pk")[: PAGE_SIZE + 1])
    shown, more = found[:PAGE_SIZE][::-1], len(found) > PAGE_SIZE
    said = _said(contract, reader, shown, seen=seen)
    return Conversed(said, shown[-1].pk if shown else 0, shown[0].pk if more else None)


def earlier(contract: Contract, reader: User, before: int, seen: int = 0) -> Conversed:
    """The posts before the one with that id."""
    found = list(posts_for(contract).filter(pk__lte=before).order_by("-pk")[: PAGE_SIZE + 2])
    following = found.pop(0) if found and found[0].pk == before else None
    shown, more = found[:PAGE_SIZE][::-1], len(found) > PAGE_SIZE
    ends = _day(following) if following and shown and _day(following) != _day(shown[-1]) else None
    return Conversed(_said(contract, reader, shown, seen=seen), before, shown[0].pk if more else None, ends)


def newer(contract: Contract, reader: User, after: int) -> Conversed:
    """What came after the post with that id."""
    found = list(posts_for(contract).filter(pk__gte=after).order_by("pk")[: MOST_NEW + 1])
    previous = found.pop(0) if found and found[0].pk == after else None
    return Conversed(_said(contract, reader, found, previous), found[-1].pk if found else after)


def edited(contract: Contract, reader: User, since: datetime, upto: int) -> tuple[Said, ...]:
    """What others put right since that moment, of the posts up to the one with that id."""
    posts = posts_for(contract).filter(edited_at__gt=since, pk__lte=upto).exclude(by=reader).order_by("pk")
    return tuple(Said(post, reader, contract) for post in posts[:PAGE_SIZE])


def one(contract: Contract, reader: User, post: Post) -> Said:
    """A single post of a person."""
    return Said(post, reader, contract)


def posts_for(contract: Contract) -> QuerySet[Post]:
    """The posts that the side for whom `contract` was loaded may read, with all that is shown of each."""
    side = Audience.CLIENT if role_of(contract).is_client_side else Audience.TALENT
    about = ("by", "event__by", "event__milestone", "event__revision", "event__request__base", "event__request__by")
    posts = contract.posts.filter(audience__in=[Audience.BOTH, side]).select_related(*about)
    return posts.defer("event__revision__lines").prefetch_related("files")


def mark_of(contract: Contract, reader: User) -> ReadMark:
    """How far the reader has read; nothing, unsaved, for who was never here."""
    mark = ReadMark.objects.filter(contract=contract, user=reader).first()
    return mark or ReadMark(contract=contract, user=reader)


def _said(
    contract: Contract, reader: User, posts: Sequence[Post], previous: Post | None = None, seen: int = 0
) -> tuple[Said, ...]:
    changes = _changes(contract, [post.event for post in posts if post.event])
    days = [_day(post) for post in posts]
    before = [_day(previous) if previous else None, *days]
    new = next((post.pk for post in posts if seen and post.pk > seen and _is_of_others(post, reader)), None)
    return tuple(
        Said(post, reader, contract, changes.get(post.event_id or 0), None if day == last else day, post.pk == new)
        for post, day, last in zip(posts, days, before, strict=False)
    )


def _changes(contract: Contract, events: Iterable[Event]) -> dict[int, ChangeSet]:
    """By the id of the event, what its revision changed in the one sent before, or what its request asks for."""
    made = {event.revision.number: event.pk for event in events if event.revision}
    asked = {event.pk: event.request.changes for event in events if event.request and not event.revision}
    if not made:
        return asked
    sent = sent_revisions(contract)
    first = sent.filter(number__lt=min(made)).aggregate(Max("number"))["number__max"] or 0
    found = sent.filter(number__gte=first, number__lte=max(made)).order_by("number")
    plans = [(0, Plan()), *((revision.number, revision.plan) for revision in found)]
    told = {number: ChangeSet(before, plan) for (_number, before), (number, plan) in pairwise(plans)}
    return asked | {key: told[number] for number, key in made.items()}


def _is_of_others(post: Post, reader: User) -> bool:
    return reader.pk not in (post.by_id, post.event and post.event.by_id)


def _day(post: Post) -> date:
    return timezone.localdate(post.at)
