"""Who of a contract's two sides may read of it, and who is told. Knows no event and no preference."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from contracts.models import Contract, ContractMember
from marketplace.models import MemberRole, Membership
from marketplace.prepared import Given, Prepared
from notifications.models import Audience


@dataclass(frozen=True)
class Person:
    """Somebody with access to a contract. Viewers read and are not told; `is_assigned` of an agency's member."""

    user_id: int
    side: Audience
    time_zone: str
    is_told: bool
    is_assigned: bool

    def reads(self, audience: Audience) -> bool:
        return audience in (Audience.BOTH, self.side)


def people_of(contract: Contract) -> tuple[Person, ...]:
    """All who may enter its room (`visible_to`), each once: one query, however many they are."""
    found: dict[int, Person] = {}
    asked = _MEMBERS.all(contract=contract.pk, client=contract.client_id, talent=contract.talent_id)
    for user_id, zone, party_id, role, is_assigned in asked:
        side = Audience.CLIENT if party_id == contract.client_id else Audience.TALENT
        is_member = role == MemberRole.MEMBER
        person = Person(user_id, side, zone, role != MemberRole.VIEWER, is_member and is_assigned)
        if _has_access(contract, person, is_member=is_member):
            found.setdefault(user_id, person)
    return tuple(found.values())


def _members() -> QuerySet[Membership]:
    assigned = ContractMember.objects.filter(contract=Given("contract"), membership=OuterRef("pk"))
    acting = Membership.objects.filter(Q(party=Given("client")) | Q(party=Given("talent")), user__is_active=True)
    columns = "user_id", "user__time_zone", "party_id", "role", "assigned"
    return acting.annotate(assigned=Exists(assigned)).order_by("user_id").values_list(*columns)


_MEMBERS = Prepared(_members)


def side_of(contract: Contract, user_id: int | None) -> Audience | None:
    """The side that somebody acts for, with or without access by now; None for the clock and for strangers."""
    parties = Membership.objects.filter(user=user_id, party__in=[contract.client_id, contract.talent_id])
    party: UUID | None = parties.values_list("party_id", flat=True).first() if user_id else None
    if party is None:
        return None
    return Audience.CLIENT if party == contract.client_id else Audience.TALENT


def _has_access(contract: Contract, person: Person, *, is_member: bool) -> bool:
    if person.side == Audience.CLIENT:
        return True
    return contract.sent_at is not None and (person.is_assigned or not is_member)
