"""Two at once about money back on a live contract: answers, withdrawals, releases, ends (B24).

Each race runs forty rounds with the guard, the contract's row lock. Its control takes the guard away and lets both read
before either writes; then a lower layer must refuse one of them.
"""

from functools import partial

import pytest

from contracts.tests.conftest import Crowd
from contracts.tests.dealing import D, Deal
from escrow.models import Journal
from tests.books import books_hold
from tests.racing import at_once, both_read_first, kinds, refusals

UNIQUE, MATCHES, FROZEN, DEADLOCK = "23505", "CC001", "CC002", "40P01"


@pytest.fixture
def asked(crowd: Crowd) -> list[Deal]:
    """All of the 100.00 that are held for the current milestone are asked back."""
    for deal in crowd["active"]:
        deal.ask_back("100.00")
    return crowd["active"]


def given_back(deal: Deal) -> int:
    return Journal.objects.filter(scope=deal.key, key=f"refund:{deal.asked.pk}").count()


def test_b24_two_tabs_ask_once(crowd):
    for deal in crowd["leftover"]:
        answers = at_once(partial(deal.ask_back, "40.00"), partial(deal.ask_back, "10.00"))
        assert kinds(answers) == {"RefundRequest": 1, "AskedAlready": 1}
    books_hold()


def test_b24_control_without_the_lock_two_requests_are_refused_below(crowd, guard_off):
    deal = crowd["leftover"][0]
    answers = both_read_first(partial(deal.ask_back, "40.00"), partial(deal.ask_back, "10.00"))
    assert refusals(answers) == [UNIQUE]
    books_hold()


def test_s07_a_double_click_on_agree_gives_back_once_and_both_see_success(asked):
    for deal in asked:
        answers = at_once(*[partial(deal.give_back, "100.00")] * 2)
        assert kinds(answers) == {"RefundRequest": 2}
        assert (given_back(deal), deal.sent_back, deal.told.count("money_back_agreed")) == (1, [D("100.00")], 1)
    books_hold()


def test_s07_agree_against_withdraw_is_one_ending(asked):
    for deal in asked:
        agreed, withdrawn = at_once(partial(deal.give_back, "100.00"), deal.ask_no_longer)
        assert kinds([agreed, withdrawn]) == {"RefundRequest": 1, "NotOpen": 1}
        went = deal.asked.status == "approved"
        assert (deal.contract.held, given_back(deal)) == ((D("0.00"), 1) if went else (D("100.00"), 0))
    books_hold()


def test_s07_control_without_the_lock_what_was_withdrawn_is_not_given_back(asked, guard_off):
    answers = both_read_first(partial(asked[0].give_back, "100.00"), asked[0].ask_no_longer)
    assert refusals(answers) in ([MATCHES], [FROZEN])  # as the one or the other came first
    books_hold()


def test_s07_agree_against_decline_is_one_answer(asked):
    for deal in asked:
        answers = at_once(partial(deal.give_back, "100.00"), deal.keep)
        assert kinds(answers) == {"RefundRequest": 1, "NotOpen": 1}
    books_hold()


def test_b22_agree_against_release_moves_each_cent_once(asked):
    for deal in asked:
        agreed, released = at_once(partial(deal.give_back, "100.00"), partial(deal.release, 1, "60.00"))
        if kinds([released]) == {"Earning": 1}:
            assert kinds([agreed]) == {"HeldChanged": 1}
            assert (deal.contract.held, deal.states[0], deal.asked.status) == (D("40.00"), "paid", "pending")
        else:
            assert kinds([agreed, released]) == {"RefundRequest": 1, "NotFunded": 1}
            assert (deal.contract.held, deal.states[0]) == (D("0.00"), "refunded")
    books_hold()


def test_b22_control_without_the_lock_money_is_not_released_and_returned(asked, guard_off):
    answers = both_read_first(partial(asked[0].give_back, "100.00"), partial(asked[0].release, 1, "60.00"))
    assert refusals(answers) == ["Insufficient"]
    books_hold()


def test_b24_agree_against_the_end_as_each_page_showed_it(asked):
    for deal in asked:
        agreed, ended = at_once(partial(deal.give_back, "100.00"), partial(deal.end, "30.00", held=D("100.00")))
        if kinds([agreed]) == {"RefundRequest": 1}:
            assert kinds([ended]) == {"HeldChanged": 1}
            assert (deal.status, deal.sent_back) == ("active", [D("100.00")])
        else:
            assert kinds([agreed, ended]) == {"WrongState": 1, "RefundRequest": 1}
            assert (deal.status, deal.asked.status, deal.request.amount) == ("settling", "superseded", D("70.00"))
    books_hold()


def test_b24_control_without_the_lock_money_is_not_given_back_and_left(asked, guard_off):
    answers = both_read_first(partial(asked[0].give_back, "100.00"), partial(asked[0].leave, held=D("100.00")))
    assert refusals(answers) in (["Insufficient"], [DEADLOCK])  # both wait for the accounts, or one was first
    assert asked[0].sent_back in ([D("100.00")], [D("104.95")])
    books_hold()


def test_b44_agree_against_a_dispute(crowd):
    for deal in crowd["submitted"]:
        deal.ask_back("100.00")
        agreed, disputed = at_once(partial(deal.give_back, "100.00"), partial(deal.dispute, deal.payer))
        if kinds([disputed]) == {"Dispute": 1}:
            assert kinds([agreed]) == {"Disputed": 1}
            assert (deal.asked.status, deal.contract.held) == ("superseded", D("100.00"))
        else:
            assert kinds([agreed, disputed]) == {"RefundRequest": 1, "NoDisputeYet": 1}
    books_hold()


def test_b21_agree_against_the_next_milestone(crowd):
    for deal in crowd["leftover"]:
        deal.ask_back("40.00")
        agreed, funded = at_once(partial(deal.give_back, "40.00"), deal.funding(2))
        if kinds([agreed]) == {"RefundRequest": 1}:
            assert kinds([funded]) == {"StaleFunding": 1}
            assert (deal.contract.held, deal.states[1]) == (D("0.00"), "future")
        else:
            assert kinds([agreed]) in ({"PaymentUnderWay": 1}, {"NotOpen": 1})
            assert (deal.contract.held, deal.states[1], deal.asked.status) == (D("150.00"), "active", "superseded")
    books_hold()
