"""The page of a refund request: what each answer comes to, who gives it, until when, what came of it (B24)."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from contracts.models import Contract, RefundRequest
from contracts.operations.disputes import open_dispute
from contracts.operations.settlement import approve_refund, counter_refund, end_as_client, lapse_refund
from contracts.states import ContractStatus, MilestoneStatus, RefundStatus
from contracts.tests.visiting import (
    FIVES,
    NO_AMOUNTS,
    at,
    followed,
    forms_in,
    held,
    pending,
    said,
    send,
    signed_in,
    status_of,
    wrong_fields,
)  # fmt: skip
from marketplace.clock import advance
from tests.books import books_hold
from tests.factories import Agreed, agreed, outsider

S, C, R = MilestoneStatus, ContractStatus, RefundStatus
pytestmark = pytest.mark.django_db


def asked(pay: str = "0.00", *, agency: bool = False) -> Agreed:
    """The client ended a contract with 100 dollars held, and paid so much of them."""
    world = agreed(2, current=S.ACTIVE, agency=agency)
    end_as_client(
        contract=world.contract, by=world.client, key=uuid.uuid4(), pay=Decimal(pay), held=Decimal("100.00"),
        reason="It came too late.",
    )  # fmt: skip
    return world


def countered(amount: str = "40.00", pay: str = "0.00") -> Agreed:
    world = asked(pay)
    counter_refund(
        contract=world.contract, by=world.talent, request=request_on(world.contract), amount=Decimal(amount),
        answer="Most of it is done.",
    )  # fmt: skip
    return world


@pytest.fixture
def world() -> Agreed:
    return asked()


@pytest.fixture
def contract(world) -> Contract:
    return world.contract


@pytest.fixture
def talent(world):
    return signed_in(world.talent)


def page(contract: Contract) -> str:
    return at(contract, "refund/")


def request_on(contract: Contract) -> RefundRequest:
    return contract.refund_requests.get()


def decide(browser, contract: Contract, decision: str, **typed: str):
    """Fill in and send the form of this answer, as the page shows it."""
    forms = forms_in(browser.get(page(contract)))
    (form,) = [form for form in forms if form["decision"] == decision]
    return send(browser, page(contract), form | typed)


def test_b24_everybody_reads_what_was_asked_and_until_when(world, contract):
    for user in (world.client, world.viewer, world.talent):
        text = said(signed_in(user).get(page(contract)))
        assert "asks for $100.00 back" in text
        assert "It came too late." in text
        assert "6 days 23 hours left" in text
        assert "Without an answer until then, $104.95 goes back" in text


def test_b24_talent_agrees_and_all_of_it_goes_back(contract, talent):
    text = said(talent.get(page(contract)))
    assert "$100.00 goes back to" in text
    assert "The initiation fee of $4.95 goes back as well." in text
    text = followed(talent, decide(talent, contract, "approve"))
    assert "Settled: $104.95 goes back, and the contract has ended." in text
    assert "$104.95 went back to" in text
    assert (status_of(contract), held(contract), pending(contract)) == (C.ENDED, 0, 0)
    books_hold()


def test_b24_talent_offers_to_return_less(contract, talent):
    answer = decide(talent, contract, "counter", amount="40", answer="Most of it is done.")
    assert "You offered to return $40.00." in followed(talent, answer)
    request = request_on(contract)
    assert (request.status, request.counter, request.answer) == (R.COUNTERED, 40, "Most of it is done.")
    assert not forms_in(talent.get(page(contract)))
    books_hold()


def test_b24_the_client_reads_the_counter_to_the_cent_and_accepts_it():
    world = countered("40.00")
    browser = signed_in(world.client)
    text = said(browser.get(page(world.contract)))
    assert "offers to return $40.00." in text
    assert "Most of it is done." in text
    assert "Back to you $40.00" in text
    assert "after the fee $54.00 Service fee $6.00" in text
    assert "goes to" in text
    followed(browser, decide(browser, world.contract, "accept"))
    assert (status_of(world.contract), held(world.contract), pending(world.contract)) == (C.ENDED, 0, 54)
    books_hold()


def test_b24_what_was_paid_at_the_end_is_no_part_of_it():
    world = countered("30.00", pay="20.00")
    browser = signed_in(world.client)
    text = said(browser.get(page(world.contract)))
    assert "asks for $80.00 back" in text
    assert "after the fee $45.00" in text
    decide(browser, world.contract, "accept")
    assert pending(world.contract) == Decimal("63.00")
    books_hold()


@pytest.mark.parametrize("decision", ["approve", "accept"])
def test_the_same_answer_twice_is_success_both_times(decision):
    world = asked() if decision == "approve" else countered()
    browser = signed_in(world.talent if decision == "approve" else world.client)
    for _twice in range(2):
        assert send(browser, page(world.contract), {"decision": decision}).status_code == 302
    books_hold()


def test_the_same_counter_twice_is_success_both_times(contract, talent):
    for _twice in range(2):
        assert send(talent, page(contract), {"decision": "counter", "amount": "40"}).status_code == 302
    assert request_on(contract).counter == 40


@pytest.mark.parametrize("typed", [*NO_AMOUNTS, "", "100", "100.01", "1,000"])
def test_b24_a_counter_that_is_none_is_refused_beside_its_field(contract, talent, typed):
    answer = decide(talent, contract, "counter", amount=typed, answer="Kept")
    assert answer.status_code == 422
    assert wrong_fields(answer) == ["amount"]
    (form,) = [form for form in forms_in(answer) if form["decision"] == "counter"]
    assert (form["amount"], form["answer"]) == (typed, "Kept")
    assert request_on(contract).status == R.PENDING


@pytest.mark.parametrize("typed", FIVES)
def test_b24_five_dollars_can_be_typed_in_several_ways(contract, talent, typed):
    decide(talent, contract, "counter", amount=typed)
    assert request_on(contract).counter == 5


def test_b24_a_counter_may_return_nothing(contract, talent):
    assert decide(talent, contract, "counter", amount="0").status_code == 302
    assert "Back to you $0.00" in said(signed_in(contract.client.memberships.first().user).get(page(contract)))


def test_without_a_script_the_sums_are_worked_out_here(contract, talent):
    answer = decide(talent, contract, "counter", amount="66.65", preview="1")
    assert answer.status_code == 200
    assert "$66.65 Service fee $3.34 To you after the fee $30.01" in said(answer)
    assert request_on(contract).status == R.PENDING


@pytest.mark.parametrize("decision", ["", "lapse", "\x00"])
def test_an_answer_that_is_none_is_refused(contract, talent, decision):
    answer = send(talent, page(contract), {"decision": decision})
    assert answer.status_code == 422
    assert "did not arrive as it was sent" in said(answer)
    assert request_on(contract).status == R.PENDING


def test_b24_whoever_comes_too_late_is_told(contract, talent):
    advance(timedelta(days=7))
    assert "(time is over)" in said(talent.get(page(contract)))
    assert not forms_in(talent.get(page(contract)))
    answer = send(talent, page(contract), {"decision": "approve"})
    assert answer.status_code == 409
    assert "its time is over" in said(answer)
    lapse_refund(request_on(contract).pk)
    text = said(talent.get(page(contract)))
    assert "$104.95 went back to" in text
    assert not forms_in(talent.get(page(contract)))
    books_hold()


def test_b24_an_answer_to_what_was_answered_otherwise_is_refused(world, contract, talent):
    approve_refund(contract=contract, by=world.talent, request=request_on(contract))
    answer = send(talent, page(contract), {"decision": "counter", "amount": "5"})
    assert answer.status_code == 409
    assert "answered already" in said(answer)


def test_b44_a_disputed_request_leads_to_the_dispute(world, contract, talent):
    open_dispute(contract=contract, by=world.talent, reason="It was all done.")
    answer = talent.get(page(contract))
    assert "It is disputed. The money is frozen" in said(answer)
    assert not forms_in(answer)
    late = send(talent, page(contract), {"decision": "approve"})
    assert late.status_code == 409
    assert "A dispute is open" in said(late)


def test_who_may_answer():
    world = asked(agency=True)
    counter, accept = {"decision": "counter", "amount": "5"}, {"decision": "accept"}
    for user in (world.viewer, world.member):
        browser = signed_in(user)
        assert not forms_in(browser.get(page(world.contract)))
        assert send(browser, page(world.contract), counter).status_code == 403
    for user in (world.idle, outsider()):
        assert signed_in(user).get(page(world.contract)).status_code == 404
        assert send(signed_in(user), page(world.contract), counter).status_code == 404
    assert send(signed_in(world.client), page(world.contract), {"decision": "approve"}).status_code == 403
    assert send(signed_in(world.talent), page(world.contract), accept).status_code == 403
    assert request_on(world.contract).status == R.PENDING


def test_without_a_request_there_is_no_such_page():
    world = agreed(1, current=S.ACTIVE)
    assert signed_in(world.client).get(page(world.contract)).status_code == 404
    assert send(signed_in(world.talent), page(world.contract), {"decision": "approve"}).status_code == 404
