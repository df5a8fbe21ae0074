"""What of people goes by itself once its days are over, every night (settings.KEPT_DAYS). Knows no contract.

Sessions that ended, limits and used codes go each hour (marketplace/tasks.py), files of nobody each night
(contracts/operations/strays.py): neither is kept for any number of days.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from marketplace import clock
from marketplace.models import NOWHERE, Erasure, Invitation, InvitationStatus, User
from marketplace.operations import PeopleError
from marketplace.privacy.erasing import erase, wipe
from marketplace.privacy.kept import Person
from marketplace.privacy.tables.people import SENT_TO_NOBODY

logger = logging.getLogger(__name__)
UNDER_WAY = timedelta(days=2)  # whatever began before an erasing is over by then
BATCH = 500
_also: list[Callable[[], None]] = []


def sweep_also(act: Callable[[], None]) -> None:
    """Have this done every night from now on."""
    if act not in _also:
        _also.append(act)


def sweep() -> None:
    """All of it; what fails does not keep the rest from being done."""
    for act in (wipe_again, forget_addresses, forget_sign_ups, *_also):
        try:
            act()
        except Exception:
            logger.exception("%s failed; the next night tries again.", act.__name__)


def over(what: str) -> datetime:
    """What is older than this has been kept for its days."""
    return clock.now() - timedelta(days=settings.KEPT_DAYS[what])


def wipe_again() -> None:
    """What was under way while somebody was erased: a sign-in, a notice, an invitation."""
    for erasure in Erasure.objects.filter(at__gt=clock.now() - UNDER_WAY).select_related("person"):
        wipe(Person.of(erasure.person))


def forget_addresses() -> None:
    """Where invitations went that were answered, or ran out, long ago."""
    ended = Q(closed_at__lt=over("invitations")) | Q(
        status=InvitationStatus.PENDING, expires_at__lt=over("invitations")
    )
    Invitation.objects.filter(ended).exclude(email__endswith=NOWHERE).update(email=SENT_TO_NOBODY)


def forget_sign_ups() -> None:
    """Whoever never confirmed the address that they signed up with: it may be anybody's."""
    strangers = User.objects.filter(
        date_joined__lt=over("sign_ups"), last_login=None, is_active=True, is_staff=False, is_superuser=False
    )
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    unconfirmed = strangers.filter(Exists(addresses), ~Exists(addresses.filter(verified=True)))
    for person in unconfirmed.order_by("pk")[:BATCH]:
        try:
            erase(person=person, by=None)
        except PeopleError:
            logger.warning("The unconfirmed sign-up %s stays: others need something of it.", person.pk)
