"""An offer's deposit, and every way in which an offer can end (B40): what is held, and what goes back."""

from datetime import timedelta

import pytest

from contracts.operations._drafting import NoMilestone
from contracts.operations.offers import (
    BothSides,
    DepositMissing,
    NotATalent,
    OfferOver,
    decline_offer,
    expire_offer,
    withdraw_offer,
)
from contracts.operations.plan import DueDatePassed
from contracts.plan import Plan
from contracts.refusals import KeyReused, NoMethod, NotAllowed, WrongState
from contracts.tests.dealing import D, Deal, bank, charge_back, hear, nobody, offered, plan_of
from escrow.operations.payments import sweep_payments
from escrow.tests.paying import CONFIRMS, DECLINES, LATER, TIMES_OUT, TWICE, UNREACHABLE
from marketplace import clock
from marketplace.models import MemberRole
from tests.books import books_hold
from tests.factories import JobFactory, card, joined, line

HELD = {"escrow": D("100.00"), "initiation_fee": D("4.95")}
WEEK = timedelta(days=7)


@pytest.fixture
def deal(db) -> Deal:
    """An offer of 100.00 and then 50.00, open for an answer."""
    return offered("100.00", "50.00")


# Made


def test_b40_sending_an_offer_charges_its_first_milestone_and_the_fee(deal):
    assert [charge.amount for charge in deal.charges] == [D("104.95")]
    assert deal.money == HELD
    contract = deal.contract
    assert (contract.status, contract.answer_by) == ("offered", contract.sent_at + WEEK)
    assert deal.states == ["future", "future"]
    assert deal.told == ["offer_sent"]
    books_hold()


def test_b40_the_same_form_twice_makes_one_offer(deal):
    again = deal.offer(deal.contract.plan())
    assert again == deal.charges[0]
    assert len(deal.charges) == 1
    assert deal.contract.plan_version == 1
    books_hold()


@pytest.mark.parametrize("other", ["plan", "title", "terms", "talent", "job", "job_title", "follows"])
def test_i17_the_form_of_an_offer_makes_no_second_other_one(deal, other):
    wish = {"plan": deal.contract.plan(), "title": "Small works", "terms": "", "talent": deal.talent}
    others = {"plan": plan_of("9.00"), "talent": nobody().talent, "follows": deal.contract}
    others["job"] = JobFactory.create(client=deal.client, title="Small works")
    wish |= {other: others.get(other, "Another")}
    with pytest.raises(KeyReused):
        deal.offer(**wish)
    assert deal.money == HELD
    books_hold()


def test_i17_another_payments_key_makes_no_offer(deal):
    deal.accept()
    bonus = deal.bonus("10.00")
    other = Deal(deal.client, nobody().talent, deal.payer, deal.earner, deal.card, key=bonus.pk)
    with pytest.raises(KeyReused):
        other.offer(plan_of("100.00"))
    books_hold()


def test_b40_an_offer_needs_a_milestone_a_talent_and_a_card(db):
    deal = nobody()
    for refusal, wish in (
        (NoMilestone, {"plan": Plan(())}),
        (NotATalent, {"plan": plan_of("5.00"), "talent": nobody().client}),
        (NoMethod, {"plan": plan_of("5.00"), "method": None}),
        (NotAllowed, {"plan": plan_of("5.00"), "by": deal.earner}),
        (NotAllowed, {"plan": plan_of("5.00"), "by": joined(deal.client, MemberRole.VIEWER)}),
        (DueDatePassed, {"plan": Plan((line("Past", "5.00", due_date=clock.now().date() - timedelta(days=1)),))}),
    ):
        with pytest.raises(refusal):
            deal.offer(**wish)
    assert deal.money == {}
    books_hold()


def test_s12_nobody_offers_a_contract_to_themselves(db):
    deal = nobody()
    deal.talent.memberships.create(user=deal.payer, role=MemberRole.MEMBER)
    with pytest.raises(BothSides):
        deal.offer(plan_of("5.00"))
    books_hold()


# The card


def test_b40_with_a_declined_card_nobody_sees_the_offer_until_its_deposit_is_paid(db):
    deal = offered("100.00", method=DECLINES)
    assert deal.charges[0].status == "failed"
    assert deal.money == {}
    assert (deal.contract.sent_at, deal.contract.answer_by) == (None, None)
    with pytest.raises(NotAllowed):
        deal.accept()
    assert deal.pay_deposit().status == "confirmed"
    assert deal.money == HELD
    deal.accept()
    assert deal.states == ["active"]
    books_hold()


def test_b40_a_deposit_is_not_paid_twice(deal):
    assert deal.pay_deposit() is None
    assert deal.money == HELD
    books_hold()


