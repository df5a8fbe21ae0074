"""What somebody was told in the app, newest first, a page at a time, and which of it they have read. Knows no request.

Four queries for a page, whatever it holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from contracts.models import Contract
from contracts.plan import ChangeSet
from contracts.reading.sentences import Sentence
from marketplace import clock
from marketplace.models import User
from notifications.changes import changes_told
from notifications.links import Place, messages_of, place_of, place_of_room
from notifications.models import Channel, Delivery
from notifications.subjects import subject_of

PAGE_SIZE = 20
MOST = 99


@dataclass(frozen=True)
class Notice:
    """One entry: what it says, of which contract. `place` is where it leads to."""

    delivery: Delivery
    sentence: Sentence
    place: Place

    @property
    def contract(self) -> Contract:
        return self.delivery.post.contract


class NoticesPage(NamedTuple):
    """Some notices, and the id of the last one if there are older ones."""

    notices: tuple[Notice, ...]
    after: int | None

    @property
    def unread(self) -> bool:
        """Whether any of them is."""
        return any(notice.delivery.read_at is None for notice in self.notices)


def unread(user: User) -> int:
    """How many are unread of contracts that the user may still see, counted up to one more than MOST."""
    rooms = Contract.objects.visible_to(user).values("pk")
    return _of(user).filter(read_at=None, post__contract__in=rooms)[: MOST + 1].count()


def notices_page(user: User, after: int | None = None) -> NoticesPage:
    """The newest notices of `user` about contracts that they may still see, or those older than `after`."""
    rows = _of(user).select_related(*WITH).defer("post__event__revision__lines").order_by("-id")
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    rooms = Contract.objects.visible_to(user).in_bulk({row.post.contract_id for row in shown})
    changes = changes_told(row.post.event for row in shown if row.post.event)
    notices = tuple(
        _notice(row, rooms[row.post.contract_id], changes) for row in shown if row.post.contract_id in rooms
    )
    return NoticesPage(notices, shown[-1].pk if len(found) > PAGE_SIZE else None)


def open_notice(user: User, post_id: int) -> Place | None:
    """Mark what `user` was told of this post as read; where it leads to, or None where they may not go."""
    row = _of(user).select_related(*WITH).filter(post=post_id).first()
    room = Contract.objects.visible_to(user).filter(pk=row.post.contract_id).first() if row else None
    if row is None or room is None:
        return None
    _read(_of(user).filter(pk=row.pk))
    return _place(row, room)


def reach(user: User, contract_id: UUID, path: str) -> None:
    """Mark as read what leads to the page at `path`, where the user is: a query, and more only if something is unread.

    The Overview is reached by much that it does not tell, as what a plan was before: that stays unread until opened.
    Messages are read as far as they were seen (`read_messages`).
    """
    events = _of(user).filter(read_at=None, post__contract=contract_id, post__event__isnull=False)
    rows = events.select_related(*WITH).order_by("-id")
    found = list(rows[:PAGE_SIZE])
    room = Contract.objects.visible_to(user).filter(pk=contract_id).first() if found else None
    if room is not None and path != place_of_room(room).path:
        _read(_of(user).filter(pk__in=[row.pk for row in found if _place(row, room).path == path]))


def read_all(user: User, upto: int) -> None:
    """Mark all as read that the page showed: up to the delivery `upto`."""
    _read(_of(user).filter(pk__lte=upto))


def read_messages(user: User, contract_id: UUID, upto: int) -> None:
    """Mark as read what the bell says of a contract's Messages, as far as they were read there: up to a post."""
    _read(_of(user).filter(post__contract=contract_id, post__lte=upto))


WITH = (
    "post__contract",
    "post__by",
    "post__event__by",
    "post__event__milestone",
    "post__event__revision",
    "post__event__request__by",
    "post__event__request__base",
)


def _of(user: User) -> QuerySet[Delivery]:
    return Delivery.objects.filter(recipient=user, channel=Channel.BELL)


def _read(rows: QuerySet[Delivery]) -> None:
    rows.filter(read_at=None).update(read_at=clock.now())


def _place(row: Delivery, room: Contract) -> Place:
    return place_of(row.post.event, room) if row.post.event else messages_of(room.pk)


def _notice(row: Delivery, room: Contract, changes: Mapping[int, ChangeSet]) -> Notice:
    post = row.post
    if post.event:
        return Notice(row, subject_of(post.event, changes.get(post.event.pk)), _place(row, room))
    by = post.by.name if post.by else ""
    return Notice(row, Sentence(_("{by} wrote a message"), {"by": by}), _place(row, room))
