"""How a contract begins. Offers and proposals with their money come with escrow; until then one is opened at once."""

from collections.abc import Iterable

from django.db import transaction

from contracts.models import Contract, ContractMember, EventKind, PlanRevision
from contracts.operations._contract import record
from contracts.operations._rows import write_plan
from contracts.plan import ChangeSet, Plan
from contracts.states import ContractStatus
from marketplace.clock import Now
from marketplace.models import Job, Membership, Party, User


@transaction.atomic
def open_contract(
    *, by: User, job: Job, talent: Party, title: str, plan: Plan, terms: str = "", members: Iterable[Membership] = ()
) -> Contract:
    """A client opens a contract with a talent, with its first plan, and with the agency's members who work on it."""
    contract = Contract.objects.create(
        job=job,
        client_id=job.client_id,
        talent=talent,
        title=title,
        terms=terms,
        status=ContractStatus.ACTIVE,
        plan_version=1,
        started_at=Now(),
    )
    ContractMember.objects.bulk_create(ContractMember(contract=contract, membership=member) for member in members)
    write_plan(contract, ChangeSet(Plan(), plan))
    revision = PlanRevision.objects.create(contract=contract, number=1, lines=plan.to_json(), by=by)
    record(contract, kind=EventKind.CONTRACT_OPENED, by=by, revision=revision)
    return contract
