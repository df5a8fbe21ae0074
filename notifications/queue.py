"""Which emails are due, and what becomes of a try to send one. Knows no content and no server.

Whoever claims an email has it for LEASE: dies the claimer, it is due again. What was claimed together stays together
under one `mail`, so that every try is the same email.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q

from marketplace import clock
from notifications.models import Channel, Delivery, DeliveryStatus

LEASE = timedelta(minutes=5)
# After each try that failed, how long until the next one: about a day in all.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30, 60, 120, 240, 480, 480))
ERROR_LENGTH = 500
_S = DeliveryStatus


@transaction.atomic
def claim(post: int | None = None) -> Sequence[Delivery]:
    """The deliveries of the next email that is due, of this post or of any; empty when none is."""
    now = clock.now()
    waiting = Delivery.objects.select_for_update(skip_locked=True, no_key=True, of=("self",)).filter(
        channel=Channel.EMAIL, status=_S.WAITING
    )
    due = waiting.filter(due_at__lte=now, **({"post": post} if post else {}))
    first = due.order_by("due_at", "pk").first()
    if first is None:
        return []
    same = waiting.filter(recipient=first.recipient_id).filter(_together(first))
    keys = list(same.order_by("pk").values_list("pk", flat=True))
    claimed = Delivery.objects.filter(pk__in=keys)
    claimed.update(mail=first.mail, tries=F("tries") + 1, due_at=now + LEASE)
    return list(claimed.select_related("recipient").order_by("post"))


def sent(deliveries: Sequence[Delivery]) -> None:
    _settle(deliveries, _S.SENT, sent_at=clock.now(), error="")


def drop(deliveries: Sequence[Delivery]) -> None:
    """They are not needed any more."""
    _settle(deliveries, _S.DROPPED)


def failed(deliveries: Sequence[Delivery], error: str, *, for_good: bool) -> None:
    """It was not taken: later again, or never, when nobody would take it or it was tried for long enough."""
    tries = deliveries[0].tries
    if for_good or tries > len(WAITS):
        _settle(deliveries, _S.DEAD, error=error[:ERROR_LENGTH])
        return
    due = clock.now() + WAITS[tries - 1]
    _ours(deliveries).update(due_at=due, error=error[:ERROR_LENGTH])


def send_again(deliveries: Sequence[Delivery]) -> int:
    """Staff let those that were given up go out after all, from the first try on; answers how many."""
    dead = Delivery.objects.filter(pk__in=[each.pk for each in deliveries], status=_S.DEAD)
    return dead.update(status=_S.WAITING, due_at=clock.now(), tries=0)


def _together(first: Delivery) -> Q:
    """What goes out with it: what did on the first try, or on that try, all that can be put together."""
    if first.tries or not first.bundle:
        return Q(mail=first.mail)
    return Q(bundle=first.bundle, tries=0)


def _settle(deliveries: Sequence[Delivery], status: DeliveryStatus, **values: object) -> None:
    _ours(deliveries).update(status=status, due_at=None, **values)


def _ours(deliveries: Sequence[Delivery]):
    """As long as they wait: nothing that was settled meanwhile is touched."""
    return Delivery.objects.filter(pk__in=[each.pk for each in deliveries], status=_S.WAITING)
