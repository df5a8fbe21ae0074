"""What reviewing a milestone shows: the work, the time that is left, and what each release comes to (B22, B31).

What comes next after a release (B25) is here too. Knows no request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from contracts.models import Contract, Earning, EarningKind, Milestone, Submission
from contracts.policy import Action, in_state, may, role_of
from contracts.reading.submissions import submissions_for
from contracts.states import FUNDED, MilestoneStatus
from escrow import fees
from escrow.money import CENT

OTHER = "other"
PARTS = (100, 75, 50, 25)  # per cent


@dataclass(frozen=True)
class Sums:
    """What a release of `gross` comes to: `fee` to Cairn, `net` to the talent, and what `stays` held; never a bonus."""

    gross: Decimal
    fee: Decimal
    net: Decimal
    stays: Decimal
    bonus: Decimal = Decimal("0.00")


@dataclass(frozen=True)
class Pick:
    """A share of what is held that can be released by one choice."""

    name: str
    label: str
    sums: Sums


@dataclass(frozen=True)
class Review:
    """A milestone under review on `contract`, for which `held` is held in all."""

    contract: Contract
    milestone: Milestone
    held: Decimal
    submissions: Sequence[Submission]

    @property
    def latest(self) -> Submission | None:
        return self.submissions[0] if self.submissions else None

    @property
    def is_for_client(self) -> bool:
        return role_of(self.contract).is_client_side

    @property
    def is_funded(self) -> bool:
        return self.milestone.status in FUNDED

    @property
    def may_release(self) -> bool:
        return self.is_funded and may(self.contract, Action.RELEASE)

    @property
    def may_request_changes(self) -> bool:
        return self.waits and may(self.contract, Action.REQUEST_CHANGES)

    @property
    def may_submit(self) -> bool:
        return self.takes_work and may(self.contract, Action.SUBMIT)

    @property
    def takes_work(self) -> bool:
        return self.milestone.status in {MilestoneStatus.ACTIVE, MilestoneStatus.CHANGES_REQUESTED}

    @property
    def waits(self) -> bool:
        """Whether work waits for an answer."""
        return self.milestone.status == MilestoneStatus.SUBMITTED

    @property
    def runs_out(self) -> datetime | None:
        """When the money is released by itself, while that clock runs (B31)."""
        return self.milestone.review_by if in_state(self.contract, Action.RELEASE) else None

    def sums(self, amount: Decimal) -> Sums:
        """What releasing `amount`, which is held, comes to."""
        shares = fees.share(amount, self.contract.service_fee)
        return Sums(*shares, stays=self.held - shares.gross)

    @cached_property
    def picks(self) -> list[Pick]:
        """The quick picks, each rounded half up to the cent, and never nothing."""
        return [Pick(str(part), _label(part), self.sums(self._part(part))) for part in PARTS]

    def _part(self, per_cent: int) -> Decimal:
        part = (self.milestone.amount * per_cent / 100).quantize(CENT, rounding=ROUND_HALF_UP)
        return max(part, CENT)

    @property
    def cents(self) -> int:
        return int(self.milestone.amount * 100)

    @property
    def held_cents(self) -> int:
        return int(self.held * 100)

    @property
    def rate(self) -> int:
        """The service fee in ten-thousandths."""
        return int(self.contract.service_fee * 10_000)


def review_of(contract: Contract, milestone: Milestone) -> Review:
    """At most three queries, whatever was handed in."""
    return Review(contract, milestone, _held(contract).held, submissions_for(milestone))


@dataclass(frozen=True)
class WhatNext:
    """On `contract`, loaded with its money: the last release, and which milestone is current, or could be next."""

    contract: Contract
    released: Earning | None
    current: Milestone | None
    future: Milestone | None


def what_next(contract: Contract) -> WhatNext:
    """Three queries."""
    releases = contract.earnings.filter(kind=EarningKind.RELEASE).select_related("milestone").order_by("-at")
    plan = list(contract.milestones.order_by("position"))
    current = next((milestone for milestone in plan if milestone.is_current), None)
    future = next((milestone for milestone in plan if milestone.is_future), None)
    return WhatNext(_held(contract), releases.first(), current, future)


def _held(contract: Contract) -> Contract:
    return Contract.objects.with_money().get(pk=contract.pk)


def _label(per_cent: int) -> str:
    return _("All of it") if per_cent == 100 else _("%(part)d %%") % {"part": per_cent}
