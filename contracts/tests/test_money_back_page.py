"""The page of money back on a live contract: what can be asked for, what an answer comes to, what came of it (B24)."""

import uuid
from decimal import Decimal

import pytest

from contracts.models import RefundRequest
from contracts.tests import dealing
from contracts.tests.dealing import Deal
from contracts.tests.visiting import FIVES, NO_AMOUNTS, at, followed, forms_in, said, send, signed_in, wrong_fields
from escrow.tests.paying import LATER
from marketplace.models import MemberRole
from tests.books import books_hold
from tests.factories import card, joined, outsider

pytestmark = pytest.mark.django_db
PAGE = "money-back/"


@pytest.fixture
def deal() -> Deal:
    """100.00 held for the current milestone."""
    return dealing.agreed("100.00", "50.00")


@pytest.fixture
def leftover() -> Deal:
    """40.00 left over, and nothing current."""
    deal = dealing.agreed("100.00", "150.00")
    deal.release(1, "60.00")
    return deal


@pytest.fixture
def both() -> Deal:
    """50.00 claimed by the current milestone, and 30.00 left over."""
    deal = dealing.agreed("100.00", "50.00")
    deal.release(1, "20.00")
    deal.fund(2)
    return deal


def page(deal: Deal) -> str:
    return at(deal.contract, PAGE)


def form_of(answer, decision: str) -> dict[str, str]:
    (form,) = [form for form in forms_in(answer) if form["decision"] == decision]
    return form


def act(browser, deal: Deal, decision: str, /, **typed: str):
    """Fill in and send the form with this decision, as the page shows it."""
    return send(browser, page(deal), form_of(browser.get(page(deal)), decision) | typed)


def request_on(deal: Deal) -> RefundRequest:
    return RefundRequest.objects.get(contract=deal.key)


def read(user, deal: Deal) -> str:
    return said(signed_in(user).get(page(deal)))


# Asking


def test_b24_the_client_asks_for_a_part_of_what_is_left_over(leftover):
    text = read(leftover.payer, leftover)
    assert "$40.00 is left over and claimed by no milestone." in text
    assert "Nothing moves unless the other side agrees. There is no deadline" in text
    browser = signed_in(leftover.payer)
    text = followed(browser, act(browser, leftover, "ask", amount="15", reason="It became less."))
    assert f"You asked for $15.00 back. {leftover.talent.name} decides" in text
    assert "(no deadline)" in text
    assert request_on(leftover).amount == 15
    books_hold()


def test_b24_with_nothing_left_over_the_client_asks_for_the_whole_milestone(deal):
    text = read(deal.payer, deal)
    assert "You ask for the $100.00 that is held for “Step 1”." in text
    assert "release what is to be paid; the rest is then left over" in text
    act(signed_in(deal.payer), deal, "ask", reason="We do it ourselves.")
    request = request_on(deal)
    assert (request.amount, request.milestone) == (100, deal.milestone(1))
    books_hold()


def test_b24_with_both_the_client_chooses(both):
    text = read(both.payer, both)
    assert "$80.00 is held for this contract." in text
    assert "$30.00 is left over and claimed by no milestone." in text
    assert "$80.00, and “Step 2” is refunded" in text
    answer = act(signed_in(both.payer), both, "ask", choice="all", reason="Why not")
    assert answer.status_code == 302
    assert (request_on(both).amount, request_on(both).milestone) == (80, both.milestone(2))
    books_hold()


def test_b24_with_both_a_part_of_the_leftover_can_be_chosen(both):
    act(signed_in(both.payer), both, "ask", choice="part", amount="30.00", reason="Why not")
    assert (request_on(both).amount, request_on(both).milestone) == (30, None)


@pytest.mark.parametrize("typed", [*NO_AMOUNTS, "", "0", "40.01", "1,000"])
def test_b24_an_amount_that_is_none_is_refused_beside_its_field(leftover, typed):
    answer = act(signed_in(leftover.payer), leftover, "ask", amount=typed, reason="Kept")
    assert answer.status_code == 422
    assert wrong_fields(answer) == ["amount"]
    form = form_of(answer, "ask")
    assert (form["amount"], form["reason"]) == (typed, "Kept")
    assert not leftover.contract.asks_back


@pytest.mark.parametrize("typed", FIVES)
def test_b24_five_dollars_can_be_typed_in_several_ways(leftover, typed):
    act(signed_in(leftover.payer), leftover, "ask", amount=typed, reason="Why")
    assert request_on(leftover).amount == 5


