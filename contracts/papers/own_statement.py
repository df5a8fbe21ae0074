"""The statements of somebody's own parties from their first day on, for the export of what is kept of them."""

from collections.abc import Iterator

from django.utils import timezone

from contracts.papers.statement_csv import lines
from contracts.reading.statement import Period, streamed
from marketplace import clock
from marketplace.models import MANAGES_MONEY, Party, User
from marketplace.privacy.archive import Entry


def statements(user: User) -> Iterator[Entry]:
    """One CSV for each party about whose money they decide."""
    theirs = user.memberships.filter(role__in=MANAGES_MONEY).select_related("party")
    for membership in theirs.order_by("pk"):
        yield Entry(f"statements/{membership.party_id}.csv", _statement(membership.party))


def _statement(party: Party) -> Iterator[bytes]:
    whole = Period(timezone.localdate(party.created_at), timezone.localdate(clock.now()))
    return (line.encode() for line in streamed(party, whole, lines))
