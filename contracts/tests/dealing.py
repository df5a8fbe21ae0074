"""One contract for tests of money: each step of it by an operation, and where its money lies. Knows no page.

Steps are taken by whoever leads a side, milestones are named by their place, amounts are typed as text.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial

from contracts.models import Contract, Dispute, Earning, Feedback, Milestone, RefundRequest, SplitOffer, Submission
from contracts.operations import (
    bonus,
    disputes,
    feedback,
    funding,
    money_back,
    offers,
    release,
    settlement,
    splits,
    work,
)
from contracts.operations.offers import make_offer
from contracts.plan import Plan
from escrow import ledger
from escrow.gateways.sandbox import SandboxGateway
from escrow.models import Kind, Payment, PaymentMethod
from escrow.operations import payments
from escrow.tests.paying import sandbox
from marketplace import clock
from marketplace.models import MemberRole, Party, PartyKind, User
from tests.factories import PartyFactory, card, joined, line

D = Decimal
Funding = Callable[[], Payment | None]
NEW = uuid.UUID(int=0)  # stands for a fresh key


@dataclass
class Deal:
    """A client with a card, a talent, and the contract between them under `key`."""

    client: Party
    talent: Party
    payer: User
    earner: User
    card: PaymentMethod
    key: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def contract(self) -> Contract:
        """As it is now, with its money."""
        return Contract.objects.with_settlement().with_money().get(pk=self.key)

    @property
    def status(self) -> str:
        return Contract.objects.get(pk=self.key).status

    @property
    def states(self) -> list[str]:
        """Those of the milestones, in their order."""
        return list(Milestone.objects.filter(contract=self.key).order_by("position").values_list("status", flat=True))

    @property
    def told(self) -> list[str]:
        """The kinds of the events so far."""
        return list(self.contract.events.order_by("pk").values_list("kind", flat=True))

    @property
    def money(self) -> dict[str, Decimal]:
        """Where money lies, by the kind of account; an empty one is left out."""
        found = {
            kind: ledger.balance(kind, self.client.pk if kind in {Kind.CREDIT, Kind.RECEIVABLE} else self.talent.pk)
            for kind in (Kind.PENDING, Kind.AVAILABLE, Kind.CREDIT, Kind.RECEIVABLE)
        }
        found |= {kind: ledger.balance(kind, scope=self.key) for kind in (Kind.ESCROW, Kind.INITIATION_FEE)}
        return {str(kind): amount for kind, amount in {**found, Kind.FEES: ledger.balance(Kind.FEES)}.items() if amount}

    @property
    def charges(self) -> list[Payment]:
        return list(Payment.objects.filter(party=self.client, direction="charge").order_by("created_at"))

    @property
    def sent_back(self) -> list[Decimal]:
        """What was given back to the client's cards, one amount for each refund."""
        refunds = Payment.objects.filter(party=self.client, direction="refund")
        return list(refunds.order_by("created_at", "-refunds__created_at").values_list("amount", flat=True))

    def milestone(self, place: int) -> Milestone:
        return Milestone.objects.get(contract=self.key, position=place)

    # What the client does

    def offer(self, plan: Plan, **other) -> Payment | None:
        wish = {"by": self.payer, "method": self.card, "title": "Small works", "today": clock.now().date(), **other}
        return make_offer(**{"key": self.key, "client": self.client, "talent": self.talent, "plan": plan, **wish})

    def change(self, plan: Plan, *, base: int, key: uuid.UUID = NEW, **other) -> Payment | None:
        wish = {"by": self.payer, "method": self.card, "title": "Small works", "terms": "", **other}
        return offers.change_offer(
            contract=self.contract, key=fresh(key), base=base, plan=plan, today=clock.now().date(), **wish
        )

    def pay_deposit(self, method: PaymentMethod | None = None, key: uuid.UUID = NEW) -> Payment | None:
        return offers.pay_deposit(contract=self.contract, by=self.payer, key=fresh(key), method=method or self.card)

    def fund(self, place: int, method: PaymentMethod | None = None, key: uuid.UUID = NEW, **shown) -> Payment | None:
        """With the amounts that the page would show now, unless others are named."""
        return self.funding(place, method, key, **shown)()

    def funding(self, place: int, method: PaymentMethod | None = None, key: uuid.UUID = NEW, **shown) -> Funding:
        """The page is open, with what it shows; calling the answer presses its button."""
        contract, milestone = self.contract, self.milestone(place)
        wish = {
            "amount": milestone.amount, "charge": funding.charge_for(contract, milestone),
            "version": contract.plan_version, "by": self.payer, **shown,
        }  # fmt: skip
        return partial(
            funding.fund_milestone,
            contract=contract, milestone=milestone, key=fresh(key), method=method or self.card, **wish,
        )  # fmt: skip

    def release(self, place: int, amount: str, by: User | None = None) -> Earning:
        return release.release(
            contract=self.contract, by=by or self.payer, milestone=self.milestone(place), amount=D(amount)
        )

    def send_back(self, place: int, number: int = 1, reason: str = "Not quite yet.") -> Submission:
        return work.request_changes(
            contract=self.contract, by=self.payer, milestone=self.milestone(place), submission=number, reason=reason
        )

    def bonus(self, amount: str, method: PaymentMethod | None = None, key: uuid.UUID = NEW) -> Payment:
        return bonus.pay_bonus(
            contract=self.contract, by=self.payer, key=fresh(key), amount=D(amount), method=method or self.card,
            note="Thanks",
        )  # fmt: skip

    def end(self, pay: str, key: uuid.UUID = NEW, **other) -> RefundRequest | None:
        wish = {"held": self.contract.held, "reason": "We stop here.", "by": self.payer, **other}
        return settlement.end_as_client(contract=self.contract, key=fresh(key), pay=D(pay), **wish)

    def accept_counter(self) -> RefundRequest:
        return settlement.accept_counter(contract=self.contract, by=self.payer, request=self.request)

    def ask_back(self, amount: str, key: uuid.UUID = NEW, **other) -> RefundRequest:
        """The contract goes on."""
        wish = {"held": self.contract.held, "reason": "It became less.", "by": self.payer, **other}
        return money_back.ask_money_back(contract=self.contract, key=fresh(key), amount=D(amount), **wish)

    def ask_no_longer(self) -> RefundRequest:
        return money_back.withdraw_money_back(contract=self.contract, by=self.payer, request=self.asked)

    # What the talent does

    def accept(self, version: int = 1) -> Contract:
        return offers.accept_offer(contract=self.contract, by=self.earner, version=version)

    def submit(self, place: int, key: uuid.UUID = NEW, message: str = "Here it is.") -> Submission:
        return work.submit_work(
            contract=self.contract, by=self.earner, milestone=self.milestone(place), key=fresh(key), message=message
        )

    def leave(self, held: Decimal | None = None) -> Contract:
        """The talent ends the contract."""
        shown = self.contract.held if held is None else held
        return settlement.end_as_talent(contract=self.contract, by=self.earner, held=shown, reason="I stop here.")

    def approve(self) -> RefundRequest:
        return settlement.approve_refund(contract=self.contract, by=self.earner, request=self.request)

    def counter(self, amount: str) -> RefundRequest:
        return settlement.counter_refund(
            contract=self.contract, by=self.earner, request=self.request, amount=D(amount), answer="Half is done."
        )

    def give_back(self, amount: str, by: User | None = None) -> RefundRequest:
        """The talent agrees to what it was asked for, as far as the page showed it."""
        return money_back.agree_to_money_back(
            contract=self.contract, by=by or self.earner, request=self.asked, amount=D(amount)
        )

    def keep(self, answer: str = "It is what we agreed on.") -> RefundRequest:
        """The talent declines to give money back."""
        return money_back.decline_money_back(contract=self.contract, by=self.earner, request=self.asked, answer=answer)

    # What either does

    def dispute(self, by: User, reason: str = "We disagree.") -> Dispute:
        return disputes.open_dispute(contract=self.contract, by=by, reason=reason)

    def offer_split(self, by: User, to_talent: str, key: uuid.UUID = NEW, **other) -> SplitOffer:
        dispute, held = self.disputed, self.contract.held
        wish = {"at_stake": dispute.at_stake(held), "note": "", **other}
        return splits.offer_split(
            contract=self.contract, by=by, key=fresh(key), dispute=dispute, to_talent=D(to_talent), **wish
        )

    def accept_split(self, by: User, offer: SplitOffer) -> Dispute:
        """With the figures that the page shows of it."""
        return splits.accept_split(
            contract=self.contract, by=by, offer=offer, to_talent=offer.to_talent, to_client=offer.to_client
        )

    def dispute_no_longer(self, by: User) -> Dispute:
        return disputes.withdraw_dispute(contract=self.contract, by=by, dispute=self.disputed)

    def decide(self, to_talent: str, by: User, reason: str = "Half of it was done.") -> Dispute:
        """Staff do."""
        return disputes.decide_dispute(dispute=self.disputed, to_talent=D(to_talent), by=by, reason=reason)

    @property
    def disputed(self) -> Dispute:
        """The latest dispute."""
        return Dispute.objects.filter(contract=self.key).latest("at")

    def rate(self, by: User, rating: int = 5, text: str = "Fine.") -> Feedback:
        return feedback.give_feedback(contract=self.contract, by=by, rating=rating, text=text)

    @property
    def request(self) -> RefundRequest:
        """The latest refund request that ends the contract."""
        return RefundRequest.objects.filter(contract=self.key, ends=True).latest("at")

    @property
    def asked(self) -> RefundRequest:
        """The latest request for money back that does not."""
        return RefundRequest.objects.filter(contract=self.key, ends=False).latest("at")


