"""What a page says about money on its way in: the next milestone's figures, and a charge. Knows no request."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import QuerySet

from contracts.models import Contract, Funding, Milestone
from contracts.reading.payment_words import way_back, what_for
from contracts.reading.sentences import Sentence
from escrow.models import Direction, Journal, Payment, PaymentStatus
from escrow.models.payment import OPEN
from escrow.operations.starting import left_of
from escrow.purposes import named


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
    def is_active(self) -> bool:
        """Whether the milestone that it activates is the current one."""
        return self.milestone is not None and self.milestone.is_current

    @cached_property
    def left(self) -> Decimal:
        """What of it neither went back nor is on its way back; one query."""
        return left_of(self.payment)

    @cached_property
    def pays(self) -> bool:
        """Whether it was made, its purpose took it, and some of it is left: else all of it goes back. Two queries."""
        payment = self.payment
        if payment.status != PaymentStatus.CONFIRMED or not self.left:
            return False
        return Journal.objects.filter(key=payment.journal_key, cause=named(payment.purpose).cause).exists()

    @property
    def way_back(self) -> str:
        """A sentence about a charge that was made and pays for nothing."""
        return way_back(self.payment)

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
