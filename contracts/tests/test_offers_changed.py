"""An offer that is changed (B40): what of its deposit follows, and what its forms stand for afterwards (I17)."""

import uuid

import pytest

from contracts.operations.offers import DepositMissing, OfferChanged, withdraw_offer
from contracts.operations.plan import save_plan
from contracts.plan import Plan
from contracts.refusals import KeyReused, Stale, WrongState
from contracts.tests.dealing import D, Deal, nobody, offered, plan_of
from escrow.tests.paying import DECLINES, LATER
from marketplace import clock
from tests.books import books_hold
from tests.factories import card

HELD = {"escrow": D("100.00"), "initiation_fee": D("4.95")}


@pytest.fixture
def deal(db) -> Deal:
    """An offer of 100.00 and then 50.00, open for an answer."""
    return offered("100.00", "50.00")


def test_b40_a_dearer_offer_charges_the_difference(deal):
    payment = deal.change(plan_of("130.00"), base=1)
    assert payment.amount == D("30.00")
    assert deal.money == {**HELD, "escrow": D("130.00")}
    assert deal.told == ["offer_sent", "offer_changed"]
    books_hold()


def test_b40_a_cheaper_offer_gives_back_the_difference(deal):
    assert deal.change(plan_of("60.00"), base=1) is None
    assert deal.money == {**HELD, "escrow": D("60.00")}
    assert deal.sent_back == [D("40.00")]
    books_hold()


def test_b40_the_talent_never_gets_another_version_than_it_accepts(deal):
    deal.change(plan_of("60.00"), base=1)
    with pytest.raises(OfferChanged):
        deal.accept(version=1)
    deal.accept(version=2)
    assert deal.status == "active"
    books_hold()


def test_b40_a_changed_offer_waits_for_its_deposit_and_can_be_changed_back(deal):
    assert deal.change(plan_of("130.00"), base=1, method=card(deal.client, DECLINES)).status == "failed"
    with pytest.raises(DepositMissing):
        deal.accept(version=2)
    assert deal.change(plan_of("100.00"), base=2) is None
    assert deal.money == HELD
    deal.accept(version=3)
    books_hold()


def test_b40_while_its_deposit_is_under_way_an_offer_is_not_changed(deal):
    deal.change(plan_of("130.00"), base=1, method=card(deal.client, LATER))
    with pytest.raises(WrongState):
        deal.change(plan_of("140.00"), base=2)
    with pytest.raises(DepositMissing):
        deal.accept(version=2)
    books_hold()


@pytest.mark.parametrize("amount", ["130.00", "100.00", "60.00"])
def test_b40_the_same_change_twice_is_one(deal, amount):
    plan, key = plan_of(amount), uuid.uuid4()
    first = deal.change(plan, base=1, key=key)
    assert deal.change(plan, base=1, key=key) == first
    assert deal.contract.plan_version == 2
    assert deal.money == {**HELD, "escrow": D(amount)}
    books_hold()


def test_i17_the_form_of_a_change_makes_no_other_one(deal):
    key = uuid.uuid4()
    deal.change(plan_of("130.00"), base=1, key=key)
    for act in (
        lambda: deal.change(plan_of("140.00"), base=1, key=key),
        lambda: deal.change(plan_of("140.00"), base=2, key=key),
        lambda: deal.change(plan_of("140.00"), base=2, key=deal.charges[0].pk),
    ):
        with pytest.raises(KeyReused):
            act()
    assert deal.money == {**HELD, "escrow": D("130.00")}
    books_hold()


def test_b40_a_change_of_a_version_that_is_not_the_latest_is_refused(deal):
    deal.change(plan_of("60.00"), base=1)
    with pytest.raises(Stale):
        deal.change(plan_of("70.00"), base=1)
    books_hold()


@pytest.mark.parametrize("since", ["changed", "accepted", "planned", "withdrawn"])
def test_i17_the_form_of_an_offer_stands_for_it_whatever_became_of_it(deal, since):
    first, charge = deal.contract.plan(), deal.charges[0]
    {
        "changed": lambda: deal.change(plan_of("130.00"), base=1, title="Larger works", terms="Paid late."),
        "accepted": deal.accept,
        "planned": lambda: plan_anew(deal),
        "withdrawn": lambda: withdraw_offer(contract=deal.contract, by=deal.payer),
    }[since]()
    before = (deal.contract.plan_version, deal.told, deal.money)
    assert deal.offer(first) == charge
    for other in ({"plan": plan_of("9.00")}, {"plan": first, "talent": nobody().talent}):
        with pytest.raises(KeyReused):
            deal.offer(**other)
    assert (deal.contract.plan_version, deal.told, deal.money) == before
    books_hold()


SINCE = {
    "accepted": lambda deal: deal.accept(version=2),
    "withdrawn": lambda deal: withdraw_offer(contract=deal.contract, by=deal.payer),
}


@pytest.mark.parametrize("since", SINCE)
@pytest.mark.parametrize("amount", ["130.00", "60.00"])
def test_i17_a_change_answers_the_same_whatever_became_of_the_offer(deal, amount, since):
    plan, key = plan_of(amount), uuid.uuid4()
    first = deal.change(plan, base=1, key=key)
    SINCE[since](deal)
    before = (deal.told, deal.money)
    assert deal.change(plan, base=1, key=key) == first
    assert (deal.contract.plan_version, deal.told, deal.money) == (2, *before)
    with pytest.raises(WrongState):
        deal.change(plan_of("140.00"), base=2)
    books_hold()


def test_i17_a_change_that_charged_answers_the_same_once_the_offer_was_changed_again(deal):
    plan, key = plan_of("130.00"), uuid.uuid4()
    first = deal.change(plan, base=1, key=key)
    deal.change(plan_of("150.00"), base=2, title="Larger works")
    assert deal.change(plan, base=1, key=key) == first
    with pytest.raises(KeyReused):
        deal.change(plan_of("140.00"), base=1, key=key)
    assert (deal.contract.plan_version, deal.money) == (3, {**HELD, "escrow": D("150.00")})
    books_hold()


def test_i17_a_deposit_answers_the_same_once_the_offer_is_accepted(deal):
    deal.change(plan_of("130.00"), base=1, method=card(deal.client, DECLINES))
    key = uuid.uuid4()
    paid = deal.pay_deposit(key=key)
    deal.accept(version=2)
    assert deal.pay_deposit(key=key) == paid
    with pytest.raises(WrongState):
        deal.pay_deposit()
    assert deal.money == {**HELD, "escrow": D("130.00")}
    books_hold()


def plan_anew(deal: Deal) -> None:
    """The talent accepts, and the client drops what was to come second."""
    deal.accept()
    mine = Plan(deal.contract.plan().lines[:1])
    save_plan(contract=deal.contract, by=deal.payer, base=1, mine=mine, today=clock.now().date())
    assert deal.contract.plan_version == 2
