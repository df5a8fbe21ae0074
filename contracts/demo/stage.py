"""What the stories of the demo share: the day, the client, what pays and is paid, and how each contract begins."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.demo import acts
from contracts.demo.people import party_of
from contracts.demo.texts import AGENCY, CLIENT, FREELANCER, Brief, Step
from contracts.models import Contract
from contracts.operations.methods import add_method
from contracts.operations.plan import save_plan
from contracts.plan import Line, Plan
from escrow.models import PaymentMethod
from marketplace import clock
from marketplace.models import Job, User


@dataclass(frozen=True)
class Stage:
    """What every story needs: the real day, who the client is, and what pays and is paid."""

    today: date
    client: User
    card: PaymentMethod
    slow: PaymentMethod
    bank: PaymentMethod

    def plan(self, steps: Iterable[Step]) -> list[Line]:
        """The steps as new lines, due so many days from today."""
        return [
            Line(uuid.uuid4(), step.title, step.description, step.amount, self._due(step.days)) for step in steps
        ]  # fmt: skip

    def offer(self, brief: Brief, lines: list[Line] | None = None) -> Contract:
        """The client offers what the brief says, or these lines, and pays the deposit by card."""
        job = Job.objects.create(client=party_of(CLIENT), title=brief.job, description=brief.description)
        plan = Plan(tuple(lines or self.plan(brief.steps)))
        return acts.offer(job, party_of(brief.talent), plan, self.card, title=brief.title, terms=brief.terms)

    def propose(self, brief: Brief) -> Contract:
        """The talent proposes to the client what the brief says."""
        return acts.propose(
            party_of(CLIENT), party_of(brief.talent), Plan(tuple(self.plan(brief.steps))), title=brief.title,
            terms=brief.terms, job_title=brief.job,
        )  # fmt: skip

    def save(self, contract: Contract, lines: list[Line]) -> None:
        """The client saves this plan over the one that is there."""
        contract.refresh_from_db(fields=["plan_version"])
        mine, today = Plan(tuple(lines)), clock.now().date()
        save_plan(contract=contract, by=self.client, base=contract.plan_version, mine=mine, today=today)

    def _due(self, days: int | None) -> date | None:
        return None if days is None else self.today + timedelta(days=days)


def set_up(today: date) -> Stage:
    """Everybody has something to pay with or to be paid to. The client's second card takes its time."""
    client, museum = User.objects.get(email=CLIENT), party_of(CLIENT)
    card, _other, slow = (
        add_method(by=client, party=museum, entry=number)
        for number in ("4242424242424242", "5555555555554444", "4000000000000077")
    )
    banks = [
        add_method(by=acts.leader(party_of(email)), party=party_of(email), entry="000123456789")
        for email in (FREELANCER, AGENCY)
    ]
    return Stage(today, client, card, slow, banks[0])
