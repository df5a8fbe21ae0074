"""A client's payments: charges, refunds, and what is held for each contract. Knows no request.

What is held is the ledger's own balances. A fixed number of queries for a page, whatever it holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, Sum

from contracts.models import Contract, Funding
from contracts.reading.cursors import Place
from contracts.reading.payment_words import standing_of, what_for
from contracts.reading.sentences import Sentence
from escrow.models import Account, Direction, Payment, PaymentMethod, PaymentStatus
from escrow.models.account import OF_SCOPE
from escrow.returns import stranded
from marketplace.models import Party

PAGE_SIZE = 20
MOVED = (PaymentStatus.CONFIRMED, PaymentStatus.REFUNDED)


@dataclass(frozen=True)
class ListedPayment:
    """A charge or a refund, the contract that it was for, and for a charge into escrow what it funded."""

    payment: Payment
    contract: Contract
    funding: Funding | None

    @property
    def what_for(self) -> Sentence:
        return what_for(self.payment, self.funding)

    @property
    def can_be_finished(self) -> bool:
        """Whether there is something to wait for, or to agree to, on the charge's own page."""
        return self.payment.is_open and self.payment.direction == Direction.CHARGE

    @property
    def standing(self) -> str:
        return standing_of(self.payment)

    @property
    def moved(self) -> Decimal | None:
        """What came back, above zero, or was charged, below; None while nothing was, or when it failed."""
        if self.payment.status not in MOVED:
            return None
        return self.payment.amount if self.payment.refunds else -self.payment.amount

    @property
    def fee(self) -> Decimal | None:
        """The initiation fee in a charge."""
        return self.funding.fee if self.funding and not self.payment.refunds else None

    @property
    def method(self) -> PaymentMethod | None:
        """Where the money came from, or went back to."""
        return (self.payment.refunds or self.payment).method


@dataclass(frozen=True)
class Returning:
    """Credit whose refund did not arrive: where it goes, when that failed, and when it is tried again, if it is."""

    amount: Decimal
    method: PaymentMethod | None
    failed_at: datetime | None
    next_try: datetime | None


@dataclass(frozen=True)
class PaymentsPage:
    """Some payments or some contracts that hold money, and the place after which there are more, if there are."""

    payments: Sequence[ListedPayment] = ()
    contracts: Sequence[Contract] = ()
    after: Place | None = None


def held_for(party: Party) -> Decimal:
    """What is held in all of a client's contracts together, with its fees; a closed one holds nothing (S11)."""
    scopes = Contract.objects.filter(client=party, is_closed=False).values("pk")
    held = Account.objects.filter(kind__in=OF_SCOPE, scope__in=scopes).aggregate(sum=Sum("balance"))
    return held["sum"] or Decimal("0.00")


def returning(party: Party, credit: Decimal) -> list[Returning]:
    """What `credit` is on its way back as, the oldest first; one query, or none without credit.

    A debt may have taken some of it. Then there is less for the last ones.
    """
    found = []
    for refund, next_try in stranded(party=party) if credit else ():
        amount = min(refund.amount, credit)
        credit -= amount
        method = refund.refunds.method if refund.refunds else None
        found.append(Returning(amount, method, refund.settled_at, next_try))
    return [each for each in found if each.amount]


def payments_page(party: Party, after: Place | None = None) -> PaymentsPage:
    """The latest charges and refunds of a client, or those that follow; three queries."""
    found = Payment.objects.filter(party=party).exclude(direction=Direction.PAYOUT)
    if after:
        found = found.filter(created_at__lte=after.at).exclude(created_at=after.at, id__gte=after.id)
    rows = list(found.select_related("method", "refunds__method").order_by("-created_at", "-id")[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    contracts, fundings = _contracts(shown), _fundings(shown)
    return PaymentsPage(
        payments=[
            ListedPayment(each, contracts[_charge(each).subject], fundings.get(_charge(each).pk)) for each in shown
        ],
        after=Place(shown[-1].created_at, shown[-1].pk) if len(rows) > PAGE_SIZE else None,
    )


def holding_page(party: Party, after: Place | None = None) -> PaymentsPage:
    """A client's contracts that hold money, latest activity first, or those that follow."""
    found = (
        Contract.objects.filter(client=party, is_closed=False).with_money().filter(Q(held__gt=0) | Q(fee_held__gt=0))
    )
    found = found.annotate(in_all=F("held") + F("fee_held")).select_related("talent")
    if after:
        found = found.filter(updated_at__lte=after.at).exclude(updated_at=after.at, id__gte=after.id)
    rows = list(found.order_by("-updated_at", "-id")[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    return PaymentsPage(
        contracts=shown, after=Place(shown[-1].updated_at, shown[-1].pk) if len(rows) > PAGE_SIZE else None
    )


def _charge(payment: Payment) -> Payment:
    return payment.refunds or payment


def _contracts(payments: Sequence[Payment]) -> dict[UUID, Contract]:
    keys = {_charge(payment).subject for payment in payments}
    return Contract.objects.select_related("talent").in_bulk(keys)


def _fundings(payments: Sequence[Payment]) -> dict[UUID, Funding]:
    keys = {_charge(payment).pk for payment in payments}
    return Funding.objects.select_related("milestone").in_bulk(keys)
