"""A talent's balance: what is pending and until when, what is available or owed, and where all of it came from.

Knows no request. The figures are the ledger's own balances; the lists go on after the last row shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import TruncDate

from contracts.models import Earning
from contracts.reading.cursors import Place
from contracts.reading.payment_words import standing_of
from escrow.models import Account, Direction, Kind, Payment
from marketplace.models import Party

PAGE_SIZE = 20
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Balance:
    """What lies in a party's accounts (docs/ledger.md); `owed` is what it owes Cairn."""

    pending: Decimal = ZERO
    available: Decimal = ZERO
    credit: Decimal = ZERO
    owed: Decimal = ZERO


@dataclass(frozen=True)
class Maturing:
    """What can be withdrawn from a day on, by the viewer's calendar."""

    day: date
    amount: Decimal


@dataclass(frozen=True)
class Withdrawal:
    """A payout as its party sees it in the list."""

    payment: Payment

    @property
    def standing(self) -> str:
        return standing_of(self.payment)


@dataclass(frozen=True)
class BalancePage:
    """Some earnings or some withdrawals, and the place after which there are more, if there are."""

    earnings: Sequence[Earning] = ()
    withdrawals: Sequence[Withdrawal] = ()
    after: Place | None = None


def balance_of(party: Party) -> Balance:
    """All balances of a party, with one query."""
    held = dict(Account.objects.filter(party=party).values_list("kind", "balance"))
    return Balance(
        pending=held.get(Kind.PENDING, ZERO),
        available=held.get(Kind.AVAILABLE, ZERO),
        credit=held.get(Kind.CREDIT, ZERO),
        owed=-held.get(Kind.RECEIVABLE, ZERO),
    )


def maturing(party: Party, pending: Decimal) -> list[Maturing]:
    """What of `pending` becomes available on which day, as the security holds end (B23); in a freeze none does.

    A debt may have taken some of it. Then there is less for the last ones.
    """
    held = Earning.objects.filter(contract__talent=party, contract__frozen_at=None, matured_at=None, reversal=None)
    days = held.annotate(day=TruncDate("matures_at")).values_list("day").annotate(Sum("net")).order_by("day")
    found = []
    for day, net in days:
        found.append(Maturing(day, min(net, pending)))
        pending -= found[-1].amount
    return [each for each in found if each.amount]


def earnings_page(party: Party, after: Place | None = None) -> BalancePage:
    """The latest earnings, or those that follow."""
    found = Earning.objects.filter(contract__talent=party).select_related("contract__client", "milestone", "invoice")
    if after:
        found = found.filter(at__lte=after.at).exclude(at=after.at, id__gte=after.id)
    shown = list(found.order_by("-at", "-id")[: PAGE_SIZE + 1])
    return BalancePage(earnings=shown[:PAGE_SIZE], after=_place(shown, "at"))


def withdrawals_page(party: Party, after: Place | None = None) -> BalancePage:
    """The latest withdrawals, or those that follow."""
    found = Payment.objects.filter(party=party, direction=Direction.PAYOUT).select_related("method")
    if after:
        found = found.filter(created_at__lte=after.at).exclude(created_at=after.at, id__gte=after.id)
    shown = list(found.order_by("-created_at", "-id")[: PAGE_SIZE + 1])
    return BalancePage(withdrawals=[Withdrawal(each) for each in shown[:PAGE_SIZE]], after=_place(shown, "created_at"))


def _place(found: list, moment: str) -> Place | None:
    """Where to go on, when one more was found than is shown."""
    return Place(getattr(found[PAGE_SIZE - 1], moment), found[PAGE_SIZE - 1].pk) if len(found) > PAGE_SIZE else None
