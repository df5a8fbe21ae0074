"""How a contract stands: its money and its progress, told by its milestones' states. Knows no ledger and no page.

Until escrow keeps the books, a state stands for the money: an active, submitted or returned milestone is held in full,
a paid one was paid in full. One that was refunded or cancelled is no longer agreed: nobody owes or holds anything for
it. So agreed = paid + in escrow + to fund holds by construction, to the cent, also on an ended contract.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Self

from contracts.states import CURRENT, MilestoneStatus

ZERO = Decimal("0.00")
HELD = CURRENT - {MilestoneStatus.FUNDING}
UNFUNDED = frozenset({MilestoneStatus.FUTURE, MilestoneStatus.FUNDING})
AGREED = HELD | UNFUNDED | {MilestoneStatus.PAID}


class Tally(NamedTuple):
    """So many milestones in one state, and what they come to."""

    status: str
    count: int
    amount: Decimal


@dataclass(frozen=True)
class Standing:
    """Figures of one contract, in dollars; counts are of milestones that are still part of what was agreed."""

    count: int = 0
    paid_count: int = 0
    paid: Decimal = ZERO
    in_escrow: Decimal = ZERO
    to_fund: Decimal = ZERO
    current: MilestoneStatus | None = None
    has_future: bool = False

    @property
    def agreed(self) -> Decimal:
        return self.paid + self.in_escrow + self.to_fund

    @classmethod
    def of(cls, tallies: Iterable[Tally]) -> Self:
        """The sum of `tallies`, in which a state may come more than once."""
        tallies = tuple(tallies)

        def amount(statuses: frozenset[MilestoneStatus]) -> Decimal:
            return sum((tally.amount for tally in tallies if tally.status in statuses), ZERO)

        def count(statuses: frozenset[MilestoneStatus]) -> int:
            return sum(tally.count for tally in tallies if tally.status in statuses)

        paid, future = frozenset({MilestoneStatus.PAID}), frozenset({MilestoneStatus.FUTURE})
        return cls(
            count=count(AGREED),
            paid_count=count(paid),
            paid=amount(paid),
            in_escrow=amount(HELD),
            to_fund=amount(UNFUNDED),
            current=next((MilestoneStatus(tally.status) for tally in tallies if tally.status in CURRENT), None),
            has_future=count(future) > 0,
        )
