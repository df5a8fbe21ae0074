"""Refunds that did not arrive, while their money lies in the party's credit, and when they are tried again.

The tries of one refund are payments with one subject. Writes nothing.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from escrow.models import Account, Direction, Kind, Payment, PaymentStatus

PAUSES = tuple(timedelta(days=days) for days in (1, 3, 7, 14))  # after each try; the one after the last leaves it
CAME_BACK = (PaymentStatus.FAILED, PaymentStatus.REFUNDED)


class Stranded(NamedTuple):
    """The last try of a refund that did not arrive, and when the next one is due; None: it is left to people."""

    refund: Payment
    next_try: datetime | None


def stranded(**which) -> list[Stranded]:
    """Refunds that did not arrive, the oldest first, of parties with credit.

    Without credit there is nothing to give back: what came back has paid what the party owed.
    """
    tries = Payment.objects.filter(direction=Direction.REFUND, subject=OuterRef("subject"))
    later = tries.filter(created_at__gt=OuterRef("created_at"))
    credit = Account.objects.filter(kind=Kind.CREDIT, party=OuterRef("party"), balance__gt=0)
    count = tries.order_by().values("subject").annotate(count=Count("pk")).values("count")
    found = Payment.objects.filter(
        ~Exists(later), Exists(credit), direction=Direction.REFUND, status__in=CAME_BACK, **which
    )
    found = found.annotate(tries=Subquery(count), can_go=Exists(takers(OuterRef("refunds"), OuterRef("scope"))))
    return [Stranded(each, _next_try(each)) for each in found.select_related("refunds__method").order_by("settled_at")]


def takers(charge, scope) -> QuerySet[Payment]:
    """The charges through which a refund of `charge` can go back: that one, and others of the same scope."""
    return Payment.objects.filter(
        Q(pk=charge) | Q(scope=scope, scope__isnull=False), direction=Direction.CHARGE, status=PaymentStatus.CONFIRMED
    )


def _next_try(refund) -> datetime | None:
    return refund.settled_at + PAUSES[refund.tries - 1] if refund.can_go and refund.tries <= len(PAUSES) else None
