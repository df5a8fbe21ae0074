"""The page that activates and funds the next milestone: its figures, what is refused, what came of it (B20, B21)."""

import uuid
from decimal import Decimal

import pytest

from contracts.models import Contract
from contracts.operations.release import release
from contracts.states import MilestoneStatus
from contracts.tests.editing import edited, save
from contracts.tests.visiting import (
    NOWHERE,
    at,
    fill,
    followed,
    form_in,
    held,
    said,
    send,
    signed_in,
    wrong_fields,
)  # fmt: skip
from escrow.models import Payment
from escrow.tests.paying import CONFIRMS, DECLINES, LATER
from tests.books import books_hold
from tests.factories import agreed, card, end, outsider

S = MilestoneStatus
pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """One paid in full, two ahead of 101 and 102 dollars."""
    return agreed(3, paid=1)


@pytest.fixture
def contract(world) -> Contract:
    return world.contract


@pytest.fixture
def browser(world):
    return signed_in(world.client)


def page(contract: Contract, position: int = 2) -> str:
    return at(contract, f"milestones/{contract.milestones.get(position=position).pk}/funding/")


def filled(browser, contract: Contract, number: str = "", **typed: object) -> dict[str, str]:
    """The form for the second milestone, with the card of this number, or the one that was offered first."""
    method = card(contract.client, number) if number else contract.client.payment_methods.get()
    return fill(browser, page(contract), method=method.pk, **typed)


def state(contract: Contract, position: int = 2) -> str:
    return contract.milestones.get(position=position).status


def test_b21_the_page_says_to_the_cent_what_will_be_charged(browser, contract):
    text = said(browser.get(page(contract)))
    for line in ("Amount of the milestone $101.00", "held already $0.00", "Charged now $101.00"):
        assert line in text
    assert "Pay $101.00 and activate" in text


def test_b21_it_charges_activates_and_says_so(browser, contract):
    answer = send(browser, page(contract), filled(browser, contract))
    assert answer["Location"] == at(contract, "")
    assert "“Step 2” is active. $101.00 was charged to Visa •••• 4242." in followed(browser, answer)
    assert (state(contract), held(contract)) == (S.ACTIVE, Decimal("101.00"))
    books_hold()


def test_b21_what_is_left_over_pays_first():
    world = agreed(3, current=S.ACTIVE)
    first = world.contract.milestones.get(position=1)
    release(contract=world.contract, by=world.client, milestone=first, amount=Decimal("60.00"))
    browser = signed_in(world.client)
    text = said(browser.get(page(world.contract)))
    assert "held already $40.00 Charged now $61.00" in text
    send(browser, page(world.contract), filled(browser, world.contract))
    assert Payment.objects.latest("created_at").amount == Decimal("61.00")
    assert held(world.contract) == Decimal("101.00")
    books_hold()


def test_b21_enough_held_charges_nothing_and_asks_for_no_card():
    world = agreed(3, current=S.ACTIVE)
    contract, browser = world.contract, signed_in(world.client)
    save(contract, edited(contract.plan(), 2, amount=Decimal("25.00")), by=world.client)
    first = contract.milestones.get(position=1)
    release(contract=contract, by=world.client, milestone=first, amount=Decimal("60.00"))
    text = said(browser.get(page(contract)))
    assert "Nothing will be charged: enough is held already." in text
    assert "Still left over for what follows $15.00" in text
    form = fill(browser, page(contract))
    assert "method" not in form
    assert "Nothing was charged" in followed(browser, send(browser, page(contract), form))
    assert state(contract) == S.ACTIVE
    assert Payment.objects.filter(subject=contract.pk).count() == 1
    books_hold()


def test_the_same_post_twice_charges_once_and_answers_the_same(browser, contract):
    form = filled(browser, contract)
    answers = [send(browser, page(contract), form) for _twice in range(2)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, at(contract, ""))] * 2
    assert Payment.objects.filter(purpose="milestone").count() == 1
    books_hold()


def test_b21_a_declined_card_leaves_the_milestone_future_and_says_what_to_do(browser, contract):
    form = filled(browser, contract, DECLINES)
    answer = send(browser, page(contract), form)
    assert answer.status_code == 422
    assert wrong_fields(answer) == ["method"]
    text = said(answer)
    assert "Use another payment method. Nothing was charged; the milestone stays a future one" in text
    assert (state(contract), held(contract)) == (S.FUTURE, 0)
    again = form_in(answer) | {"method": str(contract.client.payment_methods.get(last4="4242").pk)}
    assert again["key"] != form["key"]
    assert send(browser, page(contract), again).status_code == 302
    assert state(contract) == S.ACTIVE
    books_hold()


