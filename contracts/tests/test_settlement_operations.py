"""Ending a contract (B24): all, part or none of what is held, and every way in which a refund request can end."""

from datetime import timedelta

import pytest

from contracts.operations.settlement import (
    AnsweredBefore,
    CounterTooHigh,
    HeldChanged,
    NotBetween,
    lapse_refund,
)
from contracts.refusals import NotAllowed, ReasonMissing, WrongState
from contracts.tests.dealing import D, Deal, agreed
from marketplace import clock
from tests.books import books_hold

WEEK = timedelta(days=7)


@pytest.fixture
def deal(db) -> Deal:
    """100.00 held for the first of two milestones, and the initiation fee of 4.95."""
    return agreed("100.00", "50.00")


@pytest.fixture
def later(db) -> Deal:
    """40.00 left over from a first release, and nothing else held: the fee was captured."""
    deal = agreed("100.00", "50.00")
    deal.release(1, "60.00")
    return deal


# The client ends


def test_b24_pay_all_pays_the_talent_and_captures_the_fee(deal):
    assert deal.end("100.00") is None
    assert deal.money == {"pending": D("90.00"), "fees": D("14.95")}
    assert (deal.status, deal.states) == ("ended", ["paid", "cancelled"])
    assert deal.contract.feedback_by == deal.contract.ended_at + timedelta(days=14)
    books_hold()


def test_b24_pay_none_asks_for_all_and_moves_nothing_yet(deal):
    request = deal.end("0.00")
    assert (request.status, request.amount) == ("pending", D("100.00"))
    assert deal.money == {"escrow": D("100.00"), "initiation_fee": D("4.95")}
    assert (deal.status, deal.states) == ("settling", ["active", "future"])
    books_hold()


def test_b24_pay_part_pays_at_once_and_asks_for_the_rest(deal):
    request = deal.end("30.00")
    assert request.amount == D("70.00")
    assert deal.money == {"escrow": D("70.00"), "pending": D("27.00"), "fees": D("7.95")}
    assert (deal.status, deal.states) == ("settling", ["paid", "future"])
    books_hold()


def test_b24_with_nothing_held_it_just_ends(db):
    deal = agreed("100.00", "50.00")
    deal.release(1, "100.00")
    assert deal.end("0.00") is None
    assert (deal.status, deal.states) == ("ended", ["paid", "cancelled"])
    assert deal.money == {"pending": D("90.00"), "fees": D("14.95")}
    books_hold()


def test_b24_leftover_that_no_milestone_claims_is_paid_as_a_settlement(later):
    later.end("40.00")
    assert list(later.contract.earnings.order_by("at").values_list("kind", "gross", "net")) == [
        ("release", D("60.00"), D("54.00")), ("settlement", D("40.00"), D("36.00")),
    ]  # fmt: skip
    assert later.money == {"pending": D("90.00"), "fees": D("14.95")}
    books_hold()


@pytest.mark.parametrize("pay", ["100.01", "-0.01"])
def test_b24_more_than_is_held_or_less_than_nothing_is_refused(deal, pay):
    with pytest.raises(NotBetween):
        deal.end(pay)
    assert deal.status == "active"
    books_hold()


def test_b24_asking_for_money_back_needs_a_reason(deal):
    with pytest.raises(ReasonMissing):
        deal.end("99.99", reason="")
    assert deal.end("100.00", reason="") is None
    books_hold()


def test_b24_a_page_that_shows_other_money_is_refused(deal):
    with pytest.raises(HeldChanged):
        deal.end("50.00", held=D("99.00"))
    with pytest.raises(HeldChanged):
        deal.leave(held=D("99.00"))
    books_hold()


def test_b24_only_its_own_side_ends_each_way(deal):
    with pytest.raises(NotAllowed):
        deal.end("100.00", by=deal.earner)
    deal.earner, deal.payer = deal.payer, deal.earner
    with pytest.raises(NotAllowed):
        deal.leave()
    books_hold()


def test_b42_an_ended_contract_cannot_be_ended_funded_or_worked_on_again(deal):
    deal.end("100.00")
    for act in (deal.leave, lambda: deal.fund(2), lambda: deal.submit(2), deal.accept):
        with pytest.raises(WrongState):
            act()
    assert deal.status == "ended"
    books_hold()


# The talent answers


def test_b24_approved_returns_all_that_was_asked_for_with_the_fee_as_nothing_was_released(deal):
    deal.end("0.00")
    deal.approve()
    assert deal.money == {}
    assert deal.sent_back == [D("104.95")]
    assert (deal.status, deal.states, deal.request.returned) == ("ended", ["refunded", "cancelled"], D("100.00"))
    books_hold()


def test_b24_approved_after_a_part_returns_the_rest_and_keeps_the_fee(deal):
    deal.end("30.00")
    deal.approve()
    assert deal.money == {"pending": D("27.00"), "fees": D("7.95")}
    assert deal.sent_back == [D("70.00")]
    assert deal.states == ["paid", "cancelled"]
    books_hold()


