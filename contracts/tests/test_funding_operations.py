"""Activating and funding a milestone (B20, B21): what is charged, what is refused, and what a card can do."""

import uuid
from datetime import timedelta

import pytest

from contracts.operations.funding import CurrentFirst, NotNext, StaleFunding
from contracts.operations.plan import PlanMoved
from contracts.refusals import KeyReused, NoMethod, NotAllowed, WrongState
from contracts.tests.dealing import D, Deal, agreed, bank, charge_back, hear
from contracts.tests.editing import edited, save
from escrow.models import Payment
from escrow.operations import payments
from escrow.operations.payments import sweep_payments
from escrow.operations.refusals import MethodNotUsable
from escrow.tests.paying import CONFIRMS, DECLINES, LATER, TIMES_OUT, TWICE, UNREACHABLE
from marketplace import clock
from marketplace.models import MemberRole
from tests.books import books_hold
from tests.factories import card, joined

SOON = timedelta(minutes=2)


@pytest.fixture
def deal(db) -> Deal:
    """40.00 left over of the first of 100.00, 150.00 and 30.00."""
    deal = agreed("100.00", "150.00", "30.00")
    deal.release(1, "60.00")
    return deal


FUNDED = {"escrow": D("150.00"), "pending": D("54.00"), "fees": D("10.95")}
NOT_FUNDED = {**FUNDED, "escrow": D("40.00")}


def test_b21_leftover_pays_first_and_the_initiation_fee_is_charged_once(deal):
    payment = deal.fund(2)
    assert payment.amount == D("110.00")
    assert deal.money == FUNDED
    assert deal.states == ["paid", "active", "future"]
    assert deal.told[-1] == "milestone_funded"
    books_hold()


def test_b21_leftover_that_covers_it_is_not_charged(db):
    deal = agreed("100.00", "30.00", "100.00")
    deal.release(1, "20.00")
    assert deal.fund(2, card(deal.client, DECLINES)) is None
    assert deal.states == ["paid", "active", "future"]
    assert deal.contract.held == D("80.00")
    deal.release(2, "30.00")
    assert deal.fund(3).amount == D("50.00")
    books_hold()


def test_b21_all_released_the_next_is_charged_in_full(db):
    deal = agreed("100.00", "30.00")
    deal.release(1, "100.00")
    assert deal.fund(2).amount == D("30.00")
    books_hold()


def test_b20_one_milestone_at_a_time(deal):
    deal.fund(2)
    with pytest.raises(CurrentFirst):
        deal.fund(3)
    books_hold()


def test_b01_milestones_are_funded_in_their_order(deal):
    with pytest.raises(NotNext):
        deal.fund(3)
    with pytest.raises(NotNext):
        deal.fund(1)
    books_hold()


@pytest.mark.parametrize("shown", [{"amount": D("149.00")}, {"charge": D("150.00")}, {"version": 0}])
def test_b21_a_page_that_shows_something_else_charges_nothing(deal, shown):
    with pytest.raises(StaleFunding):
        deal.fund(2, **shown)
    assert (deal.money, deal.states) == (NOT_FUNDED, ["paid", "future", "future"])
    books_hold()


def test_b21_an_amount_edited_in_another_tab_charges_nothing(deal):
    save(deal.contract, edited(deal.contract.plan(), 2, amount=D("90.00")), by=deal.payer)
    with pytest.raises(StaleFunding):
        deal.fund(2, amount=D("150.00"), charge=D("110.00"), version=1)
    assert deal.fund(2).amount == D("50.00")
    books_hold()


def test_b20_who_may_fund(deal):
    for nobody in (deal.earner, joined(deal.client, MemberRole.VIEWER), joined(deal.talent, MemberRole.MEMBER)):
        with pytest.raises(NotAllowed):
            deal.fund(2, by=nobody)
    assert deal.fund(2, by=joined(deal.client, MemberRole.MANAGER)).status == "confirmed"
    books_hold()


def test_funding_needs_a_payment_method_of_the_clients(deal):
    with pytest.raises(MethodNotUsable):
        deal.fund(2, card(deal.talent))
    deal.card = None
    with pytest.raises(NoMethod):
        deal.fund(2)
    assert deal.states == ["paid", "future", "future"]
    books_hold()


# The same key


def test_i17_the_same_form_twice_charges_once(deal):
    key = uuid.uuid4()
    shown = {"amount": D("150.00"), "charge": D("110.00"), "version": 1}
    assert deal.fund(2, key=key, **shown) == deal.fund(2, key=key, **shown)
    assert deal.money == FUNDED
    assert len(deal.charges) == 2
    books_hold()


def test_i17_without_a_charge_the_same_form_twice_funds_once(db):
    deal, key = agreed("100.00", "30.00"), uuid.uuid4()
    deal.release(1, "20.00")
    shown = {"amount": D("30.00"), "charge": D("0.00"), "version": 1}
    assert deal.fund(2, key=key, **shown) is deal.fund(2, key=key, **shown) is None
    assert deal.told.count("milestone_funded") == 1
    books_hold()


def test_i17_a_key_that_was_used_for_something_else_is_refused(deal):
    key = uuid.uuid4()
    deal.fund(2, key=key)
    deal.release(2, "150.00")
    other = agreed("100.00", "20.00")
    other.release(1, "10.00")
    for act in (
        lambda: deal.fund(3, key=key),
        lambda: deal.fund(2, key=key, amount=D("150.00"), charge=D("109.00"), version=1),
        lambda: deal.fund(2, key=key, amount=D("150.00"), charge=D("110.00"), by=joined(deal.client, "manager")),
        lambda: other.fund(2, key=key),
    ):
        with pytest.raises(KeyReused):
            act()
    assert deal.states == ["paid", "paid", "future"]
    assert other.states == ["paid", "future"]
    books_hold()


