"""Money back on a live contract (B24): asked for, and given back only if the talent agrees; the contract goes on."""

import uuid
from datetime import timedelta

import pytest

from contracts import timers
from contracts.operations.money_back import AskedAlready, NotOpen, NotReturnable
from contracts.operations.release import release_overdue
from contracts.operations.settlement import HeldChanged
from contracts.operations.work import ReviewOver
from contracts.refusals import Disputed, KeyReused, NotAllowed, ReasonMissing, WrongState
from contracts.tests.dealing import D, Deal, agreed, charge_back
from marketplace import clock
from marketplace.models import MemberRole
from tests.books import books_hold
from tests.factories import joined

YEAR = timedelta(days=365)


@pytest.fixture
def deal(db) -> Deal:
    """100.00 held for the first of two milestones, and the initiation fee of 4.95."""
    return agreed("100.00", "50.00")


@pytest.fixture
def later(db) -> Deal:
    """40.00 left over from a first release, and nothing else held: the fee was captured."""
    deal = agreed("100.00", "150.00")
    deal.release(1, "60.00")
    return deal


# Asking


@pytest.mark.parametrize("amount", ["0.01", "15.00", "40.00"])
def test_b24_any_part_of_what_is_left_over_can_be_asked_for(later, amount):
    request = later.ask_back(amount)
    assert (request.status, request.amount, request.milestone, request.answer_by) == ("pending", D(amount), None, None)
    assert (later.status, later.money["escrow"]) == ("active", D("40.00"))
    assert later.told[-1] == "money_back_asked"
    books_hold()


def test_b24_all_that_is_held_is_asked_for_with_the_current_milestone(deal):
    assert deal.ask_back("100.00").milestone == deal.milestone(1)
    assert (deal.status, deal.states) == ("active", ["active", "future"])
    books_hold()


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "99.99", "100.01"])
def test_b04_what_a_current_milestone_claims_is_not_asked_for_in_part(deal, amount):
    with pytest.raises(NotReturnable):
        deal.ask_back(amount)
    books_hold()


@pytest.mark.parametrize(("amount", "fits"), [("30.00", True), ("30.01", False), ("80.00", True), ("50.00", False)])
def test_b24_beside_a_current_milestone_what_is_left_over_or_all_can_be_asked_for(later, amount, fits):
    later.ask_back("40.00")
    later.keep()
    deal = agreed("100.00", "50.00")
    deal.release(1, "20.00")
    deal.fund(2)
    assert deal.contract.held == D("80.00")
    if fits:
        assert deal.ask_back(amount).amount == D(amount)
    else:
        with pytest.raises(NotReturnable):
            deal.ask_back(amount)
    books_hold()


def test_b24_with_nothing_held_there_is_nothing_to_ask_for(deal):
    deal.release(1, "100.00")
    with pytest.raises(NotReturnable):
        deal.ask_back("0.00")
    books_hold()


def test_b24_one_request_at_a_time_with_a_reason_for_what_the_page_showed(later):
    with pytest.raises(ReasonMissing):
        later.ask_back("40.00", reason="")
    with pytest.raises(HeldChanged):
        later.ask_back("40.00", held=D("39.00"))
    later.ask_back("40.00")
    with pytest.raises(AskedAlready):
        later.ask_back("10.00")
    books_hold()


def test_i17_the_same_form_twice_asks_once_and_its_key_stands_for_one_wish(later):
    key = uuid.uuid4()
    assert later.ask_back("40.00", key=key) == later.ask_back("40.00", key=key)
    assert later.told.count("money_back_asked") == 1
    with pytest.raises(KeyReused):
        later.ask_back("30.00", key=key)
    with pytest.raises(KeyReused):
        later.end("0.00", key=key, reason="It became less.")
    books_hold()


def test_b24_the_client_asks_and_the_talent_answers(later):
    with pytest.raises(NotAllowed):
        later.ask_back("40.00", by=later.earner)
    with pytest.raises(NotAllowed):
        later.ask_back("40.00", by=joined(later.client, MemberRole.VIEWER))
    later.ask_back("40.00")
    with pytest.raises(NotAllowed):
        later.give_back("40.00", by=later.payer)
    books_hold()


# Answering


def test_b24_agreed_it_goes_back_at_once_and_the_contract_goes_on(later):
    later.ask_back("15.00")
    request = later.give_back("15.00")
    assert (request.status, request.returned) == ("approved", D("15.00"))
    assert later.money == {"pending": D("54.00"), "escrow": D("25.00"), "fees": D("10.95")}
    assert (later.status, later.states, later.sent_back) == ("active", ["paid", "future"], [D("15.00")])
    later.fund(2)
    assert later.charges[-1].amount == D("125.00")
    books_hold()


@pytest.mark.parametrize("handed_in", [False, True])
def test_b21_all_of_it_given_back_refunds_the_milestone_and_leaves_the_initiation_fee(deal, handed_in):
    if handed_in:
        deal.submit(1)
    deal.ask_back("100.00")
    deal.give_back("100.00")
    assert deal.money == {"initiation_fee": D("4.95")}
    assert (deal.status, deal.states, deal.sent_back) == ("active", ["refunded", "future"], [D("100.00")])
    assert deal.milestone(1).review_by is None
    deal.fund(2)
    deal.release(2, "50.00")
    assert deal.money == {"pending": D("45.00"), "fees": D("9.95")}
    books_hold()


