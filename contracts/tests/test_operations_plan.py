"""Saving a plan and adding a milestone: what is allowed, what is refused, and that a refusal writes nothing."""

import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError

from contracts.models import Contract, Event
from contracts.operations._rows import ForeignMilestone
from contracts.operations.offers import decline_offer, withdraw_offer
from contracts.operations.plan import AddedBefore, DueDatePassed, PlanTooLong, UnknownRevision, save_plan
from contracts.operations.settlement import end_as_client
from contracts.plan import ChangeSet, Plan
from contracts.refusals import NotAllowed, WrongState
from contracts.states import MilestoneStatus
from contracts.tests.editing import A_MONTH_ON, TODAY, TOMORROW, YESTERDAY, add, edited, longer, save, traces
from marketplace.models import User
from tests.factories import Agreed, advance, agreed, end, ended, line, offered, outsider, plan


@pytest.fixture
def people(db):
    """A contract of five milestones: one paid, one current, three ahead."""
    return agreed(5, paid=1, current=MilestoneStatus.ACTIVE)


@pytest.fixture
def contract(people) -> Contract:
    return people.contract


@pytest.fixture
def before(contract) -> Plan:
    return contract.plan()


# Who and when


@pytest.mark.parametrize("role", ["client", "manager"])
def test_b08_a_save_of_the_clients_applies_at_once(people, contract, before, role):
    wish = edited(before, 4, title="Bigger", amount=Decimal("250.00"))
    assert save(contract, wish, by=getattr(people, role)) == ChangeSet(before, wish)
    assert contract.plan() == wish


@pytest.mark.parametrize("role", ["viewer", "talent", "member", "idle"])
def test_nobody_but_the_client_changes_the_plan(db, role):
    people = agreed(3, agency=True)
    contract, before = people.contract, traces(people.contract)
    with pytest.raises(NotAllowed):
        save(contract, edited(contract.plan(), 3, title="Mine"), by=getattr(people, role))
    with pytest.raises(NotAllowed):
        add(contract, line(), by=getattr(people, role))
    assert traces(contract) == before


@pytest.mark.parametrize("stranger", ["outsider", "freelancer", "staff"])
def test_who_cannot_see_the_contract_cannot_change_it(people, contract, before, stranger):
    strangers = {
        "outsider": outsider,
        "freelancer": lambda: agreed(1).talent,
        "staff": lambda: User.objects.create_superuser("boss@cairn.test", "x", name="Boss"),
    }
    with pytest.raises(NotAllowed):
        save(contract, edited(before, 5, title="Mine"), by=strangers[stranger]())
    assert contract.plan() == before


def offer() -> Agreed:
    return offered(5)


def settling() -> Agreed:
    world = agreed(5, paid=1, current=MilestoneStatus.ACTIVE)
    held = world.contract.milestones.get(position=2).amount
    end_as_client(
        contract=world.contract, by=world.client, key=uuid.uuid4(), pay=Decimal("0.00"), held=held, reason="No"
    )
    return world


def declined() -> Agreed:
    world = offered(5)
    decline_offer(contract=world.contract, by=world.talent)
    return world


def withdrawn() -> Agreed:
    world = offered(5)
    withdraw_offer(contract=world.contract, by=world.client)
    return world


@pytest.mark.parametrize("world", [offer, settling, lambda: ended(5), declined, withdrawn],
                         ids=["offered", "settling", "ended", "declined", "withdrawn"])  # fmt: skip
def test_b42_the_plan_of_a_contract_that_is_not_active_stays(db, world):
    people = world()
    traced = traces(people.contract)
    with pytest.raises(WrongState):
        save(people.contract, edited(traced[0], 5, title="Late"), by=people.client)
    with pytest.raises(WrongState):
        add(people.contract, line(), by=people.client)
    assert traces(people.contract) == traced


# What a milestone may hold (B2)


@pytest.mark.parametrize("amount", ["5.00", "1000000.00", "5", "7.5"])
def test_b02_amounts_within_the_limits_are_saved(people, contract, before, amount):
    save(contract, edited(before, 5, amount=Decimal(amount)), by=people.client)
    assert contract.plan().lines[4].amount == Decimal(amount)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"amount": Decimal("4.99")}, IntegrityError),
        ({"amount": Decimal("0.00")}, IntegrityError),
        ({"amount": Decimal("-5.00")}, IntegrityError),
        ({"amount": Decimal("1000000.01")}, IntegrityError),
        ({"amount": Decimal("5.001")}, ValueError),
        ({"amount": Decimal("99999999999.00")}, DataError),
        ({"title": ""}, IntegrityError),
        ({"title": "x" * 121}, DataError),
        ({"description": "x" * 5001}, IntegrityError),
    ],
)
def test_b02_what_no_form_lets_through_the_database_refuses_and_nothing_is_written(
    people, contract, before, values, refusal
):
    traced = traces(contract)
    with pytest.raises(refusal):
        save(contract, edited(edited(before, 5, **values), 4, title="Also mine"), by=people.client)
    with pytest.raises(refusal):
        add(contract, replace(line(), **values), by=people.client)
    assert traces(contract) == traced