def test_b40_a_card_that_is_to_be_confirmed_opens_the_offer_then(db):
    deal = offered("100.00", method=CONFIRMS)
    charge = deal.charges[0]
    assert charge.awaits_payer
    assert deal.contract.answer_by is None
    bank().answer(charge.reference, agreed=True)
    hear()
    assert deal.money == HELD
    assert deal.contract.answer_by
    books_hold()


@pytest.mark.parametrize("number", [TIMES_OUT, UNREACHABLE, TWICE])
def test_b40_whatever_the_gateway_does_there_is_one_deposit(db, number):
    deal = offered("100.00", method=number)
    hear()
    sweep_payments(clock.now() + timedelta(minutes=2))
    hear()
    assert [charge.status for charge in deal.charges] == ["confirmed"]
    assert deal.money == HELD
    assert deal.told == ["offer_sent"]
    books_hold()


# Answered


def test_b40_accepted_the_first_milestone_is_active_at_once(deal):
    deal.accept()
    assert (deal.status, deal.states, deal.money) == ("active", ["active", "future"], HELD)
    assert deal.accept().status == "active"
    assert deal.told.count("offer_accepted") == 1
    books_hold()


def ways(deal: Deal) -> dict:
    return {
        "declined": lambda: decline_offer(contract=deal.contract, by=deal.earner, reason="No time."),
        "withdrawn": lambda: withdraw_offer(contract=deal.contract, by=deal.payer),
        "expired": lambda: clock.advance(WEEK) and expire_offer(deal.key),
    }


@pytest.mark.parametrize("way", ["declined", "withdrawn", "expired"])
def test_b40_every_way_but_acceptance_returns_all_of_it(deal, way):
    ways(deal)[way]()
    assert deal.status == way
    assert deal.money == {}
    assert deal.sent_back == [D("104.95")]
    sweep_payments(clock.now() + timedelta(minutes=2))
    assert [each["state"] for each in bank().movements()] == ["confirmed", "confirmed"]
    books_hold()


@pytest.mark.parametrize("way", ["declined", "withdrawn"])
def test_b40_the_same_answer_twice_is_one(deal, way):
    ways(deal)[way]()
    ways(deal)[way]()
    assert deal.sent_back == [D("104.95")]
    assert len(deal.told) == 2
    books_hold()


@pytest.mark.parametrize("way", ["declined", "withdrawn", "expired"])
def test_b40_what_is_over_cannot_be_accepted(deal, way):
    ways(deal)[way]()
    with pytest.raises(WrongState):
        deal.accept()
    assert not expire_offer(deal.key)
    books_hold()


def test_b40_an_offer_expires_after_seven_days_and_not_before(deal):
    clock.advance(timedelta(days=6, hours=23, minutes=59))
    assert not expire_offer(deal.key)
    clock.advance(timedelta(minutes=1))
    with pytest.raises(OfferOver):
        deal.accept()
    assert expire_offer(deal.key)
    books_hold()


def test_b40_a_change_starts_the_seven_days_anew(deal):
    clock.advance(timedelta(days=6))
    deal.change(plan_of("100.00"), base=1)
    clock.advance(timedelta(days=2))
    assert not expire_offer(deal.key)
    deal.accept(version=2)
    books_hold()


# The purpose of a charge is gone


def test_b40_a_deposit_that_arrives_after_the_offer_was_withdrawn_goes_back_by_itself(db):
    deal = offered("100.00", method=LATER)
    withdraw_offer(contract=deal.contract, by=deal.payer)
    bank().answer(deal.charges[0].reference, agreed=True)
    hear()
    assert deal.money == {}
    assert deal.sent_back == [D("104.95")]
    assert deal.charges[0].status == "refunded"
    books_hold()


def test_b40_an_open_offer_whose_deposit_the_bank_took_back_waits_for_it_again(deal):
    charge_back(deal.charges[0])
    assert (deal.money, deal.contract.answer_by) == ({}, None)
    with pytest.raises(DepositMissing):
        deal.accept()
    assert deal.pay_deposit().amount == D("104.95")
    deal.accept()
    assert deal.money == HELD
    books_hold()


def test_b40_more_deposit_that_arrives_when_the_first_was_taken_back_goes_back_too(deal):
    deal.change(plan_of("130.00"), base=1, method=card(deal.client, LATER))
    charge_back(deal.charges[0])
    bank().answer(deal.charges[1].reference, agreed=True)
    hear()
    assert deal.money == {}
    assert deal.sent_back == [D("30.00")]
    assert deal.contract.answer_by is None
    assert deal.pay_deposit().amount == D("134.95")
    books_hold()
