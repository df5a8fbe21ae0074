"""How a contract stands: its money and its progress. The money is the ledger's; milestones say what is still to come.

So agreed = paid + held + to fund holds by construction, to the cent (X6): what a partial release left over is held and
counts for the milestones ahead. While a contract is settled, and once it is closed, nothing is to be funded any more.
Knows no page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Self

from contracts.models import Contract
from contracts.states import CURRENT, FUNDED, ContractStatus, MilestoneStatus

ZERO = Decimal("0.00")
AHEAD = CURRENT | {MilestoneStatus.FUTURE}
AGREED = AHEAD | {MilestoneStatus.PAID}
WHOLE = 1000


class Tally(NamedTuple):
    """So many milestones in one state, and what they come to."""

    status: str
    count: int
    amount: Decimal


class Segment(NamedTuple):
    """A part of the money bar: paid, held or to_fund, from `start` over `width`, in thousandths of the whole."""

    kind: str
    start: int
    width: int


@dataclass(frozen=True)
class Standing:
    """Figures of one contract, in dollars; counts are of milestones that are still part of what was agreed.

    `left_over` is held and claimed by no current milestone; `bonuses` came on top of what was agreed.
    """

    count: int = 0
    paid_count: int = 0
    paid: Decimal = ZERO
    held: Decimal = ZERO
    to_fund: Decimal = ZERO
    left_over: Decimal = ZERO
    bonuses: Decimal = ZERO
    current: MilestoneStatus | None = None
    has_future: bool = False

    @property
    def agreed(self) -> Decimal:
        return self.paid + self.held + self.to_fund

    @property
    def bar(self) -> tuple[Segment, ...]:
        """The money bar: its segments fill the whole, and each that is not nothing can be seen."""
        parts = [("paid", self.paid), ("held", self.held), ("to_fund", self.to_fund)]
        shown = [(kind, amount) for kind, amount in parts if amount]
        segments, start = [], 0
        for place, (kind, amount) in enumerate(shown, start=1):
            after = len(shown) - place
            width = WHOLE - start if not after else int(WHOLE * amount / self.agreed)
            width = min(max(width, 10), WHOLE - start - 10 * after)
            segments.append(Segment(kind, start, width))
            start += width
        return tuple(segments)

    @classmethod
    def of(cls, contract: Contract, tallies: Iterable[Tally]) -> Self:
        """The standing of `contract`, loaded with its money; in `tallies` a state may come more than once."""
        tallies = tuple(tallies)

        def amount(statuses: frozenset[MilestoneStatus]) -> Decimal:
            return sum((tally.amount for tally in tallies if tally.status in statuses), ZERO)

        def count(statuses: frozenset[MilestoneStatus]) -> int:
            return sum(tally.count for tally in tallies if tally.status in statuses)

        is_over = contract.is_closed or contract.status == ContractStatus.SETTLING
        ahead = ZERO if is_over else amount(AHEAD)
        return cls(
            count=count(AGREED),
            paid_count=count(frozenset({MilestoneStatus.PAID})),
            paid=contract.paid,
            held=contract.held,
            to_fund=max(ZERO, ahead - contract.held),
            left_over=max(ZERO, contract.held - amount(FUNDED)),
            bonuses=contract.bonuses,
            current=next((MilestoneStatus(tally.status) for tally in tallies if tally.status in CURRENT), None),
            has_future=count(frozenset({MilestoneStatus.FUTURE})) > 0,
        )
