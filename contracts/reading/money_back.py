"""Money back on a live contract: what can be asked for, what of a request is still there, how it ended (B24).

Knows no request of a browser.
"""

from dataclasses import dataclass
from decimal import Decimal

from contracts.models import Contract, Milestone, RefundRequest
from contracts.policy import Action, may
from contracts.states import MilestoneStatus, RefundStatus

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class MoneyBack:
    """`contract`, for which `held` is held with this `current` milestone, and its newest request, if any."""

    contract: Contract
    held: Decimal
    current: Milestone | None
    request: RefundRequest | None

    @property
    def left_over(self) -> Decimal:
        """What no current milestone claims."""
        return max(ZERO, self.held - (self.current.amount if self.current else ZERO))

    @property
    def claimed(self) -> Decimal:
        """What goes back only with all the rest, and with the current milestone."""
        return self.held - self.left_over

    @property
    def is_open(self) -> bool:
        return self.request is not None and self.request.status == RefundStatus.PENDING

    @property
    def reachable(self) -> Decimal:
        """What of an open request can go back now."""
        return self.request.reachable(self.held, self.current) if self.request else ZERO

    @property
    def refunds(self) -> Milestone | None:
        """The milestone that an open request refunds if it is agreed to."""
        return self.current if self.request and self.current and self.current.pk == self.request.milestone_id else None

    @property
    def is_paying(self) -> bool:
        """Whether a charge for the current milestone is under way, so that nobody knows what will be left over."""
        return self.current is not None and self.current.status == MilestoneStatus.FUNDING

    @property
    def outcome(self) -> RefundStatus | None:
        """How the request ended."""
        return None if self.request is None or self.is_open else RefundStatus(self.request.status)

    @property
    def may_ask(self) -> bool:
        can = may(self.contract, Action.ASK_MONEY_BACK) and not self.is_open
        return can and self.held > 0 and not self.is_paying

    @property
    def may_withdraw(self) -> bool:
        return self.is_open and may(self.contract, Action.ASK_MONEY_BACK)

    @property
    def may_answer(self) -> bool:
        return self.is_open and may(self.contract, Action.ANSWER_MONEY_BACK)


def money_back(contract: Contract) -> MoneyBack:
    """At most three queries."""
    requests = contract.refund_requests.filter(ends=False).order_by("-at", "-pk")
    held = Contract.objects.with_money().only("pk").get(pk=contract.pk).held
    return MoneyBack(contract, held, contract.current, requests.first())