def test_b24_a_counter_accepted_returns_it_and_pays_the_rest(deal):
    deal.end("0.00")
    deal.counter("25.00")
    assert deal.request.answer_by is not None
    deal.accept_counter()
    assert deal.money == {"pending": D("67.50"), "fees": D("12.45")}
    assert deal.sent_back == [D("25.00")]
    assert (deal.status, deal.states) == ("ended", ["paid", "cancelled"])
    assert deal.milestone(1).paid == D("75.00")
    books_hold()


def test_b24_a_counter_of_nothing_pays_all(deal):
    deal.end("0.00")
    deal.counter("0.00")
    deal.accept_counter()
    assert deal.money == {"pending": D("90.00"), "fees": D("14.95")}
    assert deal.sent_back == []
    books_hold()


def test_b24_after_a_part_a_counter_divides_only_the_rest(deal):
    deal.end("30.00")
    deal.counter("20.00")
    deal.accept_counter()
    assert deal.money == {"pending": D("72.00"), "fees": D("12.95")}
    assert deal.sent_back == [D("20.00")]
    assert [earning.gross for earning in deal.contract.earnings.order_by("at")] == [D("30.00"), D("50.00")]
    books_hold()


@pytest.mark.parametrize("amount", ["100.00", "100.01", "-0.01"])
def test_b24_a_counter_names_less_than_was_asked_for(deal, amount):
    deal.end("0.00")
    with pytest.raises(CounterTooHigh):
        deal.counter(amount)
    assert deal.request.status == "pending"
    books_hold()


def test_s07_a_request_is_answered_once(deal):
    deal.end("0.00")
    deal.counter("25.00")
    for act in (deal.approve, lambda: deal.counter("26.00")):
        with pytest.raises(AnsweredBefore):
            act()
    deal.accept_counter()
    with pytest.raises(AnsweredBefore):
        deal.approve()
    books_hold()


def test_s07_an_answer_given_twice_is_one_answer(deal):
    deal.end("0.00")
    assert deal.counter("25.00") == deal.counter("25.00")
    assert deal.accept_counter() == deal.accept_counter()
    assert deal.told.count("counter_accepted") == 1
    books_hold()


def test_b24_a_counter_needs_a_counter(deal):
    deal.end("0.00")
    with pytest.raises(AnsweredBefore):
        deal.accept_counter()
    books_hold()


# Silence


def test_b24_seven_days_of_silence_refund_the_client(deal):
    request = deal.end("0.00")
    assert not lapse_refund(request.pk)
    clock.advance(WEEK)
    assert lapse_refund(request.pk)
    assert not lapse_refund(request.pk)
    assert deal.money == {}
    assert (deal.status, deal.request.status, deal.sent_back) == ("ended", "lapsed", [D("104.95")])
    books_hold()


def test_b24_silence_to_a_counter_refunds_what_both_named_and_pays_the_rest(deal):
    request = deal.end("0.00")
    clock.advance(timedelta(days=5))
    deal.counter("25.00")
    clock.advance(timedelta(days=6, hours=23))
    assert not lapse_refund(request.pk)
    clock.advance(timedelta(hours=1))
    assert lapse_refund(request.pk)
    assert deal.money == {"pending": D("67.50"), "fees": D("12.45")}
    assert deal.sent_back == [D("25.00")]
    assert deal.told[-1] == "counter_lapsed"
    books_hold()


def test_b24_an_answer_after_the_deadline_is_too_late_swept_or_not(deal):
    deal.end("0.00")
    clock.advance(WEEK)
    for act in (deal.approve, lambda: deal.counter("1.00")):
        with pytest.raises(AnsweredBefore):
            act()
    books_hold()


# The talent ends


def test_b24_talent_ends_and_all_that_is_held_goes_back_at_once(deal):
    deal.leave()
    assert deal.money == {}
    assert (deal.status, deal.states, deal.sent_back) == ("ended", ["refunded", "cancelled"], [D("104.95")])
    books_hold()


def test_b24_released_money_is_untouched_when_the_talent_ends(later):
    later.leave()
    assert later.money == {"pending": D("54.00"), "fees": D("10.95")}
    assert later.sent_back == [D("40.00")]
    books_hold()


@pytest.mark.parametrize("countered", [False, True])
def test_b24_talent_can_end_while_a_refund_request_is_open(deal, countered):
    deal.end("30.00")
    if countered:
        deal.counter("20.00")
    deal.leave()
    assert deal.money == {"pending": D("27.00"), "fees": D("7.95")}
    assert (deal.status, deal.request.returned, deal.request.answer_by) == ("ended", D("70.00"), None)
    books_hold()


def test_b24_ending_twice_is_one_end(deal):
    deal.leave()
    assert deal.leave().status == "ended"
    assert deal.told.count("contract_ended") == 1
    books_hold()


# What comes back over several charges


def test_b24_a_refund_goes_back_over_the_charges_the_newest_first(db):
    deal = agreed("100.00", "150.00")
    deal.release(1, "20.00")
    deal.fund(2)
    assert [charge.amount for charge in deal.charges] == [D("104.95"), D("70.00")]
    deal.leave()
    assert deal.sent_back == [D("70.00"), D("80.00")]
    assert deal.money == {"pending": D("18.00"), "fees": D("6.95")}
    books_hold()
