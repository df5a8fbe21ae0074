"""The client's answer to a proposed contract, and the talent's second thoughts, on their pages (B41)."""

import uuid
from decimal import Decimal

import pytest
from django.test import Client

from contracts.models import Contract
from contracts.operations.members import assign_members
from contracts.tests.browsing import fields_in, read
from contracts.tests.dealing import Deal, bank, hear, plan_of
from contracts.tests.offering import form_in, put, send
from contracts.tests.proposing import accept, charged, decline, make_offer_of_it, propose, proposed, withdraw
from contracts.tests.visiting import at, followed, held, said, signed_in, wrong_fields
from escrow.models import PaymentMethod
from escrow.operations.methods import remove_method
from escrow.tests.paying import CONFIRMS, DECLINES
from tests import factories
from tests.books import books_hold
from tests.factories import card, outsider

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal() -> Deal:
    """A proposal of 100.00 and then 50.00."""
    return proposed("100.00", "50.00")


@pytest.fixture
def contract(deal) -> Contract:
    return deal.contract


@pytest.fixture
def payer(deal) -> Client:
    return signed_in(deal.payer)


def page(contract: Contract) -> str:
    return at(contract, "proposal/")


def accept_form(browser: Client, contract: Contract, method: PaymentMethod | None = None) -> dict[str, str]:
    """What the button that accepts would post."""
    forms = [dict(fields_in(form)) for form in read(browser.get(page(contract))).iter("form")]
    (form,) = [form for form in forms if "key" in form]
    return {"key": form["key"], "accept": "1", "method": str((method or contract.client.payment_methods.first()).pk)}


def still_proposed(contract: Contract) -> None:
    contract.refresh_from_db()
    assert (contract.status, held(contract)) == ("proposed", 0)
    books_hold()


# Reading


def test_b41_the_client_reads_all_of_it_and_what_it_would_be_charged(payer, contract):
    text = said(payer.get(page(contract)))
    assert "Proposed in all $150.00 Milestones 2 Charged if you accept $104.95" in text
    assert "The first milestone $100.00" in text
    assert "Contract Initiation Fee $4.95" in text
    assert "You are charged now $104.95" in text
    assert "Pay $104.95 and accept" in text
    assert "Step 2" in text
    assert "yours $" not in text
    assert "The client has 14 days after each submission" in text
    assert "the offer expires" not in text


def test_the_page_costs_as_many_queries_for_one_milestone_as_for_many(django_assert_num_queries):
    for amounts in (["5.00"], ["5.00"] * 40):
        deal = proposed(*amounts)
        browser = signed_in(deal.payer)
        with django_assert_num_queries(10):  # session, user, contract, request, charge, plan, methods thrice, parties
            browser.get(page(deal.contract))


def test_without_a_card_the_page_says_how_to_add_one(deal, payer, contract):
    remove_method(method=deal.card)
    answer = payer.get(page(contract))
    assert "There is no card to pay with yet." in said(answer)
    assert "Pay $104.95" not in said(answer)
    assert f"next={page(contract)}" in answer.content.decode()
    answer = payer.post(page(contract), {"key": str(uuid.uuid4()), "accept": "1"})
    assert answer.status_code == 422
    still_proposed(contract)


# Accepting


def test_b41_accepting_pays_and_makes_it_active(payer, contract):
    text = followed(payer, payer.post(page(contract), accept_form(payer, contract)))
    assert "You accepted it. $104.95 was charged to Visa •••• 4242, and the first milestone is active." in text
    contract.refresh_from_db()
    assert (contract.status, held(contract)) == ("active", Decimal("100.00"))
    books_hold()


def test_accepting_twice_is_accepting_once(deal, payer, contract):
    form = accept_form(payer, contract)
    texts = [followed(payer, payer.post(page(contract), form)) for _each in range(2)]
    assert all("You accepted it." in text for text in texts)
    assert len(charged(deal)) == 1
    books_hold()


def test_b41_a_declined_card_leaves_it_proposed_and_the_form_ready_for_another(deal, payer, contract):
    form = accept_form(payer, contract, card(deal.client, DECLINES))
    answer = payer.post(page(contract), form)
    assert answer.status_code == 422
    assert "Nothing was charged, and nothing is accepted yet." in said(answer)
    assert wrong_fields(answer) == ["method"]
    still_proposed(contract)
    assert payer.post(page(contract), accept_form(payer, contract, deal.card)).status_code == 302
    contract.refresh_from_db()
    assert contract.status == "active"


def test_b41_a_charge_under_way_leads_to_its_page_and_back(deal, payer, contract):
    answer = payer.post(page(contract), accept_form(payer, contract, card(deal.client, CONFIRMS)))
    (payment,) = charged(deal)
    assert answer["Location"] == at(contract, f"payments/{payment.pk}/")
    assert payer.get(page(contract))["Location"] == answer["Location"]
    bank().answer(payment.reference, agreed=False)
    hear()
    answer = payer.get(answer["Location"])
    assert "Nothing was charged, and nothing is accepted yet." in said(answer)
    assert f'href="{page(contract)}">Try again' in answer.content.decode()
    still_proposed(contract)


@pytest.mark.parametrize("damage", [{"key": ""}, {"key": "x"}, {"method": ""}, {"method": "999999"}, {"method": "x"}])
def test_a_damaged_form_accepts_nothing(payer, contract, damage):
    answer = payer.post(page(contract), accept_form(payer, contract) | damage)
    assert answer.status_code == 422
    still_proposed(contract)


def test_somebody_elses_card_accepts_nothing(payer, contract):
    foreign = proposed("5.00").card
    assert payer.post(page(contract), accept_form(payer, contract, foreign)).status_code == 422
    still_proposed(contract)


