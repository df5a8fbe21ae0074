"""Puts milestones into states that only money can reach, for the demo and the tests until escrow does it.

Obeys the table of moves, so that no milestone comes to be in a state in an impossible way.
"""

from django.db import transaction

from contracts.models import Contract, Milestone
from contracts.states import NEXT_MILESTONE, ContractStatus, MilestoneStatus
from marketplace.clock import now

_S = MilestoneStatus
PATHS: dict[MilestoneStatus, tuple[MilestoneStatus, ...]] = {
    _S.FUNDING: (_S.FUNDING,),
    _S.ACTIVE: (_S.FUNDING, _S.ACTIVE),
    _S.SUBMITTED: (_S.FUNDING, _S.ACTIVE, _S.SUBMITTED),
    _S.CHANGES_REQUESTED: (_S.FUNDING, _S.ACTIVE, _S.SUBMITTED, _S.CHANGES_REQUESTED),
    _S.PAID: (_S.FUNDING, _S.ACTIVE, _S.PAID),
}


@transaction.atomic
def advance(contract: Contract, *, paid: int = 0, current: MilestoneStatus | None = None) -> None:
    """Let the first `paid` milestones be paid and, if named, the one after them be in the state `current`."""
    _lock(contract)
    milestones = contract.milestones.order_by("position")
    for milestone in milestones[:paid]:
        _walk(milestone, _S.PAID)
    if current:
        _walk(milestones[paid], current)


@transaction.atomic
def end(contract: Contract) -> None:
    """Let the contract be ended: what is paid stays paid, what is current is refunded, what was ahead is cancelled."""
    _lock(contract)
    for milestone in contract.milestones.exclude(status=_S.PAID):
        milestone.move_to(_S.CANCELLED if milestone.is_future else _S.REFUNDED)
        milestone.save(update_fields=["status"])
    contract.move_to(ContractStatus.ENDED)
    contract.ended_at = now()
    contract.save(update_fields=["status", "ended_at"])


def _lock(contract: Contract) -> None:
    """As every operation does: a save that is under way never sees a milestone become current."""
    Contract.objects.select_for_update(no_key=True).only("pk").get(pk=contract.pk)


def _walk(milestone: Milestone, status: MilestoneStatus) -> None:
    path = PATHS[status]
    done = path.index(milestone.status) + 1 if milestone.status in path else 0
    steps = (status,) if status in NEXT_MILESTONE[MilestoneStatus(milestone.status)] else path[done:]
    for step in steps:
        milestone.move_to(step)
    milestone.save(update_fields=["status"])
