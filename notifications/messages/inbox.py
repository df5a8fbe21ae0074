"""The inbox: a party's contracts in which people wrote to each other, the latest first. Knows no request and no markup.

One query, whatever the page holds: it goes on after the last conversation shown, and the index has them in order.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from contracts.models import Contract
from marketplace.models import Party, User
from notifications.models import Conversation, PostFile, ReadMark

PAGE_SIZE = 20


@dataclass(frozen=True)
class InboxPage:
    """Some conversations, each with `unread` and `files` of its last message; and the post after which there are more.

    `is_client` is whether they are seen from the client's side.
    """

    conversations: tuple[Conversation, ...] = ()
    after: int | None = None
    is_client: bool = False


def inbox_page(*, user: User, party: Party, after: int | None = None) -> InboxPage:
    """The conversations of `party` on contracts that `user` may see, before the one whose last post is `after`."""
    visible = Contract.objects.visible_to(user).filter(pk=OuterRef("contract"))
    mine = {"client" if party.is_client else "talent": party}
    found = Conversation.objects.filter(Exists(visible), **mine)
    if after is not None:
        found = found.filter(last__lt=after)
    mark = ReadMark.objects.filter(user=user, contract=OuterRef("contract")).values("unread")
    files = PostFile.objects.filter(post=OuterRef("last")).order_by().values("post").annotate(number=Count("pk"))
    found = found.annotate(unread=Coalesce(Subquery(mark), 0), files=Coalesce(Subquery(files.values("number")), 0))
    found = found.select_related("contract__client", "contract__talent", "last__by").defer("contract__terms")
    rows = list(found.order_by("-last")[: PAGE_SIZE + 1])
    shown = tuple(rows[:PAGE_SIZE])
    return InboxPage(shown, shown[-1].last_id if len(rows) > PAGE_SIZE else None, party.is_client)


def unread_of(user: User, party: Party | None) -> Mapping[UUID, int]:
    """How many messages `user` has not read, by the contract, on those of `party` that they may see: one query."""
    if not party:
        return {}
    visible = Contract.objects.visible_to(user).of_party(party)
    marks = ReadMark.objects.filter(user=user, unread__gt=0, contract__in=visible.values("pk"))
    return dict(marks.values_list("contract_id", "unread"))
