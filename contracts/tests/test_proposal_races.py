"""Two at once on a proposed contract: real threads, with the locks and without them (B41).

Each race is run some rounds; without the guard a lower layer must refuse one of the two.
"""

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from contracts.models import Contract
from contracts.tests.dealing import D, Deal, plan_of
from contracts.tests.proposing import (
    accept,
    acquainted,
    charged,
    decline,
    make_offer_of_it,
    propose,
    proposed,
    withdraw,
)
from marketplace.models import Job
from tests.books import books_hold
from tests.racing import PATIENCE, at_once, before_first_write, both_read_first, kinds, refusals

ROUNDS = 15
UNIQUE, MATCHES, FROZEN = "23505", "CC001", "CC002"
ALL = [D("104.95")]


def settled(deal: Deal, *statuses: str) -> None:
    """One of these came of it, and money lies where that says: none of it, or all of it given back."""
    assert deal.status in statuses
    assert len(deal.told) == 2
    if deal.status == "active":
        assert (deal.contract.held, deal.sent_back, len(charged(deal))) == (D("100.00"), [], 1)
    elif deal.status == "offered":
        assert (deal.contract.held, deal.sent_back) == (D("80.00"), [])
    else:
        assert (deal.contract.held, deal.sent_back) == (0, ALL if charged(deal) else [])


def after_the_other(first: Callable[[], object], second: Callable[[], object]) -> list[object]:
    """`second` reads, and writes when `first` is over. Without a lock only: with one, they wait for each other."""
    is_over = threading.Event()

    def run_first() -> object:
        try:
            return first()
        finally:
            is_over.set()

    def run_second() -> object:
        with before_first_write(lambda: both_began.wait(PATIENCE) and is_over.wait(PATIENCE)):
            return second()

    def run_when_read() -> object:
        both_began.wait(PATIENCE)
        return run_first()

    both_began = threading.Barrier(2)
    return at_once(run_when_read, run_second)


# One answer


def test_b41_accept_against_withdraw_against_decline_is_one_of_them(own_database):
    for _round in range(ROUNDS):
        deal = proposed("100.00", "50.00")
        at_once(partial(accept, deal), partial(withdraw, deal), partial(decline, deal))
        settled(deal, "active", "withdrawn", "declined")
    books_hold()


def test_b41_accept_against_an_offer_made_of_it_is_one_of_them(own_database):
    for _round in range(ROUNDS):
        deal = proposed("100.00", "50.00")
        answers = at_once(partial(accept, deal), partial(make_offer_of_it, deal, plan_of("80.00")))
        assert len(refusals(answers)) == 1
        settled(deal, "active", "offered")
    books_hold()


def test_b41_withdraw_against_an_offer_made_of_it_is_one_of_them(own_database):
    for _round in range(ROUNDS):
        deal = proposed("100.00", "50.00")
        answers = at_once(partial(withdraw, deal), partial(make_offer_of_it, deal, plan_of("80.00")))
        assert refusals(answers) == ["WrongState"]
        settled(deal, "withdrawn", "offered")
    books_hold()


@pytest.mark.parametrize("other", [withdraw, decline])
def test_b41_control_without_the_lock_what_is_paid_is_not_closed(own_database, guard_off, other):
    deal = proposed("100.00", "50.00")
    answers = after_the_other(partial(accept, deal), partial(other, deal))
    assert (kinds(answers)["Payment"], refusals(answers)) == (1, [MATCHES])
    assert deal.status == "active"
    books_hold()


def test_b41_control_without_the_lock_no_offer_is_made_of_what_is_paid(own_database, guard_off):
    deal = proposed("100.00", "50.00")
    answers = after_the_other(partial(accept, deal), partial(make_offer_of_it, deal, plan_of("80.00")))
    assert refusals(answers) == [FROZEN]
    assert deal.status == "active"
    books_hold()


# One charge


def test_b41_two_who_accept_at_once_pay_once(own_database):
    for _round in range(ROUNDS):
        deal = proposed("100.00")
        answers = at_once(*[partial(accept, deal)] * 2)
        assert kinds(answers)["Payment"] == 1
        assert refusals(answers) in (["PaymentUnderWay"], ["WrongState"])
        settled(deal, "active")
    books_hold()


def test_i17_a_double_click_on_accept_pays_once_and_both_see_success(own_database):
    for _round in range(ROUNDS):
        deal = proposed("100.00")
        answers = at_once(*[partial(accept, deal, key=uuid.uuid4())] * 2)
        assert kinds(answers) == {"Payment": 2}
        settled(deal, "active")
    books_hold()


def test_b41_control_without_the_lock_two_who_accept_pay_once(own_database, guard_off):
    deal = proposed("100.00")
    assert refusals(both_read_first(*[partial(accept, deal)] * 2)) == ["PaymentUnderWay"]
    assert len(charged(deal)) == 1
    books_hold()


# One open proposal


def two_of(deal: Deal) -> list[Callable[[], Contract]]:
    return [partial(propose, replace(deal, key=uuid.uuid4()), plan_of("5.00")) for _each in range(2)]


def test_b41_of_two_proposals_to_one_client_at_once_one_is_made(own_database):
    for _round in range(ROUNDS):
        deal = acquainted()
        assert kinds(at_once(*two_of(deal))) == {"Contract": 1, "ProposalWaits": 1}
        assert Job.objects.filter(client=deal.client).count() == 2  # with that of the contract before
    books_hold()


def test_b41_control_without_the_lock_the_database_keeps_one_open(own_database, guard_off):
    deal = acquainted()
    assert refusals(both_read_first(*two_of(deal))) == [UNIQUE]
    assert Contract.objects.filter(status="proposed").count() == 1
    books_hold()


def test_b41_the_same_form_twice_at_once_proposes_once(own_database):
    for _round in range(ROUNDS):
        deal, plan = acquainted(), plan_of("5.00")
        assert kinds(at_once(*[partial(propose, deal, plan)] * 2)) == {"Contract": 2}
        assert deal.told == ["proposal_sent"]
    books_hold()
