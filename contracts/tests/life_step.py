"""The pieces of the model of a contract's life: a milestone, and a request for money back. In whole cents and days."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Step:
    """A milestone."""

    amount: int
    state: str = "future"
    submitted: int = 0
    returned: int = 0
    review_by: int | None = None
    given_up: dict[str, int] = field(default_factory=dict)  # by a side that withdrew a dispute: how much there was then

    @property
    def is_funded(self) -> bool:
        return self.state in {"active", "submitted", "changes_requested"}

    def disputable(self, by: str) -> int:
        """How much there is to dispute for this side: submissions, or for the talent requests for changes."""
        return self.submitted if by == "client" else self.returned

    def close(self, state: str) -> None:
        self.state, self.review_by = state, None


@dataclass
class Back:
    """So much asked back while the contract goes on: with all that `step`, then current, claims, or of the leftover."""

    amount: int
    step: Step | None

    def reachable(self, held: int, current: Step | None) -> int:
        claimed = current.amount if current and current is not self.step else 0
        return min(self.amount, max(0, held - claimed))
