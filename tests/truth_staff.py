"""What figures must be in the administration: of any account after any transfer, of payments, plans and events.

Balances are summed up again, transfer by transfer. Knows no page.
"""

from collections import defaultdict
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from contracts.models import Contract, Event, Milestone, RefundRequest, SplitOffer
from contracts.states import REFUND_OPEN
from escrow.models import Payment
from tests import truth_settling
from tests.truth import ZERO


class Truth(truth_settling.Truth):
    """The same ledger, as staff ask about it."""

    # Accounts and transfers; `of` a balance is a transfer and an account

    @cached_property
    def balances(self) -> dict[str, Decimal]:
        """What lay in an account after each of its transfers, in their order."""
        lies: dict[int, Decimal] = defaultdict(lambda: ZERO)
        found = {}
        for move in sorted(self.moves, key=lambda move: move.id):
            for account, change in ((move.debit, -move.amount), (move.credit, move.amount)):
                lies[account] += change
                found[f"{move.id}:{account}"] = lies[account]
        return found | {str(account): amount for account, amount in lies.items()}

    def then_in(self, of: str) -> Decimal:
        return self.balances[of]

    def lies_in(self, account: str) -> Decimal:
        return self.balances.get(account, ZERO)

    def transfer_amount(self, key: str) -> Decimal:
        return next(move.amount for move in self.moves if str(move.id) == key)

    def moved_in(self, of: str) -> Decimal:
        transfer, account = of.split(":")
        move = next(move for move in self.moves if str(move.id) == transfer)
        return move.amount if str(move.credit) == account else -move.amount

    # Payments

    def payment_amount(self, key: UUID) -> Decimal:
        """What went through its own journal; one that moved nothing yet, or never, has none."""
        payment = Payment.objects.get(pk=key)
        posted = self.posted(f"{payment.direction}:{key}")
        return sum((move.amount for move in posted), ZERO) if posted else payment.amount

    # What was agreed, asked for, divided, and what happened

    def milestone_amount(self, key: UUID) -> Decimal:
        """As the contract's newest revision has it."""
        newest = Milestone.objects.get(pk=key).contract.revisions.order_by("-number")[0]
        return next(line.amount for line in newest.plan if line.key == key)

    def refundrequest_returned(self, key: UUID) -> Decimal:
        """From what was held: an initiation fee that came back with it is not counted."""
        request = RefundRequest.objects.get(pk=key)
        assert request.status not in REFUND_OPEN
        came = self._settled(key) if request.ends else self.posted(f"refund:{key}")
        return min(request.amount, self.went(came, "escrow", "credit"))

    refundrequest_amount, refundrequest_counter = truth_settling.Truth.asked, truth_settling.Truth.countered

    def dispute_paid(self, key: UUID) -> Decimal:
        return self.went(self.posted(f"split:{key}"), "escrow", "pending", "fees")

    def dispute_returned(self, key: UUID) -> Decimal:
        return self.went(self.posted(f"split:{key}"), "escrow", "credit")

    def splitoffer_to_talent(self, key: UUID) -> Decimal:
        return SplitOffer.objects.get(pk=key).to_talent

    def splitoffer_to_client(self, key: UUID) -> Decimal:
        return SplitOffer.objects.get(pk=key).to_client

    @staticmethod
    def planned(contract: Contract) -> set[Decimal]:
        """Every sum that a change of the plan can name: of a milestone, of all of them, and how much that changed."""
        plans = [each.plan for each in (*contract.revisions.all(), *contract.change_requests.all())]
        totals = {plan.total for plan in plans} | {ZERO}
        return {line.amount for plan in plans for line in plan} | {abs(a - b) for a in totals for b in totals}

    def _told(self, key: str, column: str) -> Decimal | None:
        """What the event says, if that ever moved or was asked for."""
        event = Event.objects.get(pk=key)
        told = getattr(event, column)
        return told if told in self.known(Contract(pk=event.contract_id)) | {ZERO} else None

    def event_charged(self, key: str) -> Decimal | None:
        return self._told(key, "charged")

    def event_paid(self, key: str) -> Decimal | None:
        return self._told(key, "paid")

    def event_returned(self, key: str) -> Decimal | None:
        return self._told(key, "returned")
