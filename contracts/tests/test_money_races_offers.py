"""Two at once on an offer's answer and on funding: real threads, with the contract's lock and without it.

As in test_money_races: forty rounds each; without the guard a lower layer must refuse one of the two.
"""

import uuid
from datetime import timedelta
from functools import partial

import pytest

from contracts.operations.offers import decline_offer, expire_offer, withdraw_offer
from contracts.plan import Plan
from contracts.tests.dealing import D, Deal, plan_of
from contracts.tests.editing import edited, save
from escrow.invariants import broken
from escrow.models import Payment
from marketplace import clock
from marketplace.models import MemberRole
from tests.books import books_hold
from tests.factories import joined
from tests.racing import at_once, both_read_first, kinds, refusals

UNIQUE, CHECK, MATCHES, FROZEN, DEADLOCK = "23505", "23514", "CC001", "CC002", "40P01"
ALL_BACK = [D("104.95")]


def withdrawing(deal: Deal) -> object:
    return withdraw_offer(contract=deal.contract, by=deal.payer)


def declining(deal: Deal) -> object:
    return decline_offer(contract=deal.contract, by=deal.earner)


def last_moment(deal: Deal) -> None:
    """Let the clock stand a moment before the offer expires."""
    until = deal.contract.answer_by - clock.now() - timedelta(milliseconds=20)
    if until > timedelta(0):
        clock.advance(until)


def expiring(deal: Deal) -> bool:
    while not (expired := expire_offer(deal.key)):
        if deal.status != "offered":
            break
    return expired


# An offer has one answer


def test_b40_accept_against_withdraw_against_decline_is_one_of_them(crowd):
    for deal in crowd["offered"]:
        answers = at_once(deal.accept, partial(withdrawing, deal), partial(declining, deal))
        assert kinds(answers)["Contract"] == 1
        assert deal.status in {"active", "withdrawn", "declined"}
        assert deal.sent_back == ([] if deal.status == "active" else ALL_BACK)
    books_hold()


def test_b40_accept_against_withdraw_against_the_clock_is_one_of_them(crowd):
    for deal in crowd["offered"]:
        last_moment(deal)
        at_once(deal.accept, partial(withdrawing, deal), partial(expiring, deal))
        assert deal.status in {"active", "withdrawn", "expired"}
        assert deal.sent_back == ([] if deal.status == "active" else ALL_BACK)
        assert len(deal.told) == 2
    books_hold()


@pytest.mark.parametrize("other", [withdrawing, declining])
def test_b40_control_without_the_lock_an_accepted_offer_keeps_its_deposit(crowd, guard_off, other):
    deal = crowd["offered"][0]
    answers = both_read_first(deal.accept, partial(other, deal))
    assert refusals(answers) == [MATCHES]
    books_hold()


def test_b40_control_without_the_lock_an_offer_has_two_answers_though_it_pays_back_once(crowd, guard_off):
    deal = crowd["offered"][0]
    answers = both_read_first(partial(withdrawing, deal), partial(declining, deal))
    assert kinds(answers) == {"Contract": 2}
    assert set(deal.told) == {"offer_sent", "offer_withdrawn", "offer_declined"}
    assert deal.sent_back == ALL_BACK
    assert [found.invariant.name for found in broken()] == ["I11"]  # it was told twice


@pytest.mark.parametrize("amount", ["130.00", "100.00", "60.00"])
def test_b40_the_talent_never_gets_another_version_than_it_accepts(crowd, amount):
    for deal in crowd["offered"]:
        changed, accepted = at_once(partial(deal.change, plan_of(amount), base=1), partial(deal.accept, version=1))
        first = deal.milestone(1).amount
        if kinds([accepted]) == {"Contract": 1}:
            assert kinds([changed]) == {"WrongState": 1}
            assert (deal.status, first, deal.contract.plan_version) == ("active", D("100.00"), 1)
        else:
            assert refusals([accepted]) in (["OfferChanged"], ["DepositMissing"])
            assert (deal.status, first, deal.contract.plan_version) == ("offered", D(amount), 2)
        assert deal.contract.held == first
    books_hold()


@pytest.mark.parametrize("amount", ["130.00", "60.00"])
def test_b40_control_without_the_lock_the_accepted_version_stays(crowd, guard_off, amount):
    deal = crowd["offered"][0]
    shown = deal.contract.plan()
    wish = Plan((edited(shown, 1, amount=D(amount)).lines[0], *shown.lines[1:]))
    answers = both_read_first(partial(deal.change, wish, base=1), partial(deal.accept, version=1))
    if found := refusals(answers):
        assert found in ([MATCHES], [FROZEN], [DEADLOCK])  # as the one or the other came first
        books_hold()
    else:
        with pytest.raises(AssertionError, match="S4"):  # another version than the one that was accepted
            books_hold()


# Funding


def test_b20_fund_against_fund_charges_once(crowd):
    for deal in crowd["leftover"]:
        answers = at_once(deal.funding(2), deal.funding(2))
        assert kinds(answers) == {"Payment": 1, "CurrentFirst": 1}
        assert [charge.amount for charge in deal.charges] == [D("104.95"), D("110.00")]
    books_hold()