# The card


@pytest.mark.parametrize("number", [DECLINES, "4000000000009995"])
def test_b21_with_a_declined_card_the_milestone_stays_future_and_the_plan_editable(deal, number):
    key = uuid.uuid4()
    payment = deal.fund(2, card(deal.client, number), key=key)
    assert payment.status == "failed"
    assert payment.failure
    assert (deal.money, deal.states) == (NOT_FUNDED, ["paid", "future", "future"])
    assert deal.fund(2, card(deal.client, number), key=key) == payment
    save(deal.contract, edited(deal.contract.plan(), 2, amount=D("90.00")), by=deal.payer)
    assert deal.fund(2).amount == D("50.00")
    assert deal.states == ["paid", "active", "future"]
    books_hold()


def test_b21_while_a_card_is_to_be_confirmed_the_milestone_is_locked(deal):
    payment = deal.fund(2, card(deal.client, CONFIRMS))
    assert payment.awaits_payer
    assert deal.states == ["paid", "funding", "future"]
    with pytest.raises(PlanMoved):
        save(deal.contract, edited(deal.contract.plan(), 2, amount=D("90.00")), by=deal.payer)
    with pytest.raises(CurrentFirst):
        deal.fund(2)
    payments.agree(payment.pk)
    assert (deal.money, deal.states) == (FUNDED, ["paid", "active", "future"])
    books_hold()


def test_b21_a_charge_that_its_payer_gives_up_leaves_the_milestone_future(deal):
    payment = deal.fund(2, card(deal.client, CONFIRMS))
    payments.call_off(payment.pk)
    assert (deal.money, deal.states) == (NOT_FUNDED, ["paid", "future", "future"])
    assert deal.fund(2).status == "confirmed"
    books_hold()


def test_b21_a_charge_that_nobody_confirms_is_given_up_after_an_hour(deal):
    deal.fund(2, card(deal.client, CONFIRMS))
    sweep_payments(clock.now() + timedelta(hours=2))
    assert deal.states == ["paid", "future", "future"]
    books_hold()


@pytest.mark.parametrize("number", [TIMES_OUT, UNREACHABLE, TWICE])
def test_b21_whatever_the_gateway_does_it_is_charged_once(deal, number):
    deal.fund(2, card(deal.client, number))
    hear()
    sweep_payments(clock.now() + SOON)
    hear()
    assert (deal.money, deal.states) == (FUNDED, ["paid", "active", "future"])
    assert [charge.status for charge in deal.charges] == ["confirmed", "confirmed"]
    assert deal.told.count("milestone_funded") == 1
    books_hold()


# What comes between


def test_b24_the_client_does_not_end_while_its_payment_is_open(deal):
    payment = deal.fund(2, card(deal.client, LATER))
    with pytest.raises(WrongState):
        deal.end("40.00")
    bank().answer(payment.reference, agreed=False)
    hear()
    deal.leave()
    assert deal.sent_back == [D("40.00")]
    books_hold()


def test_b24_the_talent_ends_whatever_the_client_is_paying_and_that_goes_back(deal):
    payment = deal.fund(2, card(deal.client, LATER))
    deal.leave()
    assert (deal.status, deal.states) == ("ended", ["paid", "cancelled", "cancelled"])
    bank().answer(payment.reference, agreed=True)
    hear()
    assert sorted(deal.sent_back) == [D("40.00"), payment.amount]
    books_hold()


def test_b21_without_the_leftover_that_it_counted_on_a_charge_goes_back_by_itself(deal):
    payment = deal.fund(2, card(deal.client, LATER))
    charge_back(deal.charges[0])
    bank().answer(payment.reference, agreed=True)
    hear()
    assert deal.states == ["paid", "future", "future"]
    assert deal.sent_back == [D("110.00")]
    assert deal.money == {"pending": D("54.00"), "fees": D("10.95"), "receivable": D("-64.95")}
    assert deal.fund(2).amount == D("150.00")
    books_hold()


def test_a_bank_that_takes_back_what_was_released_takes_it_from_the_client(db):
    deal = agreed("100.00", "50.00")
    deal.release(1, "100.00")
    charge_back(deal.charges[0])
    assert deal.money == {"pending": D("90.00"), "fees": D("14.95"), "receivable": D("-104.95")}
    assert deal.states == ["paid", "future"]
    assert deal.told[-1] == "charged_back"
    books_hold()


@pytest.mark.parametrize("settling", [False, True])
def test_a_bank_that_takes_back_the_current_milestones_money_ends_that_milestone(db, settling):
    deal = agreed("100.00", "50.00")
    deal.submit(1)
    if settling:
        deal.end("0.00")
    charge_back(deal.charges[0])
    assert (deal.money, deal.states) == ({}, ["refunded", "future"])
    assert deal.milestone(1).review_by is None
    if settling:
        deal.counter("50.00")
        deal.accept_counter()
        assert (deal.status, deal.request.returned) == ("ended", D("0.00"))
    else:
        deal.fund(2)
        assert deal.states == ["refunded", "active"]
    books_hold()


def test_what_a_bank_took_back_is_told_without_what_had_gone_back_before(db):
    deal = agreed("100.00")
    deal.release(1, "60.00")
    deal.leave()
    charge_back(deal.charges[0])
    assert deal.contract.events.latest("pk").returned == D("64.95")
    assert deal.money == {"pending": D("54.00"), "fees": D("10.95"), "receivable": D("-64.95")}
    books_hold()


def test_b26_every_cent_that_came_is_somewhere(deal):
    deal.fund(2)
    came = sum(payment.amount for payment in Payment.objects.filter(direction="charge"))
    assert came == sum(deal.money.values()) == D("214.95")
    books_hold()
