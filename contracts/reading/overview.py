"""The Overview of a contract: its milestones as a timeline, its money, its next step. Knows no request.

One query for the milestones, whether there is one or there are 200. The talent reads an offer as it was sent.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from contracts.models import Contract, Milestone, PlanRevision
from contracts.plan import MAXIMUM_MILESTONES
from contracts.policy import Action, has_role
from contracts.reading.doors import Door, doors
from contracts.reading.next_step import Step, next_step, put_off
from contracts.reading.sent import as_sent, milestones_of
from contracts.reading.standing import ZERO, Standing, Tally
from contracts.states import REFUND_OPEN, MilestoneStatus

FOLDED_FROM = 6  # so many paid milestones are put behind one line, when others follow


@dataclass(frozen=True)
class Stone:
    """A milestone on the timeline. `kind` is paid, current, future or closed; past due is only shown (B5)."""

    milestone: Milestone
    kind: str
    is_past_due: bool

    @property
    def is_paid_otherwise(self) -> bool:
        """Whether more or less was paid than the milestone's amount (B22, B24)."""
        return self.milestone.paid not in {None, self.milestone.amount}


@dataclass(frozen=True)
class Overview:
    """What the Overview shows of `contract`, loaded with `visible_to` and money, on the viewer's own day `today`."""

    contract: Contract
    today: date

    @cached_property
    def sent(self) -> PlanRevision | None:
        """The version that the talent was sent last, where the contract holds a draft that it was not."""
        return as_sent([self.contract]).get(self.contract.pk)

    @cached_property
    def stones(self) -> tuple[Stone, ...]:
        milestones = milestones_of(self.sent) if self.sent else self.contract.milestones.order_by("position")
        return tuple(self._stone(milestone) for milestone in milestones)

    @cached_property
    def folded(self) -> tuple[Stone, ...]:
        """The paid milestones at the beginning, when there are many and something follows them."""
        paid = next((n for n, stone in enumerate(self.stones) if stone.kind != "paid"), 0)
        return self.stones[:paid] if paid >= FOLDED_FROM else ()

    @property
    def shown(self) -> tuple[Stone, ...]:
        return self.stones[len(self.folded) :]

    @property
    def folded_amount(self) -> Decimal:
        """What was paid for them, which is more or less than they were agreed for (B22)."""
        return sum((stone.milestone.paid or ZERO for stone in self.folded), ZERO)

    @cached_property
    def standing(self) -> Standing:
        milestones = (stone.milestone for stone in self.stones)
        return Standing.of(self.contract, (Tally(milestone.status, 1, milestone.amount) for milestone in milestones))

    @property
    def at_hand(self) -> Milestone | None:
        """The milestone that the next step is about: the current one, or else the next."""
        at_hand = (stone.milestone for stone in self.stones if stone.kind in {"current", "future"})
        return next(at_hand, None)

    @property
    def deadline(self) -> datetime | None:
        """Until when the next step has to be done, if a clock runs: none does while staff have frozen the contract."""
        if self.contract.frozen_at or self.step.page in {"pending_request", "money_back"}:
            return None
        if self.contract.expires_at:
            return self.contract.expires_at
        if self.contract.refund_status:
            asked = self.contract.refund_requests.filter(ends=True, status__in=REFUND_OPEN).first()
            return asked.answer_by if asked else None  # it may have been answered since the contract was loaded
        return self.at_hand.review_by if self.at_hand else None

    @property
    def review_until(self) -> datetime | None:
        """Until when the work is reviewed (B32), where the next step is about something else."""
        if self.contract.frozen_at or self.deadline:
            return None
        return self.at_hand.review_by if self.at_hand else None

    @cached_property
    def doors(self) -> tuple[Door, ...]:
        current = self.at_hand if self.standing.current else None
        found = doors(self.contract, current, self.step.page)
        turn = put_off(self.contract, self.standing)
        return (Door(turn.page, turn.label), *found) if turn and not self._is_stopped else found

    @property
    def _is_stopped(self) -> bool:
        """Whether the change request that waits keeps the next milestone from being activated (B10)."""
        if self.standing.current or self.at_hand is None:
            return False
        pinned = frozenset(stone.milestone.pk for stone in self.stones if stone.kind != "future")
        return self.contract.pending.stops(self.at_hand.pk, pinned)

    @property
    def is_full(self) -> bool:
        """Whether the plan has all the milestones that it can have (B3)."""
        return len(self.stones) >= MAXIMUM_MILESTONES

    @property
    def proposes(self) -> bool:
        """Whether the viewer changes the plan by asking the other side (B8)."""
        return self.contract.is_active and has_role(self.contract, Action.SEND_REQUEST)

    @property
    def may_change(self) -> bool:
        """Whether the viewer changes the plan, one way or the other, once nothing waits for an answer (B10)."""
        return self.proposes or (self.contract.is_active and has_role(self.contract, Action.EDIT_PLAN))

    @cached_property
    def step(self) -> Step:
        return next_step(self.contract, self.standing)

    def _stone(self, milestone: Milestone) -> Stone:
        kind = kind_of(milestone)
        is_open = kind in {"current", "future"} and not self.contract.is_closed
        due = milestone.due_date if is_open else None
        return Stone(milestone, kind, is_past_due=due is not None and due < self.today)


def kind_of(milestone: Milestone) -> str:
    """What a milestone is on the timeline; closed is one that was refunded or cancelled."""
    if milestone.is_current:
        return "current"
    if milestone.is_future:
        return "future"
    return "paid" if milestone.status == MilestoneStatus.PAID else "closed"
