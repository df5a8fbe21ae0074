"""The contracts of the demo, each brought to where it is by the operations a person would use. Knows no bulk."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from contracts import demo_states
from contracts.demo.people import party_of
from contracts.demo.texts import (
    ARCHIVE,
    CHEAPER_SEARCH,
    CLIENT,
    DROPPED,
    GUIDELINES,
    LOGO,
    MEMBER,
    MOBILE,
    WEBSITE,
    Brief,
    Step,
)
from contracts.models import Contract
from contracts.operations.offers import open_contract
from contracts.operations.plan import add_milestone, save_plan
from contracts.plan import Line, Plan
from contracts.states import MilestoneStatus
from marketplace.models import Job, Membership, User


def load_contracts(today: date) -> Iterator[Contract]:
    """Every contract of the demo, the one with the latest activity last."""
    client = User.objects.get(email=CLIENT)
    yield brand_guidelines(client, today)
    yield logo_refresh(client, today)
    yield archive_digitisation(client, today)
    yield mobile_app(client, today)
    yield website_relaunch(client, today)


def brand_guidelines(client: User, today: date) -> Contract:
    """Ended early, with two milestones paid, one refunded and one cancelled."""
    contract = opened(GUIDELINES, client, lines(GUIDELINES.steps, today))
    demo_states.advance(contract, paid=2, current=MilestoneStatus.ACTIVE)
    demo_states.end(contract)
    return contract


def logo_refresh(client: User, today: date) -> Contract:
    """A single milestone, whose charge is under way."""
    contract = opened(LOGO, client, lines(LOGO.steps, today))
    demo_states.advance(contract, current=MilestoneStatus.FUNDING)
    return contract


def mobile_app(client: User, today: date) -> Contract:
    """The first of five was handed in and sent back, nothing is paid yet."""
    contract = opened(MOBILE, client, lines(MOBILE.steps, today))
    demo_states.advance(contract, current=MilestoneStatus.CHANGES_REQUESTED)
    return contract


def archive_digitisation(client: User, today: date) -> Contract:
    """As long as a plan can be, with an agency whose member is assigned to it."""
    members = Membership.objects.filter(user__email=MEMBER)
    contract = opened(ARCHIVE, client, lines(ARCHIVE.steps, today), members=members)
    demo_states.advance(contract, current=MilestoneStatus.ACTIVE)
    return contract


def website_relaunch(client: User, today: date) -> Contract:
    """Three paid, one handed in, eight ahead; its plan was changed three times while the work went on."""
    *final, launch = lines(WEBSITE.steps, today)
    begun, (search, hours, review, gallery, migration, training) = final[:5], final[5:]
    (blog,) = lines([DROPPED], today)
    cheaper = replace(search, amount=CHEAPER_SEARCH)

    contract = opened(WEBSITE, client, [*begun, cheaper, hours, gallery, blog, training, migration])
    demo_states.advance(contract, paid=1, current=MilestoneStatus.ACTIVE)
    saved(contract, client, today, [*begun, search, hours, review, gallery, blog, training, migration])
    demo_states.advance(contract, paid=2, current=MilestoneStatus.ACTIVE)
    saved(contract, client, today, final)
    add_milestone(contract=contract, by=client, line=launch, today=today)
    demo_states.advance(contract, paid=3, current=MilestoneStatus.SUBMITTED)
    return contract


def lines(steps: Iterable[Step], today: date) -> list[Line]:
    """The steps as new lines of a plan, due so many days from today."""
    return [Line(uuid.uuid4(), step.title, step.description, step.amount, due(step.days, today)) for step in steps]


def due(days: int | None, today: date) -> date | None:
    return None if days is None else today + timedelta(days=days)


def opened(brief: Brief, client: User, plan: list[Line], members: Iterable[Membership] = ()) -> Contract:
    job = Job.objects.create(client=party_of(CLIENT), title=brief.job, description=brief.description)
    talent = party_of(brief.talent)
    return open_contract(
        by=client, job=job, talent=talent, title=brief.title, terms=brief.terms, plan=Plan(tuple(plan)),
        members=members,
    )  # fmt: skip


def saved(contract: Contract, client: User, today: date, plan: list[Line]) -> None:
    """The client saves this plan over the one that is there."""
    contract.refresh_from_db(fields=["plan_version"])
    save_plan(contract=contract, by=client, base=contract.plan_version, mine=Plan(tuple(plan)), today=today)
