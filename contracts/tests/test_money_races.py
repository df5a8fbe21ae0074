"""Two at once on one contract's money: releases, ends, and the clock. Real threads, each with a connection.

Each race runs forty rounds with the guard, the contract's row lock. Its control takes the guard away and lets both
read before either writes; then a lower layer must refuse one of them: the ledger, a constraint or the trigger.
"""

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from contracts import timers
from contracts.models import Contract
from contracts.operations.release import release_overdue
from contracts.operations.settlement import lapse_refund
from contracts.refusals import NotAllowed
from contracts.tests.dealing import D, Deal, another
from escrow.models import Journal, Kind
from marketplace import clock
from tests.books import books_hold
from tests.racing import (
    PATIENCE,
    at_once,
    before_first_write,
    both_read_first,
    kinds,
    refusals,
    wait_for_a_waiter,
)

UNIQUE, CHECK, MATCHES, FROZEN = "23505", "23514", "CC001", "CC002"
FORTNIGHT, WEEK = timedelta(days=14), timedelta(days=7)


def journals(deal: Deal, prefix: str) -> int:
    return Journal.objects.filter(scope=deal.key, key__startswith=prefix).count()


# Release against release


def test_b22_a_double_click_on_release_is_one_journal_and_both_see_success(crowd):
    for deal in crowd["active"]:
        answers = at_once(*[partial(deal.release, 1, "60.00")] * 2)
        assert kinds(answers) == {"Earning": 2}
        assert answers[0] == answers[1]
        assert (journals(deal, "release:"), deal.told.count("released")) == (1, 1)
    books_hold()


def test_b22_of_two_tabs_with_different_amounts_one_wins_and_the_other_is_told(crowd):
    for deal in crowd["active"]:
        answers = at_once(partial(deal.release, 1, "60.00"), partial(deal.release, 1, "70.00"))
        assert kinds(answers) == {"Earning": 1, "ReleasedBefore": 1}
        won = D("60.00") if kinds(answers[:1]) == {"Earning": 1} else D("70.00")
        assert deal.contract.held == D("100.00") - won
    books_hold()


@pytest.mark.parametrize(("second", "refused"), [("60.00", UNIQUE), ("70.00", "KeyReused")])
def test_b22_control_without_the_lock_a_second_release_is_refused_below(crowd, guard_off, second, refused):
    deal = crowd["active"][0]
    answers = both_read_first(partial(deal.release, 1, "60.00"), partial(deal.release, 1, second))
    assert refusals(answers) == [refused]
    assert journals(deal, "release:") == 1
    books_hold()


# Release against the end


def test_b24_release_against_end_as_each_page_showed_it(crowd):
    for deal in crowd["active"]:
        released, ended = at_once(partial(deal.release, 1, "60.00"), partial(deal.end, "0.00", held=D("100.00")))
        if kinds([released]) == {"Earning": 1}:
            assert kinds([ended]) == {"HeldChanged": 1}
            assert (deal.status, deal.contract.held) == ("active", D("40.00"))
        else:
            assert kinds([released, ended]) == {"WrongState": 1, "RefundRequest": 1}
            assert (deal.status, deal.contract.held) == ("settling", D("100.00"))
    books_hold()


def test_b24_release_against_the_talents_end(crowd):
    for deal in crowd["active"]:
        released, left = at_once(partial(deal.release, 1, "60.00"), partial(deal.leave, held=D("100.00")))
        if kinds([released]) == {"Earning": 1}:
            assert kinds([left]) == {"HeldChanged": 1}
            assert (deal.status, deal.sent_back) == ("active", [])
        else:
            assert kinds([released, left]) == {"WrongState": 1, "Contract": 1}
            assert (deal.status, deal.sent_back) == ("ended", [D("104.95")])
    books_hold()


def test_b24_control_without_the_lock_money_is_not_released_and_returned(crowd, guard_off):
    deal = crowd["active"][0]
    answers = both_read_first(partial(deal.release, 1, "60.00"), partial(deal.leave, held=D("100.00")))
    assert refusals(answers) == ["Insufficient"]
    books_hold()


