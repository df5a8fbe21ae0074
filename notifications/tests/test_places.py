"""Where a notice leads to: the page at hand for those who can act there, the room for everybody else."""

import pytest

from contracts.models import Contract, Event, EventKind
from contracts.operations.disputes import open_dispute
from contracts.states import ContractStatus
from marketplace.models import User
from notifications.links import place_of
from tests.factories import Agreed, agreed, ended, offered, submitted

pytestmark = pytest.mark.django_db


def leads(world: Agreed, kind: EventKind, reader: User) -> str:
    """The rest of the path, after the contract."""
    contract = Contract.objects.visible_to(reader).get(pk=world.contract.pk)
    event = Event(contract=contract, kind=kind, milestone=contract.milestones.order_by("position").first())
    return place_of(event, contract).path.removeprefix(f"/contracts/{contract.pk}/")


def test_b40_an_offer_leads_those_who_can_answer_it_to_the_answer():
    world = offered(1, agency=True)
    assert leads(world, EventKind.OFFER_SENT, world.talent) == "answer/"
    assert leads(world, EventKind.OFFER_SENT, world.member) == ""


def test_b30_submitted_work_leads_to_its_review_while_there_is_one():
    world = submitted(1)
    current = world.contract.milestones.order_by("position").first()
    assert leads(world, EventKind.WORK_SUBMITTED, world.client) == f"milestones/{current.pk}/review/"
    over = agreed(1)
    assert leads(over, EventKind.WORK_SUBMITTED, over.client) == ""


def test_b43_the_end_leads_to_feedback():
    world = ended(1)
    assert leads(world, EventKind.CONTRACT_ENDED, world.client) == "feedback/"


def test_b41_a_proposed_contract_leads_the_client_to_its_answer():
    world = agreed(1)
    Contract.objects.filter(pk=world.contract.pk).update(status=ContractStatus.PROPOSED)
    assert leads(world, EventKind.PROPOSAL_SENT, world.manager) == "proposal/"
    assert leads(world, EventKind.PROPOSAL_SENT, world.viewer) == ""
    Contract.objects.filter(pk=world.contract.pk).update(status=ContractStatus.ACTIVE)


def test_money_that_is_asked_back_leads_to_the_request():
    world = agreed(1)
    assert leads(world, EventKind.MONEY_BACK_ASKED, world.talent) == "money-back/"
    assert leads(world, EventKind.PLAN_SAVED, world.talent) == ""


def test_b44_what_is_offered_and_decided_leads_to_the_dispute():
    world = submitted(1)
    open_dispute(contract=world.contract, by=world.client, reason="It is empty.")
    for kind in (EventKind.DISPUTE_OPENED, EventKind.SPLIT_OFFERED, EventKind.DISPUTE_DECIDED):
        assert leads(world, kind, world.talent) == "dispute/"
    over = agreed(1)
    assert leads(over, EventKind.SPLIT_OFFERED, over.talent) == ""
