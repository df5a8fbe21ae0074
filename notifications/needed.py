"""What the emails of a portion say, and which of it its readers still need. Knows no server and no queue.

What they have in common is read once for all of them, just before they are sent: a reader may have lost the contract
since it happened, or wish to hear no more.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from uuid import UUID

from django.db.models import prefetch_related_objects

from contracts.models import Contract, Event
from contracts.plan import ChangeSet
from contracts.policy import role_of
from marketplace.models import User
from notifications.changes import changes_told
from notifications.kinds import telling_of
from notifications.letters import Digest, Letter, about_messages, compose
from notifications.links import bell_place, messages_of
from notifications.models import Audience, Delivery, How, Post, ReadMark, Topic
from notifications.queue import Mail
from notifications.telling import DAILY
from notifications.wishes import Wish, wishes


class Portion:
    """Emails that were claimed together: `letter` says of each what is left to tell."""

    def __init__(self, mails: Sequence[Mail]) -> None:
        self._deliveries = [each for mail in mails for each in mail]
        self._rooms: dict[int, Mapping[UUID, Contract]] = {}
        self._changes: dict[int, ChangeSet | None] = {}
        prefetch_related_objects([each.recipient for each in self._deliveries], "preferences")

    def letter(self, deliveries: Mail) -> tuple[Letter | Digest | None, Mail]:
        """What the email says, and which of the deliveries it still has to tell of."""
        reader = deliveries[0].recipient
        wished = wishes(reader)
        needed = [each for each in deliveries if self._is_needed(each, wished)]
        if not needed:
            return None, []
        letters = self._letters([self._posts[each.post_id] for each in needed], self._rooms_of(reader))
        if deliveries[0].bundle == DAILY:
            return Digest(letters, bell_place()), needed
        return letters[0], needed

    @cached_property
    def _posts(self) -> Mapping[int, Post]:
        posts = Post.objects.select_related(
            "by", "event__by", "event__milestone", "event__request__base", "event__request__by"
        )  # fmt: skip
        return posts.prefetch_related("files").in_bulk({each.post_id for each in self._deliveries})

    @cached_property
    def _read(self) -> Mapping[tuple[int, UUID], int]:
        """How far each reader has read the Messages of each of these contracts."""
        readers = {each.recipient_id for each in self._deliveries}
        contracts = {post.contract_id for post in self._posts.values() if not post.event}
        marks = ReadMark.objects.filter(user__in=readers, contract__in=contracts)
        return {(user, contract): upto for user, contract, upto in marks.values_list("user", "contract", "upto")}

    def _rooms_of(self, reader: User) -> Mapping[UUID, Contract]:
        """The contracts that the reader may see now, with their roles there."""
        if reader.pk not in self._rooms:
            told = {
                self._posts[each.post_id].contract_id for each in self._deliveries if each.recipient_id == reader.pk
            }
            visible = Contract.objects.visible_to(reader).select_related("client", "talent")
            self._rooms[reader.pk] = visible.in_bulk(told)
        return self._rooms[reader.pk]

    def _is_needed(self, delivery: Delivery, wished: Mapping[Topic, Wish]) -> bool:
        """Whether its reader may still read it, still wants it, and has not read it on the site meanwhile."""
        if not delivery.recipient.is_active:
            return False
        post = self._posts[delivery.post_id]
        room = self._rooms_of(delivery.recipient).get(post.contract_id)
        return room is not None and _is_for(post, room) and _is_wanted(post, wished) and not self._was_read(delivery)

    def _was_read(self, delivery: Delivery) -> bool:
        """A message that was read on the site; what happened is told by email in any case (B11)."""
        post = self._posts[delivery.post_id]
        return post.event is None and self._read.get((delivery.recipient_id, post.contract_id), 0) >= post.pk

    def _letters(self, posts: Sequence[Post], rooms: Mapping[UUID, Contract]) -> list[Letter]:
        """A letter for each event, and one for all the messages of a contract, where the first of them stood."""
        messages: dict[UUID, list[Post]] = {}
        for post in posts:
            if not post.event:
                messages.setdefault(post.contract_id, []).append(post)
        letters: list[Letter] = []
        for post in posts:
            room = rooms[post.contract_id]
            if post.event:
                letters.append(compose(post.event, room, self._changes_of(post.event)))
            elif post.contract_id in messages:
                letters.append(about_messages(messages.pop(post.contract_id), room, messages_of(room.pk)))
        return letters

    def _changes_of(self, event: Event) -> ChangeSet | None:
        """What it tells of a plan: worked out once for all who hear of it."""
        if event.pk not in self._changes:
            self._changes[event.pk] = changes_told([event]).get(event.pk)
        return self._changes[event.pk]


def _is_for(post: Post, room: Contract) -> bool:
    """Whether it is for the side for which the contract was loaded."""
    side = Audience.CLIENT if role_of(room).is_client_side else Audience.TALENT
    return post.audience in (Audience.BOTH, side)


def _is_wanted(post: Post, wished: Mapping[Topic, Wish]) -> bool:
    topic = telling_of(post.event).topic if post.event else Topic.MESSAGES
    return topic is None or wished[topic].email != How.OFF
