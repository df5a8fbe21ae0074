"""What of an offer its talent may read: the versions that were sent to it, never a draft (B40). Knows no request."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from contracts.models import Contract, Milestone, PlanRevision
from contracts.policy import role_of


def sent_revisions(contract: Contract) -> QuerySet[PlanRevision]:
    """The revisions that both sides know: those that an event tells of."""
    return contract.revisions.filter(event__isnull=False)


def as_sent(contracts: Iterable[Contract]) -> dict[UUID, PlanRevision]:
    """For each of these contracts that holds a draft which its viewer was never sent: what it was sent last instead.

    One query, and none where there cannot be a draft.
    """
    versions = {contract.pk: contract.plan_version for contract in contracts if _may_hold_a_draft(contract)}
    if not versions:
        return {}
    sent = PlanRevision.objects.filter(contract__in=versions, event__isnull=False)
    latest = sent.order_by("contract", "-number").distinct("contract")
    return {each.contract_id: each for each in latest if each.number != versions[each.contract_id]}


def milestones_of(revision: PlanRevision) -> list[Milestone]:
    """The milestones as that version of an offer had them, all of them future: to be shown, never saved."""
    return [
        Milestone(
            id=line.key, contract_id=revision.contract_id, position=place, title=line.title,
            description=line.description, amount=line.amount, due_date=line.due_date,
        )
        for place, line in enumerate(revision.plan, start=1)
    ]  # fmt: skip


def _may_hold_a_draft(contract: Contract) -> bool:
    """An offer that can be answered, or was accepted, is as it was sent; and so is what the talent proposed itself."""
    is_as_sent = contract.started_at or contract.answer_by or contract.is_proposed
    return not is_as_sent and not role_of(contract).is_client_side