def test_i17_a_double_click_on_fund_charges_once_and_both_see_success(crowd):
    for deal in crowd["leftover"]:
        answers = at_once(*[deal.funding(2)] * 2)
        assert kinds(answers) == {"Payment": 2}
        assert answers[0] == answers[1]
        assert len(deal.charges) == 2
    books_hold()


@pytest.mark.parametrize("one_key", [True, False])
def test_b20_control_without_the_lock_funding_charges_once(crowd, guard_off, one_key):
    deal = crowd["leftover"][0]
    one = deal.funding(2)
    answers = both_read_first(one, one if one_key else deal.funding(2))
    assert refusals(answers) == [UNIQUE if one_key else "PaymentUnderWay"]
    assert [charge.amount for charge in deal.charges] == [D("104.95"), D("110.00")]
    books_hold()


def without_the_second(deal: Deal) -> Plan:
    return Plan(deal.contract.plan().lines[:1])


def test_b04_fund_against_an_edit_that_deletes_it(crowd):
    for deal in crowd["leftover"]:
        wish = without_the_second(deal)
        funded, saved = at_once(deal.funding(2), partial(save, deal.contract, wish, by=deal.payer))
        if kinds([funded]) == {"Payment": 1}:
            assert kinds([saved]) == {"PlanMoved": 1}
            assert deal.states == ["paid", "active"]
        else:
            assert refusals([funded]) == ["NotNext"]
            assert (deal.states, deal.sent_back, len(deal.charges)) == (["paid"], [], 1)
    books_hold()


def test_b21_fund_against_an_edit_of_its_amount_charges_what_was_shown_or_nothing(crowd):
    for deal in crowd["leftover"]:
        wish = edited(deal.contract.plan(), 2, amount=D("90.00"))
        funded, saved = at_once(deal.funding(2), partial(save, deal.contract, wish, by=deal.payer))
        if kinds([funded]) == {"Payment": 1}:
            assert kinds([saved]) == {"PlanMoved": 1}
            assert (deal.milestone(2).amount, deal.contract.held) == (D("150.00"), D("150.00"))
        else:
            assert kinds([funded, saved]) == {"StaleFunding": 1, "ChangeSet": 1}
            assert (deal.milestone(2).amount, deal.contract.held) == (D("90.00"), D("40.00"))
    books_hold()


def test_b04_control_without_the_lock_a_milestone_that_is_funded_is_not_deleted(crowd, guard_off):
    deal = crowd["leftover"][0]
    wish, contract = without_the_second(deal), deal.contract
    answers = both_read_first(deal.funding(2), partial(save, contract, wish, by=deal.payer))
    assert refusals(answers) in ([FROZEN], ["NotUpdated"])  # as the one or the other came first
    books_hold()


@pytest.mark.parametrize("side", ["client", "talent"])
def test_b24_fund_against_end_as_each_page_showed_it(crowd, side):
    for deal in crowd["leftover"]:
        end = partial(deal.end, "40.00") if side == "client" else deal.leave
        funded, ended = at_once(deal.funding(2), partial(end, held=D("40.00")))
        if kinds([funded]) == {"Payment": 1} and not refusals([ended]):
            assert side == "talent"  # it does not wait for the charge, which goes back
            assert (deal.status, funded.refunded_by.get().amount) == ("ended", funded.amount)
        elif kinds([funded]) == {"Payment": 1}:
            assert refusals([ended]) in (["PaymentUnderWay"], ["HeldChanged"])
            assert (deal.status, deal.states) == ("active", ["paid", "active"])
        else:
            assert refusals([funded, ended]) in (["WrongState"], ["NotNext"])
            assert (deal.status, len(deal.charges)) == ("ended", 1)
    books_hold()


def test_b24_control_without_the_lock_what_ends_is_not_funded(crowd, guard_off):
    deal = crowd["leftover"][0]
    answers = both_read_first(deal.funding(2), partial(deal.leave, held=D("40.00")))
    assert refusals(answers) in ([MATCHES], [CHECK])  # as the one or the other came first
    books_hold()


# One key, two wishes


def test_i17_one_key_for_two_bonuses_at_once_pays_one(crowd):
    for deal in crowd["active"]:
        key = uuid.uuid4()
        answers = at_once(partial(deal.bonus, "10.00", key=key), partial(deal.bonus, "20.00", key=key))
        assert kinds(answers) == {"Payment": 1, "KeyReused": 1}
        assert Payment.objects.filter(purpose="bonus", subject=deal.key).count() == 1
    books_hold()


def test_i17_one_key_for_two_people_at_once_pays_once(crowd):
    for deal in crowd["leftover"]:
        key, manager = uuid.uuid4(), joined(deal.client, MemberRole.MANAGER)
        answers = at_once(deal.funding(2, key=key), deal.funding(2, key=key, by=manager))
        assert kinds(answers) == {"Payment": 1, "KeyReused": 1}
        assert len(deal.charges) == 2
    books_hold()
