"""A change request from its sending to its answer (B8 to B10, X4)."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest

from contracts.models import ChangeRequest, Contract, EventKind
from contracts.operations import requests
from contracts.operations.plan import DueDatePassed, PlanTooLong, save_plan
from contracts.operations.settlement import end_as_talent
from contracts.plan import Plan
from contracts.refusals import KeyReused, NotAllowed, WrongState
from contracts.states import RequestStatus
from contracts.timers import sweep
from marketplace import clock
from tests.factories import Agreed, agreed, line

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 1)


@pytest.fixture
def world() -> Agreed:
    return agreed(4)


def fresh(world: Agreed) -> Contract:
    return Contract.objects.get(pk=world.contract.pk)


def wished(world: Agreed) -> Plan:
    """Of Kick-off (paid) and Steps 1 to 4: Step 2 dearer, Step 3 gone, Step 4 before Step 1, and a new one last."""
    kick_off, one, two, _three, four = fresh(world).plan()
    return Plan((kick_off, four, one, replace(two, amount=Decimal("500.00")), line("Extra", "80.00")))


def send(world: Agreed, mine: Plan | None = None, **other) -> ChangeRequest:
    contract = fresh(world)
    told = {"by": world.talent, "key": uuid.uuid4(), "base": contract.plan_version, "today": TODAY} | other
    return requests.send_request(contract=contract, mine=mine or wished(world), **told)


def told(world: Agreed) -> list[str]:
    kinds = [kind for kind in EventKind.values if kind.startswith("request_")]
    return list(world.contract.events.filter(kind__in=kinds).order_by("pk").values_list("kind", flat=True))


def test_b08_a_request_changes_nothing_but_asks(world):
    before = fresh(world).plan()

    request = send(world, note="As we talked it over.")

    assert fresh(world).plan() == before
    assert request.is_pending
    assert not request.from_client
    assert request.note == "As we talked it over."
    assert request.changes.counts == (1, 1, 1, 1)
    assert told(world) == [EventKind.REQUEST_SENT]


def test_b09_only_one_is_pending(world):
    send(world)

    with pytest.raises(WrongState):
        send(world)


def test_b09_accepted_it_becomes_the_plan_in_one_revision(world):
    request, version = send(world), fresh(world).plan_version

    requests.accept_request(contract=world.contract, by=world.client, request=request)

    assert fresh(world).plan() == request.plan
    assert fresh(world).plan_version == version + 1
    assert world.contract.events.get(kind=EventKind.REQUEST_ACCEPTED).revision.plan == request.plan


def test_x04_single_lines_are_accepted_and_the_others_are_not(world):
    request = send(world)
    dearer = next(row.line.key for row in request.changes.changed if row.is_edited)

    answered = requests.accept_request(contract=world.contract, by=world.client, request=request, keys={dearer})

    assert answered.status == RequestStatus.PARTLY
    assert [str(each.amount) for each in fresh(world).plan()] == ["50.00", "100.00", "500.00", "102.00", "103.00"]


def test_x04_nothing_chosen_is_not_an_acceptance(world):
    with pytest.raises(requests.NothingChosen):
        requests.accept_request(contract=world.contract, by=world.client, request=send(world), keys=set())


def test_x04_the_client_sends_back_and_the_talent_accepts(world):
    request = send(world)
    mine = Plan(request.plan.lines[:-1])

    counter = requests.replace_request(
        contract=world.contract, by=world.client, key=uuid.uuid4(), request=request, mine=mine, today=TODAY
    )
    requests.accept_request(contract=world.contract, by=world.talent, request=counter)

    assert fresh(world).plan() == mine
    request.refresh_from_db()
    assert (request.status, counter.from_client, counter.replaces) == (RequestStatus.COUNTERED, True, request)
    assert told(world) == [EventKind.REQUEST_SENT, EventKind.REQUEST_COUNTERED, EventKind.REQUEST_ACCEPTED]


def test_b09_revising_replaces_ones_own_and_keeps_both(world):
    request = send(world)

    second = requests.replace_request(
        contract=world.contract, by=world.talent, key=uuid.uuid4(), request=request,
        mine=Plan(request.plan.lines[:-1]), today=TODAY,
    )  # fmt: skip

    request.refresh_from_db()
    assert (request.status, second.status, second.replaces) == (
        RequestStatus.SUPERSEDED,
        RequestStatus.PENDING,
        request,
    )
    with pytest.raises(requests.AnsweredMeanwhile):
        requests.accept_request(contract=world.contract, by=world.client, request=request)


def test_b09_the_sender_cannot_answer_nor_the_other_side_withdraw(world):
    request = send(world)

    with pytest.raises(NotAllowed):
        requests.accept_request(contract=world.contract, by=world.talent, request=request)
    with pytest.raises(NotAllowed):
        requests.withdraw_request(contract=world.contract, by=world.client, request=request)


@pytest.mark.parametrize("answer", [requests.accept_request, requests.decline_request])
def test_s07_the_same_answer_twice_is_one_and_another_is_refused(world, answer):
    request = send(world)
    other = {requests.accept_request, requests.decline_request} - {answer}

    for _time in range(2):
        answer(contract=world.contract, by=world.client, request=request)

    assert len(told(world)) == 2
    with pytest.raises(WrongState):
        other.pop()(contract=world.contract, by=world.client, request=request)


def test_b10_the_plan_is_frozen_while_a_request_is_pending(world):
    send(world)
    contract = fresh(world)

    with pytest.raises(WrongState, match="change request waits"):
        save_plan(contract=contract, by=world.client, base=contract.plan_version, mine=wished(world), today=TODAY)


def test_b10_an_ended_contract_supersedes_its_request(world):
    request = send(world)

    end_as_talent(contract=world.contract, by=world.talent, held=Decimal("0.00"))

    request.refresh_from_db()
    assert request.status == RequestStatus.SUPERSEDED
    assert told(world)[-1] == EventKind.REQUEST_SUPERSEDED


def test_s07_the_same_answer_twice_is_one_and_other_lines_are_refused(world):
    request = send(world)
    dearer, *rest = (row.line.key for row in request.changes.changed if row.is_edited or row.is_added)
    answer = partial(requests.accept_request, contract=world.contract, by=world.client, request=request)

    assert answer(keys={dearer}) == answer(keys={dearer})
    assert told(world).count(EventKind.REQUEST_PARTLY_ACCEPTED) == 1
    with pytest.raises(requests.AnsweredMeanwhile):
        answer(keys={dearer, *rest})


def test_i17_the_same_form_twice_sends_one_and_never_stands_for_two_wishes(world):
    key, mine = uuid.uuid4(), wished(world)
    first = send(world, mine, key=key)

    assert send(world, mine, key=key) == first
    with pytest.raises(KeyReused):
        send(world, Plan(mine.lines[:-1]), key=key)


def test_b08_a_request_that_changes_nothing_is_refused(world):
    with pytest.raises(requests.NothingProposed):
        send(world, fresh(world).plan())


def test_b09_the_client_is_reminded_after_two_and_five_days_and_no_more(world):
    send(world)
    reminders = []

    for days in (1, 1, 2, 1, 30):
        clock.advance(timedelta(days=days, minutes=1))
        sweep()
        reminders.append(told(world).count(EventKind.REQUEST_REMINDER))

    assert reminders == [0, 1, 1, 2, 2]


def test_b03_a_request_for_more_than_200_milestones_is_refused_when_it_is_sent():
    full = agreed(199)
    plan = fresh(full).plan()
    with pytest.raises(PlanTooLong):
        send(full, Plan((*plan, line())))
    assert send(full, Plan((*plan.lines[:-1], line()))).is_pending


def test_b02_a_new_date_in_the_past_is_refused_when_it_is_sent(world):
    *first, last = fresh(world).plan()
    with pytest.raises(DueDatePassed):
        send(world, Plan((*first, replace(last, due_date=TODAY - timedelta(days=1)))))