def test_b24_approve_against_the_talents_end_returns_the_money_once(crowd):
    for deal in crowd["settling"]:
        approved, left = at_once(deal.approve, partial(deal.leave, held=D("100.00")))
        assert refusals([approved, left]) in ([], ["AnsweredBefore"], ["WrongState"], ["HeldChanged"])
        assert (deal.status, deal.sent_back) == ("ended", [D("104.95")])
        assert deal.money.keys() <= {Kind.FEES}
    books_hold()


def test_b24_control_without_the_lock_the_money_is_not_returned_twice(crowd, guard_off):
    deal = crowd["settling"][0]
    answers = both_read_first(deal.approve, partial(deal.leave, held=D("100.00")))
    assert refusals(answers) in (["Insufficient"], ["CC002"])  # the ledger's word, or the request's: it is closed
    assert deal.sent_back == [D("104.95")]
    books_hold()


def test_s07_approve_against_counter_is_one_answer(crowd):
    for deal in crowd["settling"]:
        answers = at_once(deal.approve, partial(deal.counter, "50.00"))
        assert kinds(answers) == {"RefundRequest": 1, "AnsweredBefore": 1}
        assert deal.status == ("ended" if deal.request.status == "approved" else "settling")
    books_hold()


# The clock


def test_b31_release_against_the_sweep_pays_once(crowd):
    clock.advance(FORTNIGHT)
    for deal in crowd["submitted"]:
        milestone = deal.milestone(1).pk
        clicked, swept = at_once(partial(deal.release, 1, "100.00"), partial(release_overdue, milestone))
        assert kinds([clicked]) == ({"ReleasedBefore": 1} if swept else {"Earning": 1})
        assert (journals(deal, "release:"), deal.contract.held) == (1, D("0.00"))
    books_hold()


def test_b31_control_without_the_lock_the_sweep_pays_no_second_time(crowd, guard_off):
    clock.advance(FORTNIGHT)
    deal = crowd["submitted"][0]
    milestone = deal.milestone(1).pk
    answers = both_read_first(partial(deal.release, 1, "100.00"), partial(release_overdue, milestone))
    assert refusals(answers) == [UNIQUE]
    assert journals(deal, "release:") == 1
    books_hold()


def test_b31_two_sweeps_do_everything_once(crowd):
    clock.advance(FORTNIGHT)
    done = at_once(timers.sweep, timers.sweep)
    together = done[0] + done[1]
    assert together["releases without a review"] == len(crowd["submitted"])
    assert together["refund requests without an answer"] == len(crowd["settling"])
    assert together["offers without an answer"] == len(crowd["offered"])
    assert together["earnings out of their hold"] == len(crowd["leftover"])
    assert not together[timers.FAILED]
    assert {deal.status for deal in crowd["settling"]} == {"ended"}
    assert {deal.status for deal in crowd["offered"]} == {"expired"}
    books_hold()


def test_b31_control_without_the_lock_two_sweeps_still_release_once(crowd, guard_off):
    clock.advance(FORTNIGHT)
    deal = crowd["submitted"][0]
    milestone = deal.milestone(1).pk
    answers = both_read_first(*[partial(release_overdue, milestone)] * 2)
    assert refusals(answers) == [UNIQUE]
    books_hold()


def test_b31_at_the_deadline_changes_are_requested_or_it_is_released(crowd):
    """The clock stands a moment before the deadline of each: whoever comes first after that decides."""
    for deal in crowd["submitted"]:
        milestone = deal.milestone(1)
        until = milestone.review_by - clock.now() - timedelta(milliseconds=20)
        if until > timedelta(0):
            clock.advance(until)

        def sweeping(key=milestone.pk) -> bool:
            while not (released := release_overdue(key)):
                if deal.milestone(1).review_by is None:  # noqa: B023 - done within this round
                    break
            return released

        asked, swept = at_once(partial(deal.send_back, 1), sweeping)
        assert kinds([asked]) in (({"NothingToReturn": 1}, {"ReviewOver": 1}) if swept else ({"Submission": 1},))
        assert deal.states[0] == ("paid" if swept else "changes_requested")
    books_hold()


