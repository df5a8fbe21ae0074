"""What a dispute is decided on, gathered: what happened, what was handed in, what was asked and offered (B44).

Knows no request of a browser and no messages: those are a floor above. A side reads what it may know of; staff, all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Q

from contracts.models import Contract, Dispute, Milestone, RefundRequest, SplitOffer, Submission
from contracts.reading.activity import Entry, all_entries, known_entries
from escrow.models import Kind, Transfer

MOST = 200  # entries on a page; the PDF has them all


@dataclass(frozen=True)
class Evidence:
    """All about `dispute`, oldest first. `earlier` is how many entries came before the first of `entries`."""

    contract: Contract
    dispute: Dispute
    entries: Sequence[Entry]
    earlier: int = 0

    @cached_property
    def submissions(self) -> list[Submission]:
        """With who handed them in, for which milestone, and their files."""
        found = self.contract.submissions.select_related("by", "returned_by", "milestone").prefetch_related("files")
        return list(found.order_by("at"))

    @cached_property
    def requests(self) -> list[RefundRequest]:
        """Everything that the client asked back."""
        return list(self.contract.refund_requests.select_related("by").order_by("at"))

    @cached_property
    def splits(self) -> list[SplitOffer]:
        return list(self.dispute.splits.select_related("by").order_by("at"))

    @cached_property
    def milestones(self) -> list[Milestone]:
        return list(self.contract.milestones.order_by("position"))

    @cached_property
    def money(self) -> Contract:
        """The contract with its money as it is now: held, paid, bonuses."""
        return Contract.objects.with_money().get(pk=self.contract.pk)

    @cached_property
    def transfers(self) -> list[Transfer]:
        """Every movement of what was held for the contract, with its balance afterwards."""
        held = Q(debit__kind=Kind.ESCROW, debit__scope=self.contract.pk)
        held |= Q(credit__kind=Kind.ESCROW, credit__scope=self.contract.pk)
        return list(Transfer.objects.filter(held).select_related("journal", "debit", "credit").order_by("pk"))

    @property
    def at_stake(self) -> Decimal:
        return self.dispute.at_stake(self.money.held)


def evidence_for(contract: Contract, dispute: Dispute) -> Evidence:
    """For the side of the user for whom `contract` was loaded: the latest of what it may know of."""
    entries, earlier = known_entries(contract, MOST)
    return Evidence(contract, dispute, entries, earlier)


def evidence_for_staff(dispute: Dispute) -> Evidence:
    """Everything, whoever may know of it."""
    contract = Contract.objects.select_related("client", "talent", "job").get(pk=dispute.contract_id)
    return Evidence(contract, dispute, all_entries(contract))
