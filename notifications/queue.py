"""Which emails are due, and what becomes of a try to send one. Knows no content and no server.

Whoever claims an email has it for LEASE: dies the claimer, it is due again. What was claimed together stays together
under one `mail`, so that every try is the same email. Emails are claimed by the portion, and each is settled by itself
as soon as it is sent: a crash loses none and repeats one at most.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.contrib.postgres.functions import RandomUUID
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Greatest

from marketplace import clock
from marketplace.clock import Now
from notifications.models import Channel, Delivery, DeliveryStatus

type Mail = list[Delivery]  # the deliveries that go out as one email
PORTION = 20  # emails
LEASE = timedelta(minutes=5)
# After each try that failed, how long until the next one: about a day in all.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30, 60, 120, 240, 480, 480))
ERROR_LENGTH = 500
_S = DeliveryStatus


@transaction.atomic
def claim(post: int | None = None) -> list[Mail]:
    """The next emails that are due, of this post or of any, up to a portion; empty when none is."""
    now = clock.now()
    waiting = Delivery.objects.select_for_update(skip_locked=True, no_key=True, of=("self",)).filter(
        channel=Channel.EMAIL, status=_S.WAITING
    )
    due = waiting.filter(due_at__lte=now, **({"post": post} if post else {})).select_related("recipient")
    first = due.order_by("due_at", "pk")[:PORTION]
    mails = _mails(first, waiting.select_related("recipient"))
    _note(mails, now)
    return mails


def sent(deliveries: Mail) -> None:
    _settle(deliveries, _S.SENT, sent_at=Now(), error="")


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


def give_back(mails: Iterable[Mail]) -> None:
    """They were claimed and not tried: due at once, for whoever comes next.

    What was put together the first time comes apart again, so that no other email has its Message-ID.
    """
    apart = When(~Q(bundle="") & Q(tries=1), then=RandomUUID())
    untried = [each for mail in mails for each in mail]
    _ours(untried).update(due_at=Now(), tries=Greatest(F("tries") - 1, 0), mail=Case(apart, default=F("mail")))


def _mails(first: Iterable[Delivery], waiting: QuerySet[Delivery]) -> list[Mail]:
    """The emails that these begin, each with what goes out with it."""
    mails: dict[object, list[Delivery]] = {}
    for delivery in first:
        mails.setdefault(_email_of(delivery), []).append(delivery)
    bundles = [_together(mail[0]) for mail in mails.values() if mail[0].bundle]
    if bundles:
        found = {each.pk for mail in mails.values() for each in mail}
        for delivery in waiting.filter(reduce(or_, bundles)).exclude(pk__in=found).order_by("pk"):
            mails[_email_of(delivery)].append(delivery)
    return list(mails.values())


def _email_of(delivery: Delivery) -> object:
    """What is the same for all that go out as one: on a further try that of the first, else the bundle."""
    return delivery.recipient_id, delivery.mail if delivery.tries or not delivery.bundle else delivery.bundle


def _together(first: Delivery) -> Q:
    """What goes out with it: what did on the first try, or on that try, all that can be put together."""
    same = {"mail": first.mail, "tries__gt": 0} if first.tries else {"bundle": first.bundle, "tries": 0}
    return Q(recipient=first.recipient_id, **same)


def _note(mails: list[Mail], now: datetime) -> None:
    """They are claimed: by the rows, and by the objects at hand."""
    bundled = [When(pk__in=[each.pk for each in mail], then=Value(mail[0].mail)) for mail in mails if len(mail) > 1]
    claimed = Delivery.objects.filter(pk__in=[each.pk for mail in mails for each in mail])
    claimed.update(mail=Case(*bundled, default=F("mail")), tries=F("tries") + 1, due_at=now + LEASE)
    for mail in mails:
        for each in mail:
            each.mail, each.tries, each.due_at = mail[0].mail, each.tries + 1, now + LEASE
        mail.sort(key=lambda each: each.post_id)


def _settle(deliveries: Sequence[Delivery], status: DeliveryStatus, **values: object) -> None:
    _ours(deliveries).update(status=status, due_at=None, **values)


def _ours(deliveries: Sequence[Delivery]):
    """As long as they wait: nothing that was settled meanwhile is touched."""
    return Delivery.objects.filter(pk__in=[each.pk for each in deliveries], status=_S.WAITING)
