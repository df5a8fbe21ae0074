"""The page on which money is asked back on a live contract: for how much, by whom, and when not (B24)."""

import pytest

from contracts.tests import dealing
from contracts.tests.asking_back import act, form_of, left_over, page, read, request_on, some_of_each, whole
from contracts.tests.dealing import Deal
from contracts.tests.visiting import FIVES, NO_AMOUNTS, at, followed, forms_in, said, send, signed_in, wrong_fields
from escrow.tests.paying import LATER
from marketplace.models import MemberRole
from tests.books import books_hold
from tests.factories import card, joined, outsider

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal() -> Deal:
    return whole()


@pytest.fixture
def leftover() -> Deal:
    return left_over()


@pytest.fixture
def both() -> Deal:
    return some_of_each()


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