# Declining and withdrawing


def test_b41_declining_keeps_the_reason(payer, contract):
    answer = payer.post(page(contract), {"decline": "1", "reason": "Too much.\r\nAsk in May."})
    assert "You declined the proposed contract. Nothing was charged." in followed(payer, answer)
    contract.refresh_from_db()
    assert (contract.status, contract.events.latest("id").note) == ("declined", "Too much.\nAsk in May.")
    books_hold()


def test_a_reason_that_is_too_long_stays_in_its_field(payer, contract):
    reason = "x" * 10_000
    answer = payer.post(page(contract), {"decline": "1", "reason": reason})
    assert (answer.status_code, wrong_fields(answer)) == (422, ["reason"])
    assert reason in answer.content.decode()
    still_proposed(contract)


def test_b41_the_talent_withdraws_it(deal, contract):
    browser, address = signed_in(deal.earner), at(contract, "proposal/withdrawal/")
    assert "Withdraw the proposal?" in said(browser.get(address))
    assert "You withdrew the proposed contract." in followed(browser, browser.post(address))
    contract.refresh_from_db()
    assert contract.status == "withdrawn"


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (withdraw, "The proposed contract was withdrawn."),
        (decline, "The proposed contract was declined."),
        (accept, "The contract is active"),
        (lambda deal: make_offer_of_it(deal, plan_of("9.00")), "The offer has not been accepted yet."),
    ],
    ids=["withdrawn", "declined", "accepted", "offered"],
)
def test_b41_an_answer_that_comes_too_late_says_why(deal, payer, contract, way, words):
    form = accept_form(payer, contract)
    way(deal)
    answers = [payer.get(page(contract)), payer.post(page(contract), form | {"key": str(uuid.uuid4())})]
    if way is not decline:
        answers.append(payer.post(page(contract), {"decline": "1"}))
    if way is not withdraw:
        answers.append(signed_in(deal.earner).post(at(contract, "proposal/withdrawal/")))
    for answer in answers:
        assert answer.status_code == 409
        assert words in said(answer)
    books_hold()


# Making an offer of it


def test_b41_the_offer_editor_begins_with_what_was_proposed(deal, payer, contract):
    answer = payer.get(at(contract, "offer/?open=1"))
    text = said(answer)
    assert "Make an offer of it" in text
    assert f"Change what {deal.talent.name} proposed, and pay the deposit." in text
    fields = dict(form_in(answer))
    assert (fields["title"], fields["revision"]) == (contract.title, "1")
    first = deal.milestone(1).pk
    sent = put(form_in(answer), **{f"amount-{first}": "80.00", "terms": "Shorter days."})
    text = followed(payer, send(payer, at(contract, "offer/"), sent))
    assert f"Your offer was sent to {deal.talent.name}. $84.95 was charged" in text
    contract.refresh_from_db()
    assert (contract.status, contract.terms, contract.plan_version) == ("offered", "Shorter days.", 2)
    for browser in (payer, signed_in(deal.earner)):
        text = said(browser.get(at(contract, "activity/")))
        assert "made an offer of the proposed contract and paid the deposit, $84.95" in text
        assert "Revision 2: 1 edited" in text
    books_hold()


def test_b41_a_declined_card_leads_to_the_deposit(deal, payer, contract):
    fields = put(form_in(payer.get(at(contract, "offer/?open=1"))), method=str(card(deal.client, DECLINES).pk))
    answer = send(payer, at(contract, "offer/"), fields)
    assert answer.status_code == 422
    assert "The offer is kept as you wrote it" in said(answer)
    contract.refresh_from_db()
    assert (contract.status, contract.answer_by) == ("offered", None)
    text = said(signed_in(deal.earner).get(at(contract, "")))
    assert "The offer cannot be accepted right now" in text
    books_hold()


def test_b41_in_two_windows_the_second_offer_is_stale(payer, contract):
    fields = form_in(payer.get(at(contract, "offer/?open=1")))
    assert send(payer, at(contract, "offer/"), fields).status_code == 302
    again = put(fields, title="Another", offer_key=str(uuid.uuid4()))
    answer = send(payer, at(contract, "offer/"), again)
    assert answer.status_code == 409
    assert "Another" in answer.content.decode()
    books_hold()


def test_b41_a_withdrawn_proposal_makes_no_offer(deal, payer, contract):
    fields = form_in(payer.get(at(contract, "offer/?open=1")))
    withdraw(deal)
    assert payer.get(at(contract, "offer/")).status_code == 409
    answer = send(payer, at(contract, "offer/"), fields)
    assert answer.status_code == 409
    assert "The proposed contract was withdrawn." in said(answer)
    assert charged(deal) == []


# Who


def test_only_those_whose_role_allows_it():
    world = factories.agreed(1, agency=True, paid=1)
    before = world.contract
    deal = Deal(before.client, before.talent, world.client, world.talent, card(before.client))
    contract = propose(deal, plan_of("5.00"))
    assign_members(contract=contract, by=world.talent, memberships=world.member.memberships.all())
    for user, answering, withdrawing in (
        (world.viewer, 403, 403), (world.talent, 403, 200), (world.member, 403, 403), (world.client, 200, 403),
        (world.manager, 200, 403), (world.idle, 404, 404), (outsider(), 404, 404),
    ):  # fmt: skip
        browser = signed_in(user)
        for address, status in (("proposal/", answering), ("proposal/withdrawal/", withdrawing)):
            assert browser.get(at(contract, address)).status_code == status
            if status != 200:
                assert browser.post(at(contract, address), {"decline": "1"}).status_code == status
        if answering != 200:
            assert browser.get(at(contract, "offer/")).status_code == answering
    still_proposed(contract)