def test_b24_it_needs_a_reason_and_a_choice(both):
    assert wrong_fields(act(signed_in(both.payer), both, "ask", choice="all", reason="\N{ZERO WIDTH SPACE}")) == [
        "reason"
    ]
    answer = act(signed_in(both.payer), both, "ask", reason="Why")
    assert answer.status_code == 422
    assert "Choose what you ask for." in said(answer)
    assert not both.contract.asks_back


@pytest.mark.parametrize("field", ["key", "held"])
def test_a_form_that_arrived_damaged_is_refused(leftover, field):
    answer = act(signed_in(leftover.payer), leftover, "ask", amount="5", reason="Why", **{field: "x"})
    assert answer.status_code == 422
    assert "did not arrive as it was sent" in said(answer)
    assert not leftover.contract.asks_back


def test_b24_a_page_that_shows_other_money_is_refused_with_the_new_figures(deal):
    browser = signed_in(deal.payer)
    form = form_of(browser.get(page(deal)), "ask")
    deal.release(1, "70.00")
    answer = send(browser, page(deal), form | {"reason": "Kept"})
    assert answer.status_code == 409
    assert "The page showed that $100.00 is held; now it is $30.00." in said(answer)
    again = form_of(answer, "ask")
    assert (again["held"], again["reason"]) == ("30.00", "Kept")
    assert again["key"] != form["key"]
    assert send(browser, page(deal), again | {"amount": "30.00"}).status_code == 302
    assert request_on(deal).amount == 30


def test_the_same_form_twice_asks_once(leftover):
    browser = signed_in(leftover.payer)
    form = form_of(browser.get(page(leftover)), "ask") | {"amount": "5", "reason": "Why"}
    for _twice in range(2):
        assert send(browser, page(leftover), form).status_code == 302
    assert request_on(leftover).amount == 5


def test_b24_a_second_tab_cannot_ask_for_more_while_one_waits(leftover):
    browser = signed_in(leftover.payer)
    form = form_of(browser.get(page(leftover)), "ask") | {"amount": "5", "reason": "Kept, too"}
    leftover.ask_back("10.00")
    answer = send(browser, page(leftover), form)
    assert answer.status_code == 409
    assert "You have asked for money back already." in said(answer)
    assert "Kept, too" in said(answer)


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


# Who, and when


def test_who_may_do_what(leftover):
    viewer = joined(leftover.client, MemberRole.VIEWER)
    for user in (viewer, leftover.earner):
        assert signed_in(user).get(page(leftover)).status_code == 403
        assert send(signed_in(user), page(leftover), {"decision": "ask"}).status_code == 403
    leftover.ask_back("40.00")
    wish = {"request": str(leftover.asked.pk), "amount": "40.00"}
    assert not forms_in(signed_in(viewer).get(page(leftover)))
    for user, decision in ((viewer, "withdraw"), (leftover.earner, "withdraw"), (leftover.payer, "agree")):
        assert send(signed_in(user), page(leftover), wish | {"decision": decision}).status_code == 403
    stranger = signed_in(outsider())
    assert stranger.get(page(leftover)).status_code == 404
    assert send(stranger, page(leftover), wish | {"decision": "agree"}).status_code == 404
    assert leftover.asked.status == "pending"


def test_with_nothing_held_the_page_says_so(deal):
    deal.release(1, "100.00")
    text = read(deal.payer, deal)
    assert "Nothing is held for this contract, so there is nothing to ask for." in text
    assert not forms_in(signed_in(deal.payer).get(page(deal)))
    assert "Ask for money back" not in said(signed_in(deal.payer).get(at(deal.contract, "")))


def test_while_a_payment_is_under_way_the_page_waits_for_it(leftover):
    leftover.ask_back("40.00")
    leftover.fund(2, method=card(leftover.client, LATER))
    assert "A payment for the next milestone is under way." in read(leftover.earner, leftover)
    wish = {"decision": "agree", "request": str(leftover.asked.pk), "amount": "40.00"}
    answer = send(signed_in(leftover.earner), page(leftover), wish)
    assert answer.status_code == 409
    assert "A payment for this contract is under way." in said(answer)
    books_hold()


def test_b24_on_an_ended_contract_the_page_says_that_it_is_over(leftover):
    leftover.ask_back("40.00")
    leftover.leave()
    for user in (leftover.payer, leftover.earner):
        text = read(user, leftover)
        assert "without an answer: the money was released or used" in text
        assert not forms_in(signed_in(user).get(page(leftover)))
    other = dealing.agreed("100.00")
    other.leave()
    answer = signed_in(other.payer).get(page(other))
    assert answer.status_code == 409
    assert "The contract has ended." in said(answer)


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
