"""The contracts whose footprint is measured, and what happens in each: all through the operations, a day a round.

A client party has two who are told and ten contracts, a talent is a freelancer with five. Each contract: an offer of
all milestones, two saves of the plan, one change request that is accepted; for each milestone three messages, a
submission, for every third one a request for changes and a second submission, a release of all of it; a bonus for every
fifth contract; the end, and feedback of both sides. Half of the messages are read on the site before their email is
due. Talents withdraw what they have twice. No files, no disputes, no refunds, no agency: they are seldom.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from django.core import mail
from django.db import connection

from contracts import timers
from contracts.demo import acts
from contracts.models import Contract
from contracts.operations.feedback import give_feedback
from contracts.operations.plan import save_plan
from contracts.operations.requests import accept_request
from contracts.operations.settlement import end_as_client
from contracts.operations.withdrawal import withdraw
from contracts.plan import Line, Plan
from escrow import ledger
from escrow.models import Kind, PaymentMethod
from escrow.operations.methods import add_method
from marketplace import clock
from marketplace.models import Job, Membership, Party, User
from notifications.messages.posting import mark_read, post_message
from notifications.sending import send_due
from notifications.tasks import tell_forgotten

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CARD, BANK = "4242424242424242", "000123456789"
OF_CLIENT, OF_TALENT = 10, 5
SAID = "The second version lies where the first one did; please look at the last page before Thursday. Thank you."
WORK = "This is the whole of it, with the changes from our call. The sources are in the folder that we share."


@dataclass
class Side:
    """A party with the people who act for it, and what it pays with or is paid to."""

    party: Party
    people: list[User]
    method: PaymentMethod


class Lives:
    """So many contracts, each with so many milestones; all of them go through each round together."""

    def __init__(self, contracts: int, milestones: int) -> None:
        self.size, self.number = milestones, contracts
        self.clients = [side("client", n, 2, CARD) for n in range(-(-contracts // OF_CLIENT))]
        self.talents = [side("freelancer", n, 1, BANK) for n in range(-(-contracts // OF_TALENT))]
        self.contracts: list[tuple[Contract, Side, Side]] = []

    def rounds(self) -> Iterator[None]:
        """One round after the other; after each, the worker's work is done."""
        for act in (self.offer, self.accept, self.save, self.ask, *self.steps(), self.end, self.rate):
            act()
            settle(DAY)
            yield
        settle(30 * DAY)
        self.withdraw()
        settle(DAY)
        yield

    def steps(self) -> Iterator:
        for place in range(1, self.size + 1):
            yield lambda place=place: self.step(place)
            if place == self.size // 2:
                yield self.save
                yield self.withdraw

    def offer(self) -> None:
        for n in range(self.number):
            client, talent = self.clients[n // OF_CLIENT], self.talents[n % len(self.talents)]
            job = Job.objects.create(client=client.party, title=f"Archive of the harbour {n}", description=SAID)
            lines = Plan(tuple(line(place) for place in range(self.size)))
            made = acts.offer(job, talent.party, lines, client.method, title=f"Digitisation, part {n}", terms=SAID * 3)
            self.contracts.append((made, client, talent))

    def accept(self) -> None:
        for contract, _client, _talent in self.contracts:
            acts.accept(contract)

    def save(self) -> None:
        """The client words the last line anew."""
        for contract, client, _talent in self.contracts:
            base, plan = self.plan(contract)
            mine = Plan((*plan.lines[:-1], replace(plan.lines[-1], description=SAID + str(base))))
            save_plan(contract=contract, by=client.people[0], base=base, mine=mine, today=clock.now().date())

    def ask(self) -> None:
        """The talent asks for more for the last milestone, and gets it."""
        for contract, client, _talent in self.contracts:
            _base, plan = self.plan(contract)
            last = plan.lines[-1]
            lines = [*plan.lines[:-1], replace(last, amount=last.amount + 50)]
            request = acts.ask(contract, lines, "The last step became larger.")
            accept_request(contract=contract, by=client.people[0], request=request)

    def step(self, place: int) -> None:
        """A milestone from its funding to its release, with three messages on the way."""
        for contract, client, _talent in self.contracts:
            if place > 1:
                acts.fund(acts.step(contract, place), client.method)
        for turn in range(3):
            self.talk(turn)
        for contract, _client, _talent in self.contracts:
            acts.submit(acts.step(contract, place), WORK)
            if place % 3 == 0:
                acts.send_back(acts.step(contract, place))
                acts.submit(acts.step(contract, place), WORK)
        settle(HOUR)
        for number, (contract, client, _talent) in enumerate(self.contracts):
            acts.pay(acts.step(contract, place))
            if place == self.size and number % 5 == 0:
                acts.reward(contract, Decimal("25.00"), "For the last weekend.", client.method)

    def talk(self, turn: int) -> None:
        """Somebody writes; in every other contract the others read it before an email is due."""
        for number, (contract, client, talent) in enumerate(self.contracts):
            by, others = (client, talent) if turn % 2 else (talent, client)
            post = post_message(contract=contract, by=by.people[0], key=uuid.uuid4(), text=SAID)
            for reader in others.people if number % 2 else ():
                mark_read(contract=contract, by=reader, upto=post.pk)
        settle(HOUR)

    def end(self) -> None:
        for contract, client, _talent in self.contracts:
            end_as_client(contract=contract, by=client.people[0], key=uuid.uuid4(), pay=Decimal(0), held=Decimal(0))

    def rate(self) -> None:
        for contract, client, talent in self.contracts:
            for each in (client, talent):
                give_feedback(contract=contract, by=each.people[0], rating=5, text=SAID)

    def withdraw(self) -> None:
        for talent in self.talents:
            if amount := ledger.balance(Kind.AVAILABLE, talent.party.pk):
                withdraw(
                    by=talent.people[0], party=talent.party, key=uuid.uuid4(), amount=amount, method=talent.method
                )  # fmt: skip

    def plan(self, contract: Contract) -> tuple[int, Plan]:
        contract.refresh_from_db(fields=["plan_version"])
        return contract.plan_version, contract.plan()


def side(kind: str, number: int, people: int, entry: str) -> Side:
    party = Party.objects.create(kind=kind, name=f"{kind.title()} {number}")
    users = [
        User.objects.create(email=f"{kind}-{number}-{n}@many.cairn.test", name=f"{kind} {n}") for n in range(people)
    ]
    for user, role in zip(users, ("owner", "manager"), strict=False):
        Membership.objects.create(user=user, party=party, role=role)
    return Side(party, users, add_method(party=party, entry=entry))


def line(place: int) -> Line:
    text = WORK if place % 2 else ""
    return Line(uuid.uuid4(), f"Step {place + 1} of the archive", text, Decimal(100 + place), None)


def settle(forward: timedelta) -> None:
    """Time passes, and the worker does what it does: tells, sends, sweeps; a job that is done leaves no row."""
    tell_forgotten()
    send_due()
    clock.advance(forward)
    timers.sweep()
    send_due()
    mail.outbox = []
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
