"""What people do to a contract in the demo, each the one operation that a page would call. Knows no story.

Whoever leads a side acts for it.
"""

import uuid
from collections.abc import Iterable
from decimal import Decimal

from contracts.models import ChangeRequest, Contract, Milestone
from contracts.operations import splits
from contracts.operations.bonus import pay_bonus
from contracts.operations.disputes import open_dispute
from contracts.operations.funding import charge_for, fund_milestone
from contracts.operations.offers import accept_offer, make_offer
from contracts.operations.proposals import propose_contract
from contracts.operations.release import release
from contracts.operations.requests import send_request
from contracts.operations.settlement import end_as_client
from contracts.operations.work import request_changes, submit_work
from contracts.plan import Line, Plan
from contracts.policy import MANAGES_MONEY
from escrow.models import Payment, PaymentMethod
from marketplace import clock
from marketplace.models import Job, Party, User


def leader(party: Party) -> User:
    """Who decides for the party: the first of those who decide about its money."""
    return party.memberships.filter(role__in=MANAGES_MONEY).order_by("pk")[0].user


def offer(
    job: Job, talent: Party, plan: Plan, method: PaymentMethod, *, title: str, terms: str = "", by: User | None = None
) -> Contract:
    """The client offers a contract under its job and pays the deposit."""
    key = uuid.uuid4()
    make_offer(
        by=by or leader(job.client), key=key, client=job.client, talent=talent, job=job, title=title, terms=terms,
        plan=plan, method=method, today=clock.now().date(),
    )  # fmt: skip
    return Contract.objects.get(pk=key)


def propose(client: Party, talent: Party, plan: Plan, *, title: str, terms: str, job_title: str) -> Contract:
    """The talent proposes a contract under a new job of the client's."""
    return propose_contract(
        by=leader(talent), key=uuid.uuid4(), client=client, talent=talent, title=title, terms=terms, plan=plan,
        job_title=job_title, today=clock.now().date(),
    )  # fmt: skip


def accept(contract: Contract) -> None:
    """The talent accepts the offer as it stands; `contract` follows."""
    accept_offer(contract=contract, by=leader(contract.talent), version=contract.plan_version)
    contract.refresh_from_db()


def fund(milestone: Milestone, method: PaymentMethod) -> Payment | None:
    """The client activates the milestone: what is left over pays first, `method` the rest."""
    contract = with_money(milestone.contract)
    return fund_milestone(
        contract=contract, by=leader(contract.client), milestone=milestone, key=uuid.uuid4(), amount=milestone.amount,
        charge=charge_for(contract, milestone), version=contract.plan_version, method=method,
    )  # fmt: skip


def submit(milestone: Milestone, message: str = "Here it is.", *links: str) -> None:
    """The talent submits work."""
    contract = milestone.contract
    submit_work(
        contract=contract, by=leader(contract.talent), milestone=milestone, key=uuid.uuid4(), message=message,
        links=links,
    )  # fmt: skip


def send_back(milestone: Milestone, reason: str = "Not quite yet.") -> None:
    """The client requests changes to the latest submission."""
    contract, latest = milestone.contract, milestone.submissions.latest("number")
    request_changes(
        contract=contract, by=leader(contract.client), milestone=milestone, submission=latest.number, reason=reason
    )


def pay(milestone: Milestone, amount: Decimal | None = None) -> None:
    """The client releases the amount for the milestone, or all that is held for it."""
    contract = milestone.contract
    release(contract=contract, by=leader(contract.client), milestone=milestone, amount=amount or milestone.amount)


def reward(contract: Contract, amount: Decimal, note: str, method: PaymentMethod) -> None:
    """The client pays a bonus."""
    by = leader(contract.client)
    pay_bonus(contract=contract, by=by, key=uuid.uuid4(), amount=amount, note=note, method=method)


def ask_back(contract: Contract, reason: str, pay_first: Decimal = Decimal("0.00")) -> None:
    """The client ends the contract, pays `pay_first` of what is held and asks for the rest back."""
    held = with_money(contract).held
    end_as_client(
        contract=contract, by=leader(contract.client), key=uuid.uuid4(), pay=pay_first, held=held, reason=reason
    )


def dispute(contract: Contract, reason: str) -> None:
    """The talent opens a dispute about what is held."""
    open_dispute(contract=contract, by=leader(contract.talent), reason=reason)


def offer_split(contract: Contract, party: Party, to_talent: Decimal, note: str) -> None:
    """One of the two parties offers a split of what is in dispute."""
    about = contract.disputes.get(closed_at=None)
    splits.offer_split(
        contract=contract, by=leader(party), key=uuid.uuid4(), dispute=about, to_talent=to_talent,
        at_stake=about.at_stake(with_money(contract).held), note=note,
    )  # fmt: skip


def ask(contract: Contract, lines: Iterable[Line], note: str) -> ChangeRequest:
    """The talent asks for this plan instead of the one that there is."""
    contract.refresh_from_db(fields=["plan_version"])
    return send_request(
        contract=contract, by=leader(contract.talent), key=uuid.uuid4(), base=contract.plan_version,
        mine=Plan(tuple(lines)), today=clock.now().date(), note=note,
    )  # fmt: skip


def step(contract: Contract, position: int) -> Milestone:
    """The milestone at this place, as it is now."""
    return contract.milestones.select_related("contract__client", "contract__talent").get(position=position)


def with_money(contract: Contract) -> Contract:
    return Contract.objects.with_money().select_related("client", "talent").get(pk=contract.pk)
