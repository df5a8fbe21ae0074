"""People, parties, jobs and contracts for tests. A contract comes to be where it is by operations, and by money."""

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import factory

from contracts.demo import acts
from contracts.demo.acts import accept, leader, pay, send_back, submit
from contracts.models import Contract, Milestone
from contracts.operations.members import assign_members
from contracts.operations.settlement import end_as_talent
from contracts.plan import Line, Plan
from contracts.states import MilestoneStatus
from escrow.models import Payment, PaymentMethod
from escrow.operations.methods import add_method
from marketplace.models import Job, MemberRole, Membership, Party, PartyKind, User

WORKS, LATER = "4242424242424242", "4000000000000077"  # cards: the charges of LATER stay under way
BANK = "000123456789"
_S = MilestoneStatus


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


def joined(party: Party, role: str) -> User:
    """Somebody new who acts for the party in this role."""
    return MembershipFactory.create(party=party, role=role).user


def outsider() -> User:
    """Somebody with a party of their own and nothing to do with any contract."""
    return MembershipFactory.create().user


def card(party: Party, number: str = WORKS) -> PaymentMethod:
    """The party's card with this test number."""
    return add_method(party=party, entry=number)


def bank(party: Party, number: str = BANK) -> PaymentMethod:
    """The party's bank account with this test number."""
    return add_method(party=party, entry=number)


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


def offered(
    size: int = 3, *, agency: bool = False, title: str = "Small works", terms: str = "", lines: Plan | None = None
) -> Agreed:
    """An offer with so many milestones, or these `lines`: its deposit is paid and its talent can answer it.

    To a freelancer, or to an agency: then `talent` manages it, `member` is assigned and `idle` is not.
    """
    job = JobFactory.create()
    client, manager, viewer = (joined(job.client, role) for role in ("owner", "manager", "viewer"))
    party = PartyFactory.create(kind=PartyKind.AGENCY if agency else PartyKind.FREELANCER)
    talent = joined(party, "manager" if agency else "owner")
    member, idle = (joined(party, "member") if agency else None for _each in range(2))
    contract = offer(client, job, party, lines or plan(size), title=title, terms=terms)
    if member:
        assign_members(contract=contract, by=talent, memberships=member.memberships.all())
    return Agreed(contract, client, manager, viewer, talent, member, idle)


def agreed(
    size: int = 5, *, agency: bool = False, paid: int = 0, current: MilestoneStatus | None = None, terms: str = ""
) -> Agreed:
    """A contract with so many milestones, the first `paid` of them paid and the next one in the state `current`.

    No contract begins without a funded milestone. Where all of the `size` are to lie ahead, one more stands before
    them, titled Kick-off, of 50.00 dollars, and is paid.
    """
    begun = paid or current not in {None, _S.FUNDING}
    lines = plan(size) if begun else Plan((line("Kick-off", "50.00"), *plan(size)))
    world = offered(agency=agency, terms=terms, lines=lines)
    accept(world.contract)
    advance(world.contract, paid=paid if begun else 1, current=current)
    return world


def submitted(size: int = 3, *, paid: int = 0, agency: bool = False) -> Agreed:
    """A contract whose current milestone waits for the client's review."""
    return agreed(size, paid=paid, current=_S.SUBMITTED, agency=agency)


def ended(size: int = 3, *, paid: int = 1, agency: bool = False) -> Agreed:
    """A contract that the talent ended: `paid` milestones stay paid, the others are cancelled."""
    world = agreed(size, paid=paid, agency=agency)
    end(world.contract)
    return world


# One step each, as in the demo.


def offer(by: User, job: Job, talent: Party, lines: Plan, *, title: str = "Small works", terms: str = "") -> Contract:
    """Offer a contract under this job and pay its deposit by card."""
    return acts.offer(job, talent, lines, card(job.client), title=title, terms=terms, by=by)


def advance(contract: Contract, *, paid: int = 0, current: MilestoneStatus | None = None) -> None:
    """Let the first `paid` milestones be paid in full and, if named, the one after them be in the state `current`."""
    for position in range(1, paid + 1):
        pay_in_full(contract.milestones.get(position=position))
    if current == _S.FUNDING:
        fund(contract.milestones.get(position=paid + 1), card(contract.client, LATER))
    elif current:
        bring(contract.milestones.get(position=paid + 1), current)


def bring(milestone: Milestone, status: MilestoneStatus) -> None:
    """Fund the milestone unless it is, then hand work in and send it back as far as `status` asks for."""
    if milestone.is_future:
        fund(milestone)
    if status in {_S.SUBMITTED, _S.CHANGES_REQUESTED} and milestone.status != _S.SUBMITTED:
        submit(milestone)
    if status == _S.CHANGES_REQUESTED:
        send_back(milestone)


def pay_in_full(milestone: Milestone) -> None:
    """Fund and release the milestone; one that is paid stays as it is."""
    if milestone.is_future:
        fund(milestone)
    if milestone.status != _S.PAID:
        pay(milestone)


def fund(milestone: Milestone, method: PaymentMethod | None = None) -> Payment | None:
    """Activate the milestone with what is left over and, unless a `method` is named, the client's card."""
    return acts.fund(milestone, method or card(milestone.contract.client))


def end(contract: Contract) -> None:
    """The talent ends the contract: what is held goes back, what was ahead is cancelled."""
    held = Contract.objects.with_money().get(pk=contract.pk).held
    end_as_talent(contract=contract, by=leader(contract.talent), held=held, reason="We agreed to stop.")