def test_b31_control_without_the_lock_it_is_paid_although_changes_were_requested(crowd, guard_off, monkeypatch):
    clock.advance(FORTNIGHT)
    monkeypatch.setattr("contracts.operations.work.check_review", lambda milestone: None)
    deal, read, returned = crowd["submitted"][0], threading.Event(), threading.Event()

    def after_reading() -> None:
        read.set()
        returned.wait(PATIENCE)

    def sweeping() -> bool:
        with before_first_write(after_reading):
            return release_overdue(deal.milestone(1).pk)

    def sending_back() -> object:
        read.wait(PATIENCE)
        submission = deal.send_back(1)
        returned.set()
        return submission

    assert kinds(at_once(sweeping, sending_back)) == {"bool": 1, "Submission": 1}
    assert deal.told[-2:] == ["changes_requested", "released"]
    books_hold()


def test_b44_lapse_against_a_dispute_in_the_last_second(crowd):
    """As with the review: the clock stands a moment before the deadline of each."""
    for deal in crowd["settling"]:
        request = deal.request
        until = request.answer_by - clock.now() - timedelta(milliseconds=20)
        if until > timedelta(0):
            clock.advance(until)

        def lapsing(request=request) -> bool:
            while not (lapsed := lapse_refund(request.pk)):
                if deal.request.answer_by is None:  # noqa: B023 - done within this round
                    break
            return lapsed

        disputed, lapsed = at_once(partial(deal.dispute, deal.earner), lapsing)
        assert kinds([disputed]) in (({"NoDisputeYet": 1}, {"WrongState": 1}) if lapsed else ({"Dispute": 1},))
        assert deal.status == ("ended" if lapsed else "settling")
    books_hold()


def test_b44_control_without_the_lock_what_lapsed_is_not_disputed(crowd, guard_off, monkeypatch):
    clock.advance(WEEK)
    monkeypatch.setattr("contracts.operations.disputes._may_dispute", lambda *args: True)
    deal = crowd["settling"][0]
    answers = both_read_first(partial(deal.dispute, deal.earner), partial(lapse_refund, deal.request.pk))
    assert refusals(answers) in ([MATCHES], [CHECK], [FROZEN])  # as the one or the other came first
    books_hold()


# A right is taken away


def test_a_role_revoked_while_a_release_waits_for_the_lock_counts(crowd):
    for deal in crowd["active"]:
        locked = threading.Event()

        def revoking(deal=deal, locked=locked) -> None:
            with transaction.atomic():
                Contract.objects.select_for_update(no_key=True).get(pk=deal.key)
                locked.set()
                wait_for_a_waiter()
                deal.payer.memberships.all().delete()

        def releasing(deal=deal, locked=locked) -> object:
            locked.wait(PATIENCE)
            return deal.release(1, "60.00")

        assert isinstance(at_once(revoking, releasing)[1], NotAllowed)
        assert deal.contract.held == D("100.00")
    books_hold()


# Many contracts at once


@pytest.mark.parametrize("shared", [False, True], ids=["parties of their own", "one client and one talent"])
def test_many_contracts_at_once_on_the_shared_accounts_do_not_deadlock(crowd, shared):
    """Eight at once, twenty releases each, with the funding in between and a sweep that lets earnings mature."""
    deals = [*crowd["active"], *crowd["submitted"]]
    if shared:
        first = deals[0]
        deals = [first, *(another(first, "100.00", "150.00") for _each in range(23))]
    clock.advance(timedelta(days=1))

    def working(mine: list[Deal]) -> int:
        for deal in mine:
            deal.release(1, "100.00")
            deal.fund(2)
            deal.release(2, "150.00")
        return 2 * len(mine)

    answers = at_once(*(partial(working, deals[each::8]) for each in range(8)))
    assert answers == [2 * len(deals[each::8]) for each in range(8)]
    books_hold()
