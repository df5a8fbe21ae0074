"""What a page says about money on its way in: the next milestone's figures, and a charge. Knows no request."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from contracts.models import Contract, Funding, Milestone
from contracts.reading.payment_words import what_for
from contracts.reading.sentences import Sentence
from escrow.models import Direction, Payment, PaymentStatus
from escrow.models.payment import OPEN


@dataclass(frozen=True)
class NextFunding:
    """What activating `milestone` comes to (B21): `held` counts first, `charge` is the rest, at plan `version`."""

    milestone: Milestone
    held: Decimal
    charge: Decimal
    version: int

    @property
    def from_held(self) -> Decimal:
        return self.milestone.amount - self.charge

    @property
    def stays(self) -> Decimal:
        """What is left over even then."""
        return self.held - self.from_held


@dataclass(frozen=True)
class SeenCharge:
    """A charge as the one who pays sees it. `funding` is what it funds; None for a bonus."""

    payment: Payment
    funding: Funding | None

    @property
    def what_for(self) -> Sentence:
        return what_for(self.payment, self.funding)

    @property
    def milestone(self) -> Milestone | None:
        """The milestone that it activates; None for a deposit or a bonus, and once it is deleted."""
        return self.funding.milestone if self.funding else None

    @property
    def is_confirmed(self) -> bool:
        return self.payment.status == PaymentStatus.CONFIRMED

    @property
    def has_failed(self) -> bool:
        return self.payment.status == PaymentStatus.FAILED


def charges(contract: Contract) -> QuerySet[Payment]:
    """All that the client of `contract` was charged for it."""
    return Payment.objects.filter(subject=contract.pk, party=contract.client_id, direction=Direction.CHARGE)


def open_charge(contract: Contract) -> Payment | None:
    """The charge for what is held that is under way, if there is one."""
    return charges(contract).filter(scope=contract.pk, status__in=OPEN).first()


def seen_charge(payment: Payment) -> SeenCharge:
    """With what it pays for: one query."""
    return SeenCharge(payment, Funding.objects.select_related("milestone").filter(pk=payment.pk).first())
