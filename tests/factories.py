"""People, parties, jobs and contracts for tests. A contract is opened by the operation that opens contracts."""

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import factory

from contracts import demo_states
from contracts.models import Contract
from contracts.operations.offers import open_contract
from contracts.plan import Line, Plan
from contracts.states import MilestoneStatus
from marketplace.models import Job, MemberRole, Membership, Party, PartyKind, User


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"person{number}@cairn.test")
    name = factory.Sequence(lambda number: f"Person {number}")
    password = "!"


class PartyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Party

    kind = PartyKind.CLIENT
    name = factory.Sequence(lambda number: f"Party {number}")


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    party = factory.SubFactory(PartyFactory)
    role = MemberRole.OWNER


class JobFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Job

    client = factory.SubFactory(PartyFactory)
    title = "A job"


def line(title: str = "Sketch", amount: str = "120.00", description: str = "", due_date: date | None = None) -> Line:
    """A new line of a plan, with a key of its own."""
    return Line(uuid.uuid4(), title, description, Decimal(amount), due_date)


def plan(size: int) -> Plan:
    """Lines titled Step 1, Step 2, ... of 100.00, 101.00, ... dollars."""
    return Plan(tuple(line(f"Step {place}", f"{99 + place}.00") for place in range(1, size + 1)))


@dataclass(frozen=True)
class Agreed:
    """A contract, and somebody in each role on it. Both sides can be reached from the contract."""

    contract: Contract
    client: User
    manager: User
    viewer: User
    talent: User
    member: User | None = None
    idle: User | None = None


def agreed(
    size: int = 5, *, agency: bool = False, paid: int = 0, current: MilestoneStatus | None = None, terms: str = ""
) -> Agreed:
    """A contract with so many milestones, the first `paid` of them paid and the next one in the state `current`.

    With a freelancer, or with an agency: then `talent` manages it, `member` is assigned and `idle` is not.
    """
    job = JobFactory.create()
    client, manager, viewer = (joined(job.client, role) for role in ("owner", "manager", "viewer"))
    talent_party = PartyFactory.create(kind=PartyKind.AGENCY if agency else PartyKind.FREELANCER)
    talent = joined(talent_party, "manager" if agency else "owner")
    member, idle = (joined(talent_party, "member") if agency else None for _each in range(2))
    contract = open_contract(
        by=client, job=job, talent=talent_party, title="Small works", plan=plan(size), terms=terms,
        members=Membership.objects.filter(user=member) if member else (),
    )  # fmt: skip
    demo_states.advance(contract, paid=paid, current=current)
    return Agreed(contract, client, manager, viewer, talent, member, idle)


def joined(party: Party, role: str) -> User:
    """Somebody new who acts for the party in this role."""
    return MembershipFactory.create(party=party, role=role).user


def outsider() -> User:
    """Somebody with a party of their own and nothing to do with any contract."""
    return MembershipFactory.create().user
