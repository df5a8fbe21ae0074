"""The page that ends a contract: each choice to the cent, what is refused, what came of it (B24)."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from contracts.models import Contract, RefundRequest
from contracts.operations.release import release
from contracts.operations.settlement import end_as_client, end_as_talent
from contracts.states import ContractStatus, MilestoneStatus, RefundStatus
from contracts.tests.visiting import (
    FIVES,
    NO_AMOUNTS,
    at,
    fill,
    followed,
    form_in,
    held,
    pending,
    said,
    send,
    signed_in,
    status_of,
    wrong_fields,
)  # fmt: skip
from escrow.gateways.base import Confirmed
from escrow.models import Payment
from escrow.operations.payments import settle
from marketplace import clock
from tests.books import books_hold
from tests.factories import agreed, outsider

S, C = MilestoneStatus, ContractStatus
pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """100 dollars held for the first of three milestones, and nothing paid yet."""
    return agreed(3, current=S.ACTIVE)


@pytest.fixture
def contract(world) -> Contract:
    return world.contract


@pytest.fixture
def browser(world):
    return signed_in(world.client)


def page(contract: Contract) -> str:
    return at(contract, "end/")


def paid_before(amount: str = "60.00"):
    """One milestone released in part, so that the rest of its 100 dollars is held for nothing yet."""
    world = agreed(3, current=S.ACTIVE)
    first = world.contract.milestones.get(position=1)
    release(contract=world.contract, by=world.client, milestone=first, amount=Decimal(amount))
    return world


def test_b24_the_page_says_each_choice_to_the_cent(browser, contract):
    text = said(browser.get(page(contract)))
    assert "$100.00 is held for this contract." in text
    assert "$90.00 to Party" in text
    assert "after the service fee of $10.00. Nothing comes back." in text
    assert "$100.00 is asked back. The initiation fee of $4.95 comes back too if nothing is ever paid." in text
    assert "After 7 days without an answer the money comes back to you." in text
    assert "2 future milestones are cancelled." in text


def test_b24_paying_all_of_it_ends_the_contract_at_once(browser, contract):
    answer = send(browser, page(contract), fill(browser, page(contract), choice="all"))
    assert answer["Location"] == at(contract, "")
    assert "The contract has ended. $90.00 goes to" in followed(browser, answer)
    assert (status_of(contract), held(contract), pending(contract)) == (C.ENDED, 0, 90)
    assert [milestone.status for milestone in contract.milestones.all()] == [S.PAID, S.CANCELLED, S.CANCELLED]
    books_hold()


def test_b24_paying_a_part_asks_for_the_rest(browser, contract):
    form = fill(browser, page(contract), choice="part", amount="25.50", reason="Half of it is missing.")
    answer = send(browser, page(contract), form)
    assert answer["Location"] == at(contract, "refund/")
    assert "You asked for $74.50 back." in followed(browser, answer)
    asked = RefundRequest.objects.get(contract=contract)
    assert (str(asked.pk), asked.amount, asked.status) == (form["key"], Decimal("74.50"), RefundStatus.PENDING)
    assert (held(contract), pending(contract)) == (Decimal("74.50"), Decimal("22.95"))
    books_hold()


def test_b24_paying_nothing_asks_for_all_of_it(browser, contract):
    form = fill(browser, page(contract), choice="none", reason="Nothing came.")
    assert send(browser, page(contract), form).status_code == 302
    assert RefundRequest.objects.get(contract=contract).amount == Decimal("100.00")
    assert (status_of(contract), held(contract)) == (C.SETTLING, 100)
    books_hold()


def test_the_same_post_twice_ends_it_once_and_answers_the_same(browser, contract):
    for typed in ({"choice": "none", "reason": "Why"}, {"choice": "all"}):
        world = agreed(2, current=S.ACTIVE)
        browser = signed_in(world.client)
        form = fill(browser, page(world.contract), **typed)
        first, second = (send(browser, page(world.contract), form) for _twice in range(2))
        assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
        assert world.contract.refund_requests.count() <= 1
        books_hold()


def test_b24_with_nothing_held_it_only_asks_whether():
    world = paid_before("100.00")
    contract, browser = world.contract, signed_in(world.client)
    answer = browser.get(page(contract))
    assert "Nothing is held for this contract, so nothing is left to settle." in said(answer)
    assert "choice" not in form_in(answer)
    assert "The contract has ended." in followed(browser, send(browser, page(contract), form_in(answer)))
    assert status_of(contract) == C.ENDED
    books_hold()


def test_b24_what_is_left_over_is_settled_too():
    world = paid_before("60.00")
    contract, browser = world.contract, signed_in(world.client)
    text = said(browser.get(page(contract)))
    assert "$36.00 to Party" in text
    assert "initiation fee" not in text
    send(browser, page(contract), fill(browser, page(contract), choice="all"))
    assert (held(contract), pending(contract)) == (0, 90)
    books_hold()


def test_b24_asking_back_needs_a_reason_and_keeps_what_was_typed(browser, contract):
    form = fill(browser, page(contract), choice="part", amount="10")
    answer = send(browser, page(contract), form)
    assert answer.status_code == 422
    assert wrong_fields(answer) == ["reason"]
    again = form_in(answer)
    assert (again["choice"], again["amount"]) == ("part", "10")
    assert status_of(contract) == C.ACTIVE


@pytest.mark.parametrize("typed", [*NO_AMOUNTS, "", "0", "0.00", "100.01", "1,000"])
def test_b24_an_amount_that_is_none_is_refused_beside_its_field(browser, contract, typed):
    answer = send(browser, page(contract), fill(browser, page(contract), choice="part", amount=typed, reason="Why"))
    assert answer.status_code == 422
    assert wrong_fields(answer) == ["amount"]
    assert status_of(contract) == C.ACTIVE


@pytest.mark.parametrize("typed", FIVES)
def test_b24_five_dollars_can_be_typed_in_several_ways(browser, contract, typed):
    send(browser, page(contract), fill(browser, page(contract), choice="part", amount=typed, reason="Why"))
    assert held(contract) == Decimal("95.00")


def test_an_amount_counts_only_for_a_part(browser, contract):
    send(browser, page(contract), fill(browser, page(contract), choice="all", amount="nonsense"))
    assert pending(contract) == 90


@pytest.mark.parametrize("choice", ["", "half", "\x00"])
def test_a_choice_that_is_none_is_refused(browser, contract, choice):
    answer = send(browser, page(contract), fill(browser, page(contract), choice=choice, reason="Why"))
    assert answer.status_code == 422
    assert status_of(contract) == C.ACTIVE


def test_without_a_script_the_sums_are_worked_out_here(browser, contract):
    form = fill(browser, page(contract), choice="part", amount="33.35", preview="1")
    answer = send(browser, page(contract), form)
    assert answer.status_code == 200
    assert "after the fee $30.01 Service fee $3.34 Asked back $66.65" in said(answer)
    assert status_of(contract) == C.ACTIVE


def test_b24_money_that_moved_meanwhile_is_shown_and_nothing_is_done(world, browser, contract):
    form = fill(browser, page(contract), choice="part", amount="50", reason="Why")
    first = contract.milestones.get(position=1)
    release(contract=contract, by=world.manager, milestone=first, amount=Decimal("40.00"))
    answer = send(browser, page(contract), form)
    assert answer.status_code == 409
    assert "The page showed that $100.00 is held; now it is $60.00." in said(answer)
    again = form_in(answer)
    assert (again["held"], again["amount"], again["reason"]) == ("60.00", "50", "Why")
    assert status_of(contract) == C.ACTIVE
    assert send(browser, page(contract), again).status_code == 302
    assert held(contract) == Decimal("10.00")
    books_hold()


@pytest.mark.parametrize("damage", [{"held": ""}, {"held": "1e2"}, {"held": "-1"}, {"key": "7"}], ids=str)
def test_a_damaged_form_ends_nothing(browser, contract, damage):
    answer = send(browser, page(contract), fill(browser, page(contract), choice="all") | damage)
    assert answer.status_code == 422
    assert form_in(answer)["held"] == "100.00"
    assert status_of(contract) == C.ACTIVE


def test_b24_while_a_payment_is_under_way_it_cannot_be_ended():
    world = agreed(2, paid=1, current=S.FUNDING)
    payment = Payment.objects.latest("created_at")
    browser = signed_in(world.client)
    answer = browser.get(page(world.contract))
    assert answer.status_code == 409
    assert "A payment of $101.00 for this contract is under way." in said(answer)
    assert str(payment.pk) in answer.content.decode()
    assert send(browser, page(world.contract), {"held": "0.00", "key": str(payment.pk)}).status_code == 409
    assert status_of(world.contract) == C.ACTIVE


def test_b24_a_charge_that_stays_open_for_a_day_keeps_the_client_no_longer():
    world = agreed(2, paid=1, current=S.FUNDING)
    clock.advance(timedelta(days=1))
    text = said(signed_in(world.client).get(page(world.contract)))
    assert "The payment of $101.00 that is still under way is given back to you" in text
    end_as_client(contract=world.contract, by=world.client, key=uuid4(), pay=Decimal("0.00"), held=Decimal("0.00"))
    assert status_of(world.contract) == C.ENDED
    books_hold()


def test_b24_talent_never_waits_for_the_clients_payment():
    world = agreed(2, paid=1, current=S.FUNDING)
    payment = Payment.objects.latest("created_at")
    assert signed_in(world.talent).get(page(world.contract)).status_code == 200
    end_as_talent(contract=world.contract, by=world.talent, held=Decimal("0.00"))
    assert status_of(world.contract) == C.ENDED
    settle(payment.pk, Confirmed(reference="late"))
    assert Payment.objects.get(pk=payment.pk).status == "refunded" or payment.refunded_by.exists()
    books_hold()


def test_b24_talent_gives_all_of_it_back_at_once(world, contract):
    browser = signed_in(world.talent)
    text = said(browser.get(page(contract)))
    assert "Held, goes back $100.00 Initiation fee, goes back because nothing was ever paid $4.95" in text
    assert "$104.95" in text
    assert "To you $0.00" in text
    answer = send(browser, page(contract), fill(browser, page(contract), reason="I am ill."))
    assert "$100.00 goes back to" in followed(browser, answer)
    assert (status_of(contract), held(contract), pending(contract)) == (C.ENDED, 0, 0)
    books_hold()


def test_b24_talent_has_nothing_to_choose(world, contract):
    browser = signed_in(world.talent)
    form = fill(browser, page(contract), reason="Why", choice="all", amount="100")
    send(browser, page(contract), form)
    assert pending(contract) == 0
    books_hold()


def test_b24_talent_is_told_when_the_money_moved_meanwhile(world, contract):
    browser = signed_in(world.talent)
    form = fill(browser, page(contract), reason="Why")
    first = contract.milestones.get(position=1)
    release(contract=contract, by=world.client, milestone=first, amount=Decimal("40.00"))
    answer = send(browser, page(contract), form)
    assert answer.status_code == 409
    assert "Held, goes back $60.00" in said(answer)
    assert form_in(answer)["reason"] == "Why"


def test_what_is_typed_is_shown_as_text(browser, contract):
    form = fill(browser, page(contract), choice="none", reason="<script>alert(1)</script>{{7*7}}")
    text = followed(browser, send(browser, page(contract), form))
    assert "<script>alert(1)</script>{{7*7}}" in text


@pytest.mark.parametrize("reason", ["x" * 5001, "x" * 1_000_000, "\u200b\u200d"])
def test_a_reason_that_cannot_be_kept_is_refused(browser, contract, reason):
    answer = send(browser, page(contract), fill(browser, page(contract), choice="none", reason=reason))
    assert answer.status_code == 422
    assert wrong_fields(answer) == ["reason"]


def test_who_may_end_it():
    world = agreed(2, current=S.ACTIVE, agency=True)
    for user, status in ((world.viewer, 403), (world.member, 403), (world.idle, 404), (outsider(), 404)):
        browser = signed_in(user)
        assert browser.get(page(world.contract)).status_code == status
        assert send(browser, page(world.contract), {"held": "100.00"}).status_code == status
    for user in (world.client, world.manager, world.talent):
        assert signed_in(user).get(page(world.contract)).status_code == 200
    assert status_of(world.contract) == C.ACTIVE


def test_b42_an_ended_contract_says_so(world, browser, contract):
    form = fill(browser, page(contract), choice="all")
    talent = signed_in(world.talent)
    send(talent, page(contract), fill(talent, page(contract), reason="Why"))
    for answer in (browser.get(page(contract)), send(browser, page(contract), form)):
        assert answer.status_code == 409
        assert "The contract has ended." in said(answer)
    books_hold()


def test_b24_talent_may_end_it_while_a_refund_request_waits(world, browser, contract):
    send(browser, page(contract), fill(browser, page(contract), choice="part", amount="30", reason="Why"))
    talent = signed_in(world.talent)
    assert "Held, goes back $70.00" in said(talent.get(page(contract)))
    assert "$70.00 goes back to" in followed(talent, send(talent, page(contract), fill(talent, page(contract))))
    assert (status_of(contract), held(contract), pending(contract)) == (C.ENDED, 0, 27)
    assert not RefundRequest.objects.filter(contract=contract, closed_at=None).exists()
    assert "$70.00 went back to" in said(talent.get(at(contract, "refund/")))
    books_hold()
