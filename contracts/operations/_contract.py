"""What every operation begins and ends with: the contract's lock, the policy's word, the event."""

from uuid import UUID

from contracts import policy
from contracts.models import Contract, Event, EventKind, PlanRevision
from contracts.refusals import NotAllowed, WrongState
from marketplace.clock import Now
from marketplace.models import User


def lock(contract_id: UUID, by: User) -> Contract:
    """The contract, locked until the transaction ends, with the roles that `by` has once the lock is held.

    Two statements on purpose: roles read by the locking one would be as old as the wait for it.
    """
    Contract.objects.select_for_update(no_key=True).only("pk").get(pk=contract_id)
    contract = Contract.objects.visible_to(by).filter(pk=contract_id).first()
    if contract is None:
        raise NotAllowed
    return contract


def require(contract: Contract, action: policy.Action) -> None:
    """Refuse unless the role and the state allow `action`."""
    if not policy.has_role(contract, action):
        raise NotAllowed
    if not policy.in_state(contract, action):
        raise WrongState


def record(contract: Contract, *, kind: EventKind, by: User, revision: PlanRevision | None = None) -> Event:
    """Write the one event of an operation, in its transaction, and mark the contract's latest activity."""
    Contract.objects.filter(pk=contract.pk).update(updated_at=Now(), plan_version=contract.plan_version)
    return Event.objects.create(contract=contract, kind=kind, by=by, revision=revision)
