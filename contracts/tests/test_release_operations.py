"""Releasing held money (B22, B31), by the client and by the clock: what is paid, what stays, what is refused."""

from datetime import timedelta

import pytest

from contracts.operations.maturing import mature
from contracts.operations.release import (
    MoreThanHeld,
    NotFunded,
    NothingReleased,
    ReleasedBefore,
    release_overdue,
    remind,
)
from contracts.operations.work import ReviewOver
from contracts.refusals import Disputed, NotAllowed, Stale, WrongState
from contracts.tests.dealing import D, Deal, agreed
from contracts.tests.editing import save
from escrow import ledger
from escrow.models import Kind
from marketplace import clock
from marketplace.models import MemberRole
from tests.books import books_hold
from tests.factories import joined

FORTNIGHT = timedelta(days=14)


@pytest.fixture
def deal(db) -> Deal:
    """100.00 held for the first of two milestones, and the initiation fee of 4.95."""
    return agreed("100.00", "50.00")


# By the client


@pytest.mark.parametrize(
    ("amount", "fee", "net", "stays"),
    [
        ("100.00", "10.00", "90.00", "0.00"),
        ("60.00", "6.00", "54.00", "40.00"),
        ("33.33", "3.33", "30.00", "66.67"),
        ("0.05", "0.01", "0.04", "99.95"),
        ("0.04", "0.00", "0.04", "99.96"),
        ("0.01", "0.00", "0.01", "99.99"),
        ("99.95", "10.00", "89.95", "0.05"),
    ],
)
def test_b22_b23_a_release_pays_its_amount_less_the_fee_and_the_rest_stays(deal, amount, fee, net, stays):
    earning = deal.release(1, amount)
    assert (earning.gross, earning.fee, earning.net) == (D(amount), D(fee), D(net))
    assert deal.contract.held == D(stays)
    assert deal.money["pending"] == D(net)
    assert deal.money["fees"] == D("4.95") + D(fee)
    assert (deal.states, deal.milestone(1).paid) == (["paid", "future"], D(amount))
    books_hold()


def test_b22_a_five_dollar_milestone_can_be_released_in_part(db):
    deal = agreed("5.00")
    deal.release(1, "0.01")
    assert deal.money == {"escrow": D("4.99"), "pending": D("0.01"), "fees": D("4.95")}
    books_hold()


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_b22_release_of_zero_is_refused(deal, amount):
    with pytest.raises(NothingReleased):
        deal.release(1, amount)
    assert deal.states == ["active", "future"]
    books_hold()


def test_b22_more_than_is_held_for_the_milestone_is_refused_even_with_leftover(db):
    deal = agreed("100.00", "50.00")
    deal.release(1, "10.00")
    deal.fund(2)
    assert deal.contract.held == D("90.00")
    with pytest.raises(MoreThanHeld):
        deal.release(2, "50.01")
    deal.release(2, "50.00")
    assert deal.contract.held == D("40.00")
    books_hold()


def test_b21_the_initiation_fee_is_captured_at_the_first_release_only(deal):
    deal.release(1, "100.00")
    assert deal.contract.fee_held == D("0.00")
    deal.fund(2)
    deal.release(2, "50.00")
    assert deal.money == {"pending": D("135.00"), "fees": D("19.95")}
    books_hold()


@pytest.mark.parametrize("step", ["active", "submitted", "changes_requested"])
def test_b31_it_can_be_released_in_every_funded_state(deal, step):
    if step != "active":
        deal.submit(1)
    if step == "changes_requested":
        deal.send_back(1)
    deal.release(1, "100.00")
    assert deal.milestone(1).review_by is None
    books_hold()


def test_b22_a_future_milestone_is_not_released(deal):
    with pytest.raises(NotFunded):
        deal.release(2, "50.00")
    books_hold()


def test_b22_a_milestone_that_was_deleted_meanwhile_is_not_released(deal):
    gone, plan = deal.milestone(2), deal.contract.plan()
    save(deal.contract, type(plan)(plan.lines[:1]), by=deal.payer)
    deal.milestone = lambda place: gone
    with pytest.raises(Stale):
        deal.release(2, "50.00")
    books_hold()


def test_b22_the_same_release_twice_is_one(deal):
    assert deal.release(1, "60.00") == deal.release(1, "60.00")
    assert deal.money == {"escrow": D("40.00"), "pending": D("54.00"), "fees": D("10.95")}
    assert deal.told.count("released") == 1
    books_hold()


