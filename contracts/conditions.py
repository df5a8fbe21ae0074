"""The fees and timers of a contract that is offered now. Knows the settings and no row.

A contract keeps them from its offer on, so that later settings never change a live one (B21).
"""

from decimal import Decimal

from django.conf import settings

from escrow import fees


def current() -> dict[str, Decimal | int]:
    """The conditions by the names of the contract's columns: a rate, an amount, and numbers of days."""
    now = fees.current()
    return {"service_fee": now.service, "initiation_fee": now.initiation, **settings.TIMERS}