def fresh(key: uuid.UUID) -> uuid.UUID:
    return uuid.uuid4() if key == NEW else key


def nobody() -> Deal:
    """Two parties with nothing between them yet."""
    client, talent = PartyFactory.create(), PartyFactory.create(kind=PartyKind.FREELANCER)
    return Deal(client, talent, joined(client, MemberRole.OWNER), joined(talent, MemberRole.OWNER), card(client))


def plan_of(*amounts: str) -> Plan:
    """Milestones called Step 1, Step 2, ... of these amounts."""
    return Plan(tuple(line(f"Step {place}", amount) for place, amount in enumerate(amounts, start=1)))


def offered(*amounts: str, method: str = "") -> Deal:
    """An offer of these milestones; its deposit was charged to the card, or to another one with the number `method`."""
    deal = nobody()
    deal.offer(plan_of(*amounts), method=card(deal.client, method) if method else deal.card)
    return deal


def agreed(*amounts: str) -> Deal:
    """A contract whose first milestone is active."""
    deal = offered(*amounts)
    deal.accept()
    return deal


def another(deal: Deal, *amounts: str) -> Deal:
    """One more contract between the same two, its first milestone active."""
    other = replace(deal, key=uuid.uuid4())
    other.offer(plan_of(*amounts))
    other.accept()
    return other


def bank() -> SandboxGateway:
    """The other end of every payment."""
    return sandbox()


def hear() -> None:
    """Let the calls that the sandbox would make arrive."""
    there = sandbox()
    for body, headers in there.calls():
        if notice := there.read_notice(body, headers):
            payments.hear(there.name, notice)


def charge_back(payment: Payment) -> None:
    """The payer's bank takes a charge back, and tells us."""
    payment.refresh_from_db()
    bank().charge_back(payment.reference)
    hear()
