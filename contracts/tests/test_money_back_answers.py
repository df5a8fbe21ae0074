"""How a request for money back on a live contract is answered, and where both sides read of it (B24)."""

import uuid
from decimal import Decimal

import pytest

from contracts.tests import dealing
from contracts.tests.asking_back import act, form_of, left_over, page, read, request_on, whole
from contracts.tests.dealing import Deal
from contracts.tests.visiting import at, followed, said, send, signed_in
from tests.books import books_hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal() -> Deal:
    return whole()


@pytest.fixture
def leftover() -> Deal:
    return left_over()


# Answering


def test_b24_talent_agrees_to_exactly_what_the_page_says(deal):
    deal.ask_back("100.00", reason="We do it ourselves.")
    text = read(deal.earner, deal)
    assert f"{deal.client.name} asks for $100.00 back" in text
    assert "We do it ourselves." in text
    assert f"$100.00 goes back to {deal.client.name} at once. The contract goes on." in text
    assert "“Step 1” is refunded and closed" in text
    browser = signed_in(deal.earner)
    text = followed(browser, act(browser, deal, "agree"))
    assert f"$100.00 goes back to {deal.client.name}. The contract goes on." in text
    assert "agreed on" in text
    assert (deal.status, deal.states) == ("active", ["refunded", "future"])
    books_hold()


def test_b22_after_a_release_only_what_is_left_can_be_agreed_to(deal):
    deal.ask_back("100.00")
    browser = signed_in(deal.earner)
    form = form_of(browser.get(page(deal)), "agree")
    deal.release(1, "70.00")
    answer = send(browser, page(deal), form)
    assert answer.status_code == 409
    assert "The money held changed while you were looking." in said(answer)
    assert "$30.00 of it can still go back" in said(answer)
    assert form_of(answer, "agree")["amount"] == "30.00"
    assert send(browser, page(deal), form_of(answer, "agree")).status_code == 302
    assert (deal.sent_back, request_on(deal).returned) == ([30], 30)
    books_hold()


def test_b24_talent_declines_with_a_word_and_the_client_reads_it(leftover):
    leftover.ask_back("40.00")
    act(signed_in(leftover.earner), leftover, "decline", answer="The next step needs it.")
    text = read(leftover.payer, leftover)
    assert "declined on" in text
    assert "The next step needs it." in text
    assert form_of(signed_in(leftover.payer).get(page(leftover)), "ask")["held"] == "40.00"
    assert leftover.contract.held == 40
    books_hold()


def test_b24_the_client_withdraws_and_an_answer_comes_too_late(leftover):
    leftover.ask_back("40.00")
    talent = signed_in(leftover.earner)
    agree = form_of(talent.get(page(leftover)), "agree")
    browser = signed_in(leftover.payer)
    text = followed(browser, act(browser, leftover, "withdraw"))
    assert "You no longer ask for $40.00 back." in text
    answer = send(talent, page(leftover), agree)
    assert answer.status_code == 409
    assert "This request is over" in said(answer)
    assert leftover.contract.held == 40
    books_hold()


@pytest.mark.parametrize("decision", ["withdraw", "agree", "decline"])
def test_the_same_answer_twice_is_success_both_times(leftover, decision):
    leftover.ask_back("40.00")
    browser = signed_in(leftover.payer if decision == "withdraw" else leftover.earner)
    form = form_of(browser.get(page(leftover)), decision)
    for _twice in range(2):
        assert send(browser, page(leftover), form).status_code == 302
    books_hold()


@pytest.mark.parametrize(
    "damage", [{"request": "x"}, {"amount": "x"}, {"amount": ""}, {"decision": "keep"}, {"decision": "\x00"}]
)
def test_an_answer_that_arrived_damaged_is_refused(leftover, damage):
    leftover.ask_back("40.00")
    answer = act(signed_in(leftover.earner), leftover, "agree", **damage)
    assert answer.status_code == 422
    assert "did not arrive as it was sent" in said(answer)
    assert leftover.asked.status == "pending"


def test_a_request_of_another_contract_is_not_found(leftover):
    other = dealing.another(leftover, "100.00")
    other.ask_back("100.00")
    leftover.ask_back("40.00")
    for key in (other.asked.pk, uuid.uuid4()):
        assert act(signed_in(leftover.earner), leftover, "agree", request=str(key)).status_code == 404
    assert leftover.contract.held == 40


# In the contract room


def test_b24_the_room_leads_the_client_there_and_says_that_it_waits(leftover):
    room = at(leftover.contract, "")
    browser = signed_in(leftover.payer)
    assert f'href="{page(leftover)}">Ask for money back</a>' in browser.get(room).content.decode()
    leftover.ask_back("40.00")
    text = said(browser.get(room))
    assert "Ask for money back" not in text
    assert f"{leftover.client.name} asks for money back." in text


def test_b24_the_talent_is_led_there_when_nothing_else_waits_for_it(deal):
    room, browser = at(deal.contract, ""), signed_in(deal.earner)
    deal.ask_back("100.00")
    assert "Submit work" in said(browser.get(room))
    assert "Look at the request" in said(browser.get(room))
    deal.submit(1)
    html = browser.get(room).content.decode()
    assert f'href="{page(deal)}">Read and answer</a>' in html
    assert "Look at the request" not in html
    assert f"Your next step {deal.client.name} asks for money back" in said(browser.get(room))
    assert "asks for money back" in said(browser.get("/jobs/"))


def test_b24_activity_tells_both_sides(leftover):
    leftover.ask_back("40.00")
    leftover.keep()
    leftover.ask_back("15.00")
    leftover.give_back("15.00")
    text = said(signed_in(leftover.earner).get(at(leftover.contract, "activity/")))
    payer, earner = leftover.payer.name, leftover.earner.name
    for sentence in (
        f"{payer} asked for $40.00 back. The contract goes on.", f"{earner} declined to give $40.00 back.",
        f"{earner} agreed to give $15.00 back. The contract goes on.",
    ):  # fmt: skip
        assert sentence in text


def test_b21_funding_and_ending_say_what_becomes_of_the_request(leftover):
    leftover.ask_back("40.00")
    browser = signed_in(leftover.payer)
    fund = at(leftover.contract, f"milestones/{leftover.milestone(2).pk}/funding/")
    assert "The $40.00 that this milestone takes of it can no longer come back" in said(browser.get(fund))
    assert "Your request for money back is over" in said(browser.get(at(leftover.contract, "end/")))


@pytest.mark.parametrize("size", [1, 199])
def test_the_page_costs_the_same_whatever_the_plan(django_assert_num_queries, size):
    deal = dealing.agreed("100.00", *["5.00"] * size)
    deal.ask_back("100.00")
    browser, address = signed_in(deal.earner), page(deal)
    with django_assert_num_queries(7):  # session, user, parties, contract, request, money, current milestone
        assert browser.get(address).status_code == 200


def test_what_goes_back_is_on_the_payments_page_and_the_statement(leftover):
    leftover.ask_back("15.00")
    leftover.give_back("15.00")
    browser = signed_in(leftover.payer)
    assert "$15.00" in said(browser.get("/payments/"))
    text = said(browser.get("/statement/"))
    assert "Contract ended" not in text
    assert "No longer held; on its way back to you: $15.00" in text
    assert Decimal("15.00") in leftover.sent_back
