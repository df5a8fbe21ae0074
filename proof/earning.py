"""People with something to withdraw: earned by a contract like any other, out of its hold, and over.

Its hold lasts no time, so that nobody's clock has to move. Of every cent the books say where it is from.
"""

from dataclasses import replace
from uuid import uuid4

from django.conf import settings
from django.test.utils import override_settings

from contracts.models import Earning
from contracts.operations.maturing import mature
from contracts.tests import dealing
from contracts.tests.dealing import Deal
from tests.factories import bank


def earned(gross: str) -> Deal:
    """Two parties whose contract is over; what is left of `gross` after the fee is available to the talent."""
    deal = without_hold(gross)
    deal.end("0.00")
    bank(deal.talent)
    return deal


def without_hold(gross: str, *more: str) -> Deal:
    """A contract of these milestones, of which the first is paid, and what it paid is available."""
    with override_settings(TIMERS=settings.TIMERS | {"hold_days": 0}):
        deal = dealing.agreed(gross, *more)
    deal.release(1, gross)
    for earning in Earning.objects.filter(contract=deal.key):
        mature(earning.pk)
    return deal


def anew(deal: Deal) -> Deal:
    """The same two, about to agree on something else."""
    return replace(deal, key=uuid4())