def test_b22_a_second_other_release_is_refused(deal):
    deal.release(1, "60.00")
    with pytest.raises(ReleasedBefore):
        deal.release(1, "40.00")
    with pytest.raises(ReleasedBefore):
        deal.release(1, "60.00", by=joined(deal.client, MemberRole.MANAGER))
    books_hold()


def test_b22_who_may_release(deal):
    for nobody in (deal.earner, joined(deal.client, MemberRole.VIEWER)):
        with pytest.raises(NotAllowed):
            deal.release(1, "60.00", by=nobody)
    deal.release(1, "60.00", by=joined(deal.client, MemberRole.MANAGER))
    books_hold()


def test_b24_while_a_refund_is_asked_for_nothing_is_released(deal):
    deal.end("0.00")
    with pytest.raises(WrongState):
        deal.release(1, "60.00")
    books_hold()


def test_b44_while_a_dispute_is_open_nothing_is_released(deal):
    deal.submit(1)
    deal.dispute(deal.payer)
    with pytest.raises(Disputed):
        deal.release(1, "60.00")
    clock.advance(FORTNIGHT)
    assert not release_overdue(deal.milestone(1).pk)
    books_hold()


# By the clock


def test_b31_after_fourteen_days_all_that_is_held_for_it_is_released(deal):
    deal.submit(1)
    clock.advance(FORTNIGHT - timedelta(minutes=1))
    assert not release_overdue(deal.milestone(1).pk)
    clock.advance(timedelta(minutes=1))
    assert release_overdue(deal.milestone(1).pk)
    assert not release_overdue(deal.milestone(1).pk)
    assert deal.money == {"pending": D("90.00"), "fees": D("14.95")}
    assert deal.contract.events.latest("pk").by is None
    books_hold()


def test_b31_leftover_that_is_not_the_milestones_is_not_released_by_the_clock(db):
    deal = agreed("100.00", "50.00")
    deal.release(1, "10.00")
    deal.fund(2)
    deal.submit(2)
    clock.advance(FORTNIGHT)
    release_overdue(deal.milestone(2).pk)
    assert deal.contract.held == D("40.00")
    books_hold()


def test_b31_requested_changes_stop_the_clock_and_a_new_submission_starts_it_afresh(deal):
    deal.submit(1)
    clock.advance(timedelta(days=13))
    deal.send_back(1)
    clock.advance(FORTNIGHT)
    assert not release_overdue(deal.milestone(1).pk)
    deal.submit(1)
    clock.advance(timedelta(days=13))
    assert not release_overdue(deal.milestone(1).pk)
    clock.advance(timedelta(days=1))
    assert release_overdue(deal.milestone(1).pk)
    books_hold()


def test_b31_when_the_review_is_over_the_client_can_only_release_all(deal):
    deal.submit(1)
    clock.advance(FORTNIGHT)
    for act in (
        lambda: deal.send_back(1),
        lambda: deal.release(1, "99.99"),
        lambda: deal.end("0.00"),
        lambda: deal.dispute(deal.payer),
    ):
        with pytest.raises(ReviewOver):
            act()
    assert deal.release(1, "100.00").net == D("90.00")
    assert not release_overdue(deal.milestone(1).pk)
    books_hold()


def test_b32_reminders_at_seven_three_and_one_days(deal):
    deal.submit(1)
    seen = []
    for day in range(1, 15):
        clock.advance(timedelta(days=1))
        if remind(deal.milestone(1).pk):
            seen.append(14 - day)
    assert seen == [7, 3, 1]
    assert deal.told.count("review_reminder") == 3
    books_hold()


def test_b32_a_worker_that_was_away_reminds_once(deal):
    deal.submit(1)
    clock.advance(timedelta(days=12))
    assert remind(deal.milestone(1).pk)
    assert not remind(deal.milestone(1).pk)
    books_hold()


# The security hold


def test_b23_released_money_is_available_after_five_days(deal):
    earning = deal.release(1, "60.00")
    clock.advance(timedelta(days=4, hours=23))
    assert not mature(earning.pk)
    clock.advance(timedelta(hours=1))
    assert mature(earning.pk)
    assert not mature(earning.pk)
    assert ledger.balance(Kind.PENDING, deal.talent.pk) == 0
    assert ledger.balance(Kind.AVAILABLE, deal.talent.pk) == D("54.00")
    books_hold()


def test_b23_each_earning_has_a_hold_of_its_own(deal):
    first = deal.release(1, "60.00")
    clock.advance(timedelta(days=3))
    deal.bonus("10.00")
    clock.advance(timedelta(days=2))
    assert mature(first.pk)
    assert deal.money["pending"] == D("9.00")
    assert deal.money["available"] == D("54.00")
    books_hold()
