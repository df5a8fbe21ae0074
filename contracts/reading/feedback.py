"""The feedback on a contract as one side of it may see it (B43). Knows no request.

One query. What the other side gave stays hidden, even whether it gave any, until the contract's `revealed_at`.
"""

from dataclasses import dataclass
from datetime import datetime

from contracts.models import Contract, Feedback
from contracts.policy import Action, may, role_of
from marketplace.models import Party


@dataclass(frozen=True)
class SeenFeedback:
    """What each party gave: `own` of the viewer's side, `theirs` of the other, None where nothing is to be seen."""

    contract: Contract
    now: datetime
    own: Feedback | None
    theirs: Feedback | None

    @property
    def is_revealed(self) -> bool:
        return self.contract.revealed_at is not None

    @property
    def until(self) -> datetime | None:
        """When it is over, if that clock runs: not while staff have frozen the contract."""
        return None if self.contract.frozen_at else self.contract.feedback_by

    @property
    def is_open(self) -> bool:
        """Whether feedback can still be given."""
        until = self.contract.feedback_by
        return not self.is_revealed and until is not None and (self.contract.frozen_at or self.now) < until

    @property
    def may_give(self) -> bool:
        """Whether the viewer can give it now, for a side that has not."""
        return self.is_open and self.own is None and may(self.contract, Action.GIVE_FEEDBACK)

    @property
    def other(self) -> Party:
        contract = self.contract
        return contract.talent if role_of(contract).is_client_side else contract.client

    @property
    def both(self) -> list[tuple[Party, Feedback | None]]:
        """Who said what of the other, the client first, for when it is revealed."""
        given = {feedback.party_id: feedback for feedback in (self.own, self.theirs) if feedback}
        return [(party, given.get(party.pk)) for party in (self.contract.client, self.contract.talent)]


def feedback_on(contract: Contract, now: datetime) -> SeenFeedback:
    """The feedback on `contract`, which was loaded with `visible_to`, for the user it was loaded for."""
    given = {feedback.party_id: feedback for feedback in contract.feedback.select_related("by")}
    is_client = role_of(contract).is_client_side
    own, other = (contract.client_id, contract.talent_id) if is_client else (contract.talent_id, contract.client_id)
    theirs = given.get(other) if contract.revealed_at else None
    return SeenFeedback(contract, now, given.get(own), theirs)
