"""Two parties with money between them: a client that pays, a talent that earns. Everything by operations."""

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts.models import Contract, Earning
from contracts.operations.bonus import pay_bonus
from contracts.operations.funding import charge_for, fund_milestone
from contracts.operations.offers import accept_offer, make_offer
from contracts.operations.release import release
from contracts.operations.withdrawal import withdraw
from contracts.plan import Plan
from escrow.models import Payment, PaymentMethod
from escrow.operations.methods import add_method
from escrow.operations.refusals import PaymentError
from escrow.tests.paying import BANK, WORKS, earned
from marketplace.models import MemberRole, Party, PartyKind, User
from tests.factories import PartyFactory, joined, line

TODAY = date(2026, 11, 1)


def talent(available: str = "100.00", kind: PartyKind = PartyKind.FREELANCER) -> tuple[Party, User]:
    """A freelancer or an agency with so much available, and who decides about it."""
    party = PartyFactory.create(kind=kind)
    if Decimal(available):
        earned(Decimal(available), party)
    return party, joined(party, MemberRole.MANAGER if kind == PartyKind.AGENCY else MemberRole.OWNER)


def bank(party: Party, number: str = BANK) -> PaymentMethod:
    return add_method(party=party, entry=number)


def withdrawing(
    party: Party, by: User, amount: str, *, method: PaymentMethod | None = None, key: uuid.UUID | None = None
) -> Payment | PaymentError:
    """The payment, or how it was refused."""
    try:
        return withdraw(
            by=by, party=party, key=key or uuid.uuid4(), amount=Decimal(amount), method=method or bank(party)
        )
    except PaymentError as refusal:
        return refusal


@dataclass(frozen=True)
class Pair:
    """A client with a card, and a talent; each with the user who decides about its money."""

    client: Party
    payer: User
    card: PaymentMethod
    talent: Party
    earner: User

    def offered(self, *amounts: str, title: str = "Small works", card: PaymentMethod | None = None) -> Contract:
        """An offer of milestones called Step 1, Step 2, ...; its deposit was charged."""
        plan = Plan(tuple(line(f"Step {place}", amount) for place, amount in enumerate(amounts, start=1)))
        key = uuid.uuid4()
        make_offer(
            by=self.payer, key=key, client=self.client, talent=self.talent, title=title, plan=plan,
            method=card or self.card, today=TODAY,
        )  # fmt: skip
        return Contract.objects.get(pk=key)

    def agreed(self, *amounts: str, title: str = "Small works") -> Contract:
        """A contract with its first milestone active."""
        contract = self.offered(*amounts, title=title)
        return accept_offer(contract=contract, by=self.earner, version=contract.plan_version)

    def released(self, contract: Contract, amount: str) -> Earning:
        """An amount released for the milestone whose turn it is, funded first if need be."""
        milestone = contract.milestones.exclude(status="paid").order_by("position")[0]
        if milestone.is_future:
            self.funded(contract, milestone.position)
        return release(contract=contract, by=self.payer, milestone=milestone, amount=Decimal(amount))

    def funded(self, contract: Contract, position: int, card: PaymentMethod | None = None) -> Payment | None:
        """The milestone at this position, funded."""
        held = Contract.objects.with_money().get(pk=contract.pk)
        milestone = contract.milestones.get(position=position)
        return fund_milestone(
            contract=contract, by=self.payer, milestone=milestone, key=uuid.uuid4(), amount=milestone.amount,
            charge=charge_for(held, milestone), version=held.plan_version, method=card or self.card,
        )  # fmt: skip

    def bonus(self, contract: Contract, amount: str) -> Payment:
        return pay_bonus(
            contract=contract, by=self.payer, key=uuid.uuid4(), amount=Decimal(amount), method=self.card, note="Thanks"
        )


def pair(kind: PartyKind = PartyKind.FREELANCER) -> Pair:
    """Two parties that have nothing yet."""
    client = PartyFactory.create(kind=PartyKind.CLIENT, name="Harbour Books")
    party, earner = talent("0.00", kind)
    return Pair(client, joined(client, MemberRole.OWNER), add_method(party=client, entry=WORKS), party, earner)
