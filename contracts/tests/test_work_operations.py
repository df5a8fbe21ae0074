"""Submitting work and asking for changes (B30, B31): numbers, clocks, and who may."""

import uuid
from datetime import timedelta

import pytest

from contracts.operations.members import assign_members
from contracts.operations.work import NewSubmission, NotForSubmission, NothingToReturn
from contracts.refusals import KeyReused, NotAllowed, ReasonMissing, WrongState
from contracts.tests.dealing import Deal, agreed
from tests.books import books_hold
from tests.factories import agreed as agreed_with
from tests.factories import submit

FORTNIGHT = timedelta(days=14)


@pytest.fixture
def deal(db) -> Deal:
    return agreed("100.00", "50.00")


def test_b30_submissions_are_numbered_and_kept(deal):
    deal.submit(1, message="First")
    deal.send_back(1, reason="Bigger letters")
    deal.submit(1, message="Second")
    kept = deal.milestone(1).submissions.order_by("number").values_list("number", "message", "reason")
    assert list(kept) == [(1, "First", "Bigger letters"), (2, "Second", None)]
    assert deal.states == ["submitted", "future"]
    books_hold()


def test_s09_the_review_clock_runs_exactly_while_work_waits_for_the_review(deal):
    assert deal.milestone(1).review_by is None
    submitted = deal.submit(1)
    assert abs(deal.milestone(1).review_by - submitted.at - FORTNIGHT) < timedelta(seconds=5)
    deal.send_back(1)
    assert deal.milestone(1).review_by is None
    deal.submit(1)
    deal.dispute(deal.payer)
    assert deal.milestone(1).review_by is None
    books_hold()


def test_s10_never_both_clocks_at_once(deal):
    deal.submit(1)
    request = deal.end("0.00")
    assert deal.milestone(1).review_by is None
    assert request.answer_by
    books_hold()


def test_b30_the_same_form_twice_submits_once(deal):
    key = uuid.uuid4()
    assert deal.submit(1, key=key) == deal.submit(1, key=key)
    assert deal.told.count("work_submitted") == 1
    books_hold()


def test_i17_the_form_of_a_submission_submits_nothing_else(deal):
    key, other = uuid.uuid4(), agreed("20.00")
    deal.submit(1, key=key)
    for act in (lambda: deal.submit(1, key=key, message="Better"), lambda: other.submit(1, key=key)):
        with pytest.raises(KeyReused):
            act()
    books_hold()


def test_b30_work_is_submitted_for_the_current_milestone_and_not_while_it_is_reviewed(deal):
    with pytest.raises(NotForSubmission):
        deal.submit(2)
    deal.submit(1)
    with pytest.raises(NotForSubmission):
        deal.submit(1)
    deal.release(1, "100.00")
    with pytest.raises(NotForSubmission):
        deal.submit(1)
    books_hold()


def test_b31_changes_are_requested_to_the_latest_submission_with_a_reason(deal):
    with pytest.raises(NothingToReturn):
        deal.send_back(1)
    deal.submit(1)
    with pytest.raises(ReasonMissing):
        deal.send_back(1, reason="")
    deal.send_back(1)
    deal.submit(1)
    with pytest.raises(NewSubmission):
        deal.send_back(1, number=1, reason="Still not.")
    deal.send_back(1, number=2)
    with pytest.raises(NothingToReturn):
        deal.send_back(1, number=2, reason="And another thing.")
    books_hold()


def test_b31_the_same_request_for_changes_twice_is_one(deal):
    deal.submit(1)
    assert deal.send_back(1) == deal.send_back(1)
    assert deal.told.count("changes_requested") == 1
    deal.submit(1)
    assert deal.send_back(1).number == 1
    assert deal.told.count("changes_requested") == 1
    books_hold()


def test_work_each_side_does_its_own(deal):
    deal.payer, deal.earner = deal.earner, deal.payer
    with pytest.raises(NotAllowed):
        deal.submit(1)
    with pytest.raises(NotAllowed):
        deal.send_back(1)
    books_hold()


def test_work_of_an_agency_is_submitted_by_those_who_are_assigned(db):
    world = agreed_with(2, agency=True, current="active")
    deal = Deal(world.contract.client, world.contract.talent, world.client, world.idle, None, world.contract.pk)
    with pytest.raises(NotAllowed):
        deal.submit(1)
    deal.earner = world.member
    assert deal.submit(1).by == world.member
    deal.send_back(1)
    assign_members(contract=world.contract, by=world.talent, memberships=[])
    with pytest.raises(NotAllowed):
        deal.submit(1)
    submit(world.contract.milestones.get(position=1))
    books_hold()


def test_b24_while_a_refund_is_asked_for_no_work_is_submitted(deal):
    deal.end("0.00")
    with pytest.raises(WrongState):
        deal.submit(1)
    books_hold()
