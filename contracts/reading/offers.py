"""What an offer comes to: its deposit, its conditions in words, what it nets. Knows no ledger and no page."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, Self, cast
from uuid import uuid4

from contracts import conditions
from contracts.models import Contract
from contracts.plan import Line, Plan
from contracts.states import MilestoneStatus
from escrow import fees

ZERO = Decimal("0.00")
UNPAID = (MilestoneStatus.FUTURE, MilestoneStatus.CANCELLED, MilestoneStatus.REFUNDED)


@dataclass(frozen=True)
class Conditions:
    """The fees and timers of a contract: `service_fee` a share, `initiation_fee` an amount, the others days."""

    service_fee: Decimal
    initiation_fee: Decimal
    offer_days: int
    review_days: int
    refund_days: int
    hold_days: int
    bonus_days: int
    feedback_days: int

    @property
    def percent(self) -> str:
        """The service fee as a person says it: 10, or 7.5."""
        return f"{(self.service_fee * 100).normalize():f}"

    @classmethod
    def now(cls) -> Self:
        """Those of a contract that is offered now."""
        return cls(**cast("dict[str, Any]", conditions.current()))

    @classmethod
    def of(cls, contract: Contract) -> Self:
        """Those that the contract keeps from its offer on."""
        return cls(**{name: getattr(contract, name) for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class Deposit:
    """What sending an offer moves: its first milestone's `amount` and the initiation `fee`, less what is held already.

    `amount` is None while nobody typed one.
    """

    amount: Decimal | None
    fee: Decimal
    held: Decimal = ZERO
    fee_held: Decimal = ZERO

    @property
    def fee_due(self) -> Decimal:
        return max(ZERO, self.fee - self.fee_held)

    @property
    def charge(self) -> Decimal:
        """What is charged now (B21, B40)."""
        return max(ZERO, (self.amount or ZERO) - self.held) + self.fee_due

    @property
    def returned(self) -> Decimal:
        """What goes back at once, when the first milestone became smaller than what is held for it."""
        return ZERO if self.charge or self.amount is None else self.held - self.amount

    @property
    def whole(self) -> Decimal:
        """What is held already, fee and all: every way but acceptance gives all of it back."""
        return self.held + self.fee_held

    @classmethod
    def for_new(cls, plan: Plan, fee: Decimal) -> Self:
        return cls(_first_amount(plan), fee)

    @classmethod
    def for_change(cls, contract: Contract, plan: Plan) -> Self:
        """`contract` is loaded with its money."""
        return cls(_first_amount(plan), contract.initiation_fee, contract.held, contract.fee_held)


class OfferedLine(NamedTuple):
    """A milestone of an offer, and what of its amount is the talent's after the fee."""

    line: Line
    net: Decimal


@dataclass(frozen=True)
class Offered:
    """An offer as the talent reads it before it answers."""

    contract: Contract

    @cached_property
    def lines(self) -> list[OfferedLine]:
        rate = self.contract.service_fee
        return [OfferedLine(line, fees.share(line.amount, rate).net) for line in self.contract.plan()]

    @property
    def total(self) -> Decimal:
        return sum((each.line.amount for each in self.lines), ZERO)

    @property
    def net(self) -> Decimal:
        """What all of it comes to when every milestone is released in full: the fee is rounded for each of them."""
        return sum((each.net for each in self.lines), ZERO)

    @property
    def conditions(self) -> Conditions:
        return Conditions.of(self.contract)


def unpaid_lines(contract: Contract, today: date) -> list[Line]:
    """The plan that was not paid and is not under way, copied with new keys; a due date that has passed is left out."""
    unpaid = contract.milestones.filter(status__in=UNPAID).order_by("position")
    return [_copied(milestone.line, today) for milestone in unpaid]


def _copied(line: Line, today: date) -> Line:
    due = line.due_date if line.due_date and line.due_date >= today else None
    return Line(uuid4(), line.title, line.description, line.amount, due)


def _first_amount(plan: Plan) -> Decimal | None:
    return plan.lines[0].amount or None if plan.lines else None
