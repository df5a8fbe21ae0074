"""Who of an agency works on a contract."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from contracts.models import Contract, ContractMember, EventKind
from contracts.operations._contract import lock, record, require
from contracts.policy import Action
from marketplace.models import MemberRole, Membership, User


@transaction.atomic
def assign_members(*, contract: Contract, by: User, memberships: Iterable[Membership]) -> Contract:
    """An agency's manager chooses which of its members work on the contract."""
    contract = lock(contract.pk, by)
    require(contract, Action.ASSIGN_MEMBERS)
    if assign(contract, memberships):
        record(contract, kind=EventKind.MEMBERS_ASSIGNED, by=by)
    return contract


def assign(contract: Contract, memberships: Iterable[Membership]) -> bool:
    """Let just these of the agency's members work on the contract; false when they do already."""
    chosen = _chosen(contract, memberships)
    wanted = set(chosen.select_for_update(no_key=True).order_by("pk"))  # nobody of them is removed meanwhile
    present = _present(contract)
    contract.members.exclude(membership__in=wanted).delete()
    ContractMember.objects.bulk_create(ContractMember(contract=contract, membership=each) for each in wanted - present)
    return wanted != present


def is_team(contract: Contract, memberships: Iterable[Membership]) -> bool:
    """Whether just these of the agency's members work on the contract."""
    return set(_chosen(contract, memberships)) == _present(contract)


def _chosen(contract: Contract, memberships: Iterable[Membership]) -> QuerySet[Membership]:
    return contract.talent.memberships.filter(role=MemberRole.MEMBER, pk__in=[each.pk for each in memberships])


def _present(contract: Contract) -> set[Membership]:
    return {each.membership for each in contract.members.select_related("membership")}
