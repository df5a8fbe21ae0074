"""Two at once on one change request: real threads, each with a connection, in a database that they may commit to.

Each race runs many rounds with the guard, the contract's row lock. Its control takes the guard away and lets both read
before either writes; then a constraint must refuse one of them, or the wrong must show.
"""

import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import combinations

import pytest

from contracts.models import ChangeRequest
from contracts.operations.funding import RequestInTheWay
from contracts.operations.requests import (
    accept_request,
    decline_request,
    replace_request,
    send_request,
    withdraw_request,
)
from contracts.plan import Plan
from contracts.states import RequestStatus
from contracts.tests.asking import TODAY, asked, fresh, statuses, wished
from contracts.tests.conftest import ROUNDS
from contracts.tests.dealing import Deal
from contracts.tests.editing import edited, save
from marketplace.models import MemberRole
from tests.books import books_hold
from tests.factories import Agreed, agreed, joined, line
from tests.racing import at_once, both_read_first, kinds, refusals

UNIQUE = "23505"
ANSWERS: dict[str, Callable[[Agreed, ChangeRequest], object]] = {
    "accept": lambda world, request: accept_request(contract=world.contract, by=world.client, request=request),
    "decline": lambda world, request: decline_request(contract=world.contract, by=world.manager, request=request),
    "withdraw": lambda world, request: withdraw_request(contract=world.contract, by=world.talent, request=request),
    "revise": lambda world, request: replace_request(
        contract=world.contract, by=world.talent, key=uuid.uuid4(), request=request,
        mine=Plan(request.plan.lines[:-1]), today=TODAY,
    ),
}  # fmt: skip
ENDS = {"accept": "accepted", "decline": "declined", "withdraw": "withdrawn", "revise": "superseded"}


def sending(world: Agreed, by: object = None) -> Callable[[], ChangeRequest]:
    """The editor is open, with what was done in it; calling the answer presses its button."""
    contract = fresh(world)
    return partial(
        send_request,
        contract=contract, by=by or world.talent, key=uuid.uuid4(), base=contract.plan_version, mine=wished(world),
        today=TODAY,
    )  # fmt: skip


# Answer against answer


@pytest.mark.parametrize("pair", list(combinations(ANSWERS, 2)), ids="-".join)
def test_s07_of_two_answers_at_once_one_counts(own_database, pair):
    for _round in range(ROUNDS):
        world = agreed(4)
        request, before = asked(world), fresh(world).plan()
        answers = at_once(*(partial(ANSWERS[name], world, request) for name in pair))
        assert sorted(kinds(answers).values()) == [1, 1]
        assert refusals(answers) == ["AnsweredMeanwhile"]
        won = pair[isinstance(answers[0], Exception)]
        request.refresh_from_db()
        assert request.status == ENDS[won]
        assert fresh(world).plan() == (request.plan if won == "accept" else before)
        assert world.contract.events.filter(request=request, kind__startswith="request_").count() == (
            1 if won == "revise" else 2
        )
    books_hold()


def test_s07_control_without_the_lock_both_answers_count(own_database, guard_off):
    world = agreed(4)
    request = asked(world)
    answers = both_read_first(*(partial(ANSWERS[name], world, request) for name in ("decline", "withdraw")))
    assert not refusals(answers)
    assert world.contract.events.filter(request=request).count() == 3


# One request, one plan


def test_b09_of_two_managers_of_an_agency_one_sends(own_database):
    for _round in range(ROUNDS):
        world = agreed(4, agency=True)
        other = joined(world.contract.talent, MemberRole.MANAGER)
        answers = at_once(sending(world), sending(world, other))
        assert kinds(answers) == {"ChangeRequest": 1, "WrongState": 1}
        assert statuses(world.contract) == [RequestStatus.PENDING]


def test_b09_control_without_the_lock_a_constraint_keeps_it_to_one(own_database, guard_off):
    world = agreed(4, agency=True)
    answers = both_read_first(sending(world), sending(world, joined(world.contract.talent, MemberRole.MANAGER)))
    assert refusals(answers) == [UNIQUE]
    assert statuses(world.contract) == [RequestStatus.PENDING]


def test_b10_a_save_against_a_request_never_leaves_the_request_on_an_old_plan(own_database):
    for _round in range(ROUNDS):
        world = agreed(4)
        contract, shown = world.contract, fresh(world).plan()
        saved, sent = at_once(
            partial(save, contract, edited(shown, 2, title="Theirs"), by=world.client), sending(world)
        )
        if isinstance(sent, ChangeRequest):
            assert kinds([saved]) == {"WrongState": 1}
            assert fresh(world).plan() == shown
        else:
            assert kinds([saved, sent]) == {"ChangeSet": 1, "PlanMoved": 1}
            assert fresh(world).plan().lines[1].title == "Theirs"
    books_hold()


def test_b10_control_without_the_lock_the_request_is_on_a_plan_that_is_gone(own_database, guard_off):
    world = agreed(4)
    shown = fresh(world).plan()
    both_read_first(partial(save, world.contract, edited(shown, 2, title="Theirs"), by=world.client), sending(world))
    assert statuses(world.contract) == [RequestStatus.PENDING]
    assert fresh(world).plan() != world.contract.change_requests.select_related("base").get().base.plan


# Funding against a request


def raising(deal: Deal) -> Callable[[], ChangeRequest]:
    """The talent asks for more for the next milestone, as it stands in the editor now."""
    contract = deal.contract
    first, second = contract.plan()
    mine = Plan((first, replace(second, amount=second.amount + 50), line("After it")))
    return partial(
        send_request,
        contract=contract, by=deal.earner, key=uuid.uuid4(), base=contract.plan_version, mine=mine, today=TODAY,
    )  # fmt: skip


def test_b10_funding_against_a_request_that_changes_what_is_funded(crowd):
    for deal in crowd["leftover"]:
        funded, sent = at_once(deal.funding(2), raising(deal))
        if isinstance(sent, ChangeRequest):
            assert isinstance(funded, RequestInTheWay)
            assert deal.states[1] == "future"
        else:
            assert kinds([sent]) == {"PlanMoved": 1}
            assert deal.states[1] == "active"
            assert not deal.contract.change_requests.exists()
    books_hold()


def test_b10_control_without_the_lock_a_milestone_is_funded_that_a_request_changes(crowd, guard_off):
    deal = crowd["leftover"][0]
    answers = both_read_first(deal.funding(2), raising(deal))
    assert not refusals(answers)
    assert deal.states[1] == "active"
    assert deal.contract.change_requests.get().status == RequestStatus.PENDING