def test_s07_agreed_twice_goes_back_once(later):
    later.ask_back("40.00")
    assert later.give_back("40.00") == later.give_back("40.00")
    assert (later.sent_back, later.told.count("money_back_agreed")) == ([D("40.00")], 1)
    with pytest.raises(NotOpen):
        later.give_back("30.00")
    books_hold()


def test_b24_declined_nothing_moves_and_it_can_be_asked_for_again(later):
    later.ask_back("40.00")
    assert later.keep() == later.keep()
    assert (later.asked.status, later.asked.returned, later.asked.answer) == (
        "declined", D("0.00"), "It is what we agreed on.",
    )  # fmt: skip
    with pytest.raises(NotOpen):
        later.give_back("40.00")
    with pytest.raises(NotOpen):
        later.keep("On second thoughts")
    later.ask_back("20.00")
    later.give_back("20.00")
    assert later.contract.held == D("20.00")
    books_hold()


def test_b24_withdrawn_it_cannot_be_agreed_to_any_more(later):
    later.ask_back("40.00")
    assert later.ask_no_longer() == later.ask_no_longer()
    assert (later.asked.status, later.told.count("money_back_withdrawn")) == ("withdrawn", 1)
    for act in (lambda: later.give_back("40.00"), later.keep):
        with pytest.raises(NotOpen):
            act()
    books_hold()


def test_b24_silence_moves_nothing(later):
    later.ask_back("40.00")
    clock.advance(YEAR)
    timers.sweep()
    assert (later.status, later.asked.status, later.contract.held) == ("active", "pending", D("40.00"))
    later.give_back("40.00")
    assert later.sent_back == [D("40.00")]
    books_hold()


# While it waits


def test_b24_while_it_waits_the_work_goes_on(deal):
    deal.ask_back("100.00")
    deal.submit(1)
    deal.send_back(1)
    deal.submit(1)
    deal.release(1, "70.00")
    assert deal.asked.status == "pending"
    with pytest.raises(HeldChanged):
        deal.give_back("100.00")
    deal.give_back("30.00")
    assert (deal.asked.amount, deal.asked.returned) == (D("100.00"), D("30.00"))
    assert (deal.states, deal.sent_back) == (["paid", "future"], [D("30.00")])
    books_hold()


def test_b31_the_clock_releases_all_of_it_and_the_request_is_over(deal):
    deal.submit(1)
    deal.ask_back("100.00")
    clock.advance(timedelta(days=14))
    with pytest.raises(ReviewOver):
        deal.give_back("100.00")
    assert release_overdue(deal.milestone(1).pk)
    assert (deal.asked.status, deal.asked.returned) == ("superseded", D("0.00"))
    assert deal.told[-2:] == ["released", "money_back_over"]
    with pytest.raises(NotOpen):
        deal.give_back("100.00")
    books_hold()


def test_b31_after_the_review_nothing_of_it_can_be_asked_for(deal):
    deal.submit(1)
    clock.advance(timedelta(days=14))
    with pytest.raises(ReviewOver):
        deal.ask_back("100.00")
    books_hold()


def test_b21_what_the_next_milestone_takes_of_the_leftover_cannot_go_back(later):
    later.ask_back("40.00")
    later.fund(2)
    assert (later.asked.status, later.told[-2:]) == ("superseded", ["milestone_funded", "money_back_over"])
    books_hold()


def test_b21_what_the_next_milestone_leaves_can_still_go_back(db):
    deal = agreed("100.00", "30.00")
    deal.release(1, "20.00")
    deal.ask_back("80.00")
    deal.fund(2)
    assert deal.asked.status == "pending"
    with pytest.raises(HeldChanged):
        deal.give_back("80.00")
    deal.give_back("50.00")
    assert (deal.contract.held, deal.states) == (D("30.00"), ["paid", "active"])
    books_hold()


def test_a_bank_that_took_some_of_it_leaves_the_rest_to_go_back(later):
    later.fund(2)
    later.ask_back("150.00")
    charge_back(later.charges[-1])
    assert (later.contract.held, later.states[1], later.asked.status) == (D("40.00"), "refunded", "pending")
    later.give_back("40.00")
    assert later.contract.held == D("0.00")
    books_hold()


def test_a_bank_that_took_all_of_it_ends_the_request(deal):
    deal.ask_back("100.00")
    charge_back(deal.charges[0])
    assert (deal.states[0], deal.asked.status) == ("refunded", "superseded")
    books_hold()


@pytest.mark.parametrize("end", [lambda deal: deal.end("0.00"), lambda deal: deal.end("40.00"), Deal.leave])
def test_b24_the_end_settles_it_otherwise(later, end):
    later.ask_back("15.00")
    end(later)
    assert (later.asked.status, later.asked.returned) == ("superseded", D("0.00"))
    assert later.told.count("money_back_over") == 1
    with pytest.raises(WrongState):
        later.give_back("15.00")
    books_hold()


def test_b44_a_dispute_is_no_answer_to_it_but_ends_it(deal):
    deal.submit(1)
    deal.ask_back("100.00")
    with pytest.raises(WrongState):
        deal.dispute(deal.earner)
    deal.dispute(deal.payer)
    assert deal.asked.status == "superseded"
    for act in (lambda: deal.give_back("100.00"), lambda: deal.ask_back("100.00")):
        with pytest.raises(Disputed):
            act()
    books_hold()
