"""Tells open pages that there is news: of which contract and for whom, nothing else. Knows no page and no content.

A page that hears of news asks for its own regions again, with its user's own session: who may see what is decided
there, as ever (X11, docs/decisions/0008-live.md). A region listens with hx-trigger="live-contract from:body", on a page
that names the contract in [data-live-contract], or with "live-bell from:body".
"""

from collections.abc import Iterable
from itertools import chain
from uuid import UUID

from marketplace import rows
from notifications.live.notice import CHANNEL, notices

NOTIFY = "SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload"


def announce(contract_id: UUID | None, user_ids: Iterable[int], bells: Iterable[int] = ()) -> None:
    """Let the open pages of these users know, with the commit, of news in this contract; None is for their bell only.

    And those of `bells` for their bell. One query, however many users; a transaction that is rolled back is never heard
    of. Commits that announce go one after the other, in the whole database: call it in a short transaction.
    """
    if told := announcing(contract_id, user_ids, bells):
        rows.send(*told)


def announcing(contract_id: UUID | None, user_ids: Iterable[int], bells: Iterable[int] = ()) -> list[rows.Statement]:
    """The statement that does it, to go with others; none for nobody."""
    payloads = [each.written() for each in chain(notices(contract_id, user_ids), notices(None, bells))]
    return [rows.Statement(NOTIFY, [CHANNEL, payloads])] if payloads else []
