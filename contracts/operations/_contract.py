"""What every operation begins and ends with: the contract's lock, the policy's word, the event."""

from datetime import datetime
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.db import transaction

from contracts import policy
from contracts.models import ChangeRequest, Contract, Event, EventKind, Milestone, PlanRevision
from contracts.models.contract import ContractQuerySet
from contracts.refusals import Disputed, Frozen, NotAllowed, Stale, WrongState
from contracts.signals import event_recorded
from marketplace import rows
from marketplace.clock import Now
from marketplace.models import User
from marketplace.prepared import Given, Prepared


def _whole(contracts: ContractQuerySet) -> ContractQuerySet:
    """What an operation decides by: the contract with what is held, both sides, and `now`."""
    whole = contracts.with_held().with_now().select_related("talent", "client")
    return whole.filter(pk=Given("contract"))


KEY = Prepared(lambda: Contract.objects.only("pk").filter(pk=Given("contract")))
FOR_USER = Prepared(lambda: _whole(Contract.objects.visible_to(Given("user"))))
FOR_CLOCK = Prepared(lambda: _whole(Contract.objects.with_settlement()))


def lock(contract_id: UUID, by: User | None) -> Contract:
    """The contract with what is held and `now`, locked until the transaction ends, with `by`'s roles once it is locked.

    Two statements on purpose: what the locking one would read is as old as the wait for it. The clock (`by` None) has
    no role and may do what the caller lets it.
    """
    KEY.select_for_update(no_key=True).get(contract=contract_id)
    contract = FOR_USER.first(contract=contract_id, user=by.pk) if by else FOR_CLOCK.first(contract=contract_id)
    if contract is None:
        raise NotAllowed
    return contract


def require(contract: Contract, action: policy.Action) -> None:
    """Refuse unless the role and the state allow `action`."""
    require_role(contract, action)
    require_state(contract, action)


def require_role(contract: Contract, action: policy.Action, *, from_client: bool | None = None) -> None:
    """Refuse unless the role allows `action`: asked first where the same wish again is a success.

    `from_client` says whose change request it is about, which need not be the pending one any more.
    """
    if not policy.has_role(contract, action, from_client=from_client):
        raise NotAllowed


def require_state(contract: Contract, action: policy.Action) -> None:
    """Refuse unless the state allows `action`."""
    if policy.in_state(contract, action):
        return
    if contract.frozen_at and action not in policy.FREE:
        raise Frozen
    raise Disputed if contract.is_disputed and action in policy.FROZEN else WrongState(policy.why_not(contract, action))


def milestone_of(contract: Contract, milestone: Milestone) -> Milestone:
    """The milestone as it is under the lock, with its earning if there is one; one that was deleted is refused."""
    found = _MILESTONE.first(contract=contract.pk, key=milestone.pk)
    if found is None:
        raise Stale
    found.contract = contract
    return found


_MILESTONE = Prepared(
    lambda: Milestone.objects.select_related("earning").filter(contract=Given("contract"), pk=Given("key"))
)


def happened(contract: Contract, kind: EventKind, by: User, **figures: object) -> bool:
    """Whether this person did just this before, to these figures: the same wish again is a success."""
    return contract.events.filter(kind=kind, by=by, **figures).exists()


def record(
    contract: Contract,
    *,
    kind: EventKind,
    by: User | None,
    revision: PlanRevision | None = None,
    request: ChangeRequest | None = None,
    milestone: Milestone | None = None,
    charged: Decimal | None = None,
    paid: Decimal | None = None,
    returned: Decimal | None = None,
    note: str = "",
) -> Event:
    """Write the one event of an operation, in its transaction, and mark the contract's latest activity.

    Of amounts, those that are 0.00 are left out: nothing moved. Those who tell of it hear of it after the commit. That
    a side gave feedback is hidden from the other (B43), so it is no activity that either sees in its list.
    """
    event = Event(
        contract=contract, kind=kind, by=by, revision=revision, request=request, milestone=milestone,
        charged=charged or None, paid=paid or None, returned=returned or None, note=note,
    )  # fmt: skip
    rows.send(*_marking(contract, kind), rows.inserting(event))
    transaction.on_commit(partial(event_recorded.send_robust, sender=Event, event=event), robust=True)
    return event


def _marking(contract: Contract, kind: EventKind) -> list[rows.Statement]:
    if kind == EventKind.FEEDBACK_GIVEN:
        return []
    contract.updated_at = Now()
    return [rows.updating(contract, "updated_at", "plan_version")]


def is_due(deadline: datetime | None, now: datetime) -> bool:
    return deadline is not None and deadline <= now