def test_b02_a_new_due_date_in_the_past_is_refused_and_today_is_not(people, contract, before):
    traced = traces(contract)
    with pytest.raises(DueDatePassed):
        save(contract, edited(before, 5, due_date=YESTERDAY), by=people.client)
    with pytest.raises(DueDatePassed):
        save(contract, longer(before, line(due_date=YESTERDAY)), by=people.client)
    with pytest.raises(DueDatePassed):
        add(contract, line(due_date=YESTERDAY), by=people.client)
    assert traces(contract) == traced
    save(contract, edited(before, 5, due_date=TODAY), by=people.client)
    assert contract.plan().lines[4].due_date == TODAY


def test_b02_a_due_date_that_has_become_past_is_fine(people, contract, before):
    save(contract, edited(before, 5, due_date=TODAY), by=people.client)
    late = contract.plan()
    wish = edited(late, 5, title="Still the same day")
    save_plan(contract=contract, by=people.client, base=2, mine=wish, today=A_MONTH_ON)
    assert contract.plan() == wish
    wish = edited(contract.plan(), 5, due_date=TOMORROW)
    with pytest.raises(DueDatePassed):
        save_plan(contract=contract, by=people.client, base=3, mine=wish, today=A_MONTH_ON)


def test_b02_a_due_date_can_be_taken_away(people, contract, before):
    save(contract, edited(before, 5, due_date=TOMORROW), by=people.client)
    save(contract, edited(contract.plan(), 5, due_date=None), by=people.client, base=2)
    assert contract.plan() == before


# How many (B3)


def test_b03_the_200th_milestone_is_saved_and_the_201st_is_refused(db):
    people = agreed(198)
    contract = people.contract
    save(contract, longer(contract.plan(), line("The last one")), by=people.client)
    full = traces(contract)
    assert len(full[0]) == 200
    with pytest.raises(PlanTooLong):
        save(contract, longer(contract.plan(), line("One too many")), by=people.client, base=2)
    with pytest.raises(PlanTooLong):
        add(contract, line("One too many"), by=people.client)
    assert traces(contract) == full


def test_b03_a_full_plan_can_be_edited_moved_and_exchanged(db):
    people = agreed(199)
    contract = people.contract
    begun, *ahead = contract.plan().lines
    turned = ahead[::-1]
    save(contract, Plan((begun, *turned[1:], line("In its place"))), by=people.client)
    assert [at.title for at in contract.plan()] == ["Kick-off", *(at.title for at in turned[1:]), "In its place"]


def test_b03_deleted_milestones_do_not_count(db):
    people = agreed(199)
    save(people.contract, Plan(people.contract.plan().lines[:150]), by=people.client)
    wish = longer(people.contract.plan(), *plan(50))
    save(people.contract, wish, by=people.client, base=2)
    assert people.contract.plan() == wish


def test_all_that_is_ahead_can_be_deleted_and_new_milestones_added(db):
    people = agreed(2)
    save(people.contract, Plan(people.contract.plan().lines[:1]), by=people.client)
    assert len(people.contract.plan()) == 1
    add(people.contract, line("Anew"), by=people.client)
    assert [at.title for at in people.contract.plan()] == ["Kick-off", "Anew"]


# Adding one (B6)


def test_b06_a_new_milestone_comes_last(people, contract, before):
    new = line("Afterwards", due_date=TOMORROW)
    assert add(contract, new, by=people.client) == ChangeSet(before, longer(before, new))
    assert contract.plan() == longer(before, new)
    assert contract.milestones.last().status == "future"


def test_b06_a_form_sent_twice_adds_one_milestone(people, contract):
    new = line("Once")
    assert add(contract, new, by=people.client)
    traced = traces(contract)
    assert add(contract, new, by=people.client) is None
    assert traces(contract) == traced


def test_b06_a_form_sent_again_with_other_words_is_refused_and_nothing_is_written(people, contract):
    new = line("Once")
    add(contract, new, by=people.client)
    traced = traces(contract)
    with pytest.raises(AddedBefore):
        add(contract, replace(new, title="Twice"), by=people.client)
    assert traces(contract) == traced


@pytest.mark.parametrize("whose", ["other", "own"])
def test_the_key_of_another_contracts_milestone_is_refused(people, contract, before, whose):
    other = agreed(2).contract if whose == "other" else agreed(2, paid=1).contract
    taken = replace(line(), key=other.plan().keys[0])
    kept = other.plan()
    with pytest.raises(ForeignMilestone):
        save(contract, longer(before, taken), by=people.client)
    with pytest.raises(ForeignMilestone):
        add(contract, taken, by=people.client)
    assert contract.plan() == before
    assert other.plan() == kept


def test_a_revision_that_never_was_is_refused(people, contract, before):
    for base in (0, 2, -1, 10**6):
        with pytest.raises(UnknownRevision):
            save(contract, edited(before, 5, title="Mine"), by=people.client, base=base)
    assert contract.plan() == before


def test_a_contract_that_never_was_cannot_be_changed(people, before):
    with pytest.raises(Contract.DoesNotExist):
        save(Contract(pk=uuid.uuid4()), before, by=people.client)
    assert not Event.objects.exclude(contract=people.contract).exists()


def test_a_contract_that_has_ended_in_the_meantime_refuses_an_old_editor(people, contract, before):
    advance(contract, paid=2)
    end(contract)
    with pytest.raises(WrongState):
        save(contract, edited(before, 5, title="Mine"), by=people.client)
