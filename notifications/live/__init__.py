"""Tells open pages that there is news: of which contract and for whom, nothing else. Knows no page and no content.

A page that hears of news asks for its own regions again, with its user's own session: who may see what is decided
there, as ever (X11, docs/decisions/0008-live.md). A region listens with hx-trigger="live-contract from:body", on a page
that names the contract in [data-live-contract], or with "live-bell from:body".
"""

from collections.abc import Iterable
from itertools import chain
from uuid import UUID

from django.db import connection

from notifications.live.notice import CHANNEL, notices


def announce(contract_id: UUID | None, user_ids: Iterable[int], bells: Iterable[int] = ()) -> None:
    """Let the open pages of these users know, with the commit, of news in this contract; None is for their bell only.

    And those of `bells` for their bell. One query, however many users; a transaction that is rolled back is never heard
    of. Commits that announce go one after the other, in the whole database: call it in a short transaction.
    """
    payloads = [each.written() for each in chain(notices(contract_id, user_ids), notices(None, bells))]
    if not payloads:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload", [CHANNEL, payloads])