def test_after_a_declined_card_the_plan_can_be_edited(world, browser, contract):
    send(browser, page(contract), filled(browser, contract, DECLINES))
    save(contract, edited(contract.plan(), 2, amount=Decimal("80.00")), by=world.client)
    assert "Charged now $80.00" in said(browser.get(page(contract)))
    books_hold()


@pytest.mark.parametrize("number", [CONFIRMS, LATER])
def test_a_charge_that_is_not_settled_leads_to_its_page(browser, contract, number):
    answer = send(browser, page(contract), filled(browser, contract, number))
    payment = Payment.objects.latest("created_at")
    assert answer["Location"] == at(contract, f"payments/{payment.pk}/")
    assert state(contract) == S.FUNDING
    assert browser.get(page(contract))["Location"] == answer["Location"]
    books_hold()


def test_an_amount_that_changed_meanwhile_is_shown_and_nothing_is_charged(world, browser, contract):
    form = filled(browser, contract)
    save(contract, edited(contract.plan(), 2, amount=Decimal("150.00")), by=world.client)
    answer = send(browser, page(contract), form)
    assert answer.status_code == 409
    text = said(answer)
    assert "The page showed an amount of $101.00 and a charge of $101.00." in text
    assert "Charged now $150.00" in text
    assert Payment.objects.filter(purpose="milestone").count() == 0
    again = form_in(answer) | {"method": form["method"]}
    assert send(browser, page(contract), again).status_code == 302
    assert held(contract) == Decimal("150.00")
    books_hold()


def test_b01_only_the_next_milestone_is_funded(browser, contract):
    answer = browser.get(page(contract, 3))
    assert answer.status_code == 409
    assert "not the next" in said(answer)
    form = filled(browser, contract) | {"amount": "102.00", "charge": "102.00"}
    assert send(browser, page(contract, 3), form).status_code == 409
    assert state(contract, 3) == S.FUTURE


def test_b20_one_milestone_at_a_time(browser, contract):
    form = filled(browser, contract)
    send(browser, page(contract), form)
    assert "Release the current one first" in said(browser.get(page(contract, 3)))
    late = send(browser, page(contract), form | {"key": str(uuid.uuid4())})
    assert late.status_code == 409
    assert held(contract) == Decimal("101.00")
    books_hold()


def test_the_milestone_of_another_contract_is_not_there(browser, contract):
    other = agreed(2).contract.milestones.get(position=3)
    for key in (other.pk, NOWHERE):
        assert browser.get(at(contract, f"milestones/{key}/funding/")).status_code == 404


def test_who_may_fund(world, contract):
    form = filled(signed_in(world.client), contract)
    for user, status in ((world.viewer, 403), (world.talent, 403), (outsider(), 404)):
        browser = signed_in(user)
        assert browser.get(page(contract)).status_code == status
        assert send(browser, page(contract), form).status_code == status
    assert send(signed_in(world.manager), page(contract), form).status_code == 302


@pytest.mark.parametrize(
    "damage",
    [{"key": "7"}, {"amount": "1e3"}, {"charge": ""}, {"charge": "-1"}, {"version": "x"}, {"version": str(2**70)}],
    ids=str,
)
def test_a_damaged_form_charges_nothing(browser, contract, damage):
    answer = send(browser, page(contract), filled(browser, contract) | damage)
    assert answer.status_code in {409, 422}
    assert state(contract) == S.FUTURE
    assert form_in(answer)["charge"] == "101.00"


@pytest.mark.parametrize("method", ["", "x", "-1", str(2**63), str(2**200)])
def test_a_payment_method_that_is_none_is_refused_beside_its_field(browser, contract, method):
    answer = send(browser, page(contract), filled(browser, contract) | {"method": method})
    assert answer.status_code == 422
    assert wrong_fields(answer) == ["method"]


def test_the_card_of_somebody_else_is_refused(browser, contract):
    foreign = card(agreed(1).contract.client)
    answer = send(browser, page(contract), filled(browser, contract) | {"method": str(foreign.pk)})
    assert answer.status_code == 422
    assert state(contract) == S.FUTURE


def test_b42_a_contract_that_has_ended_says_so(browser, contract):
    address = page(contract)
    form = filled(browser, contract)
    end(contract)
    for answer in (browser.get(address), send(browser, address, form)):
        assert answer.status_code == 409
        assert "The contract has ended." in said(answer)
    books_hold()


def test_without_a_card_the_page_says_where_to_add_one(browser, contract):
    contract.client.payment_methods.update(removed_at="2026-01-01T00:00Z", is_default=False)
    answer = browser.get(page(contract))
    assert "There is no card to pay with yet." in said(answer)
    assert "Pay $101.00" not in said(answer)
