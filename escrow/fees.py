"""What Cairn takes: the service fee of a release and the initiation fee. Knows no contract and posts nothing.

Both come from the settings and are kept with a contract when it is offered (B21), so callers pass the rate they kept.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.conf import settings

CENT = Decimal("0.01")


class Fees(NamedTuple):
    """`service`, a share of what is released (0.10 is 10 %), and `initiation`, an amount."""

    service: Decimal
    initiation: Decimal


class Shares(NamedTuple):
    """A gross amount as the platform's fee and the talent's net; together they are the gross (I7)."""

    gross: Decimal
    fee: Decimal
    net: Decimal


def current() -> Fees:
    """The fees of a contract that is offered now; ValueError if the settings make no sense."""
    fees = Fees(Decimal(settings.SERVICE_FEE), Decimal(settings.INITIATION_FEE))
    if not 0 <= fees.service < 1 or fees.initiation < 0 or fees.initiation != fees.initiation.quantize(CENT):
        raise ValueError(f"These are no fees: {fees}.")
    return fees


def share(gross: Decimal, rate: Decimal) -> Shares:
    """B23: the fee is rounded half up, once; net is the remainder. Either may be 0.00 for the smallest amounts."""
    fee = (gross * rate).quantize(CENT, rounding=ROUND_HALF_UP)
    return Shares(gross, fee, gross - fee)
