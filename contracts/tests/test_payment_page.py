"""The page of a charge that is not settled: it waits, the payer agrees or calls it off, it says what came of it."""

from datetime import timedelta

import pytest

from contracts.models import Contract
from contracts.states import MilestoneStatus
from contracts.tests.browsing import HTMX, read, with_id
from contracts.tests.pages import fragment, words
from contracts.tests.visiting import NOWHERE, at, followed, held, said, signed_in
from escrow.gateways.base import GatewayUnavailable
from escrow.models import Payment, PaymentStatus
from escrow.operations import payments
from escrow.tests.paying import CONFIRMS, DECLINES, LATER, UNREACHABLE, sandbox
from marketplace import clock
from tests.books import books_hold
from tests.factories import agreed, card, fund, outsider

S = MilestoneStatus
pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return agreed(2, paid=1)


@pytest.fixture
def contract(world) -> Contract:
    return world.contract


@pytest.fixture
def browser(world):
    return signed_in(world.client)


def begun(contract: Contract, number: str) -> Payment:
    """The charge for the second milestone, asked for with the card of this number."""
    return fund(contract.milestones.get(position=2), card(contract.client, number))


def page(payment: Payment) -> str:
    return f"/contracts/{payment.subject}/payments/{payment.pk}/"


def state(contract: Contract) -> str:
    return contract.milestones.get(position=2).status


def polls(root) -> bool:
    return with_id(root, "payment").get("hx-trigger") is not None


def test_b21_the_payer_agrees_and_the_milestone_is_active(browser, contract):
    payment = begun(contract, CONFIRMS)
    text = said(browser.get(page(payment)))
    assert "Step 2" in text
    assert "The bank wants you to agree to this charge." in text
    answer = browser.post(page(payment), {"answer": "confirm"})
    assert "$101.00 was charged, and the milestone is active." in followed(browser, answer)
    assert (state(contract), held(contract)) == (S.ACTIVE, 101)
    books_hold()


def test_b21_the_payer_calls_it_off_and_nothing_is_charged(browser, contract):
    payment = begun(contract, CONFIRMS)
    text = followed(browser, browser.post(page(payment), {"answer": "cancel"}))
    assert "Nothing was charged. The milestone stays a future one" in text
    assert "Try again" in text
    assert (state(contract), held(contract)) == (S.FUTURE, 0)
    books_hold()


@pytest.mark.parametrize(("first", "then"), [("confirm", "cancel"), ("cancel", "confirm"), ("confirm", "confirm")])
def test_a_second_answer_changes_nothing(browser, contract, first, then):
    payment = begun(contract, CONFIRMS)
    browser.post(page(payment), {"answer": first})
    before = state(contract), held(contract)
    assert browser.post(page(payment), {"answer": then}).status_code == 302
    assert (state(contract), held(contract)) == before
    books_hold()


def test_under_way_it_asks_again_by_itself_until_it_is_settled(browser, contract):
    payment = begun(contract, LATER)
    whole = browser.get(page(payment))
    assert "Under way." in said(whole)
    assert polls(read(whole))
    address = with_id(read(whole), "payment").get("hx-get")
    no_news = browser.get(address, headers=HTMX)
    assert (no_news.status_code, no_news.content) == (204, b"")
    assert "HX-Request" in no_news["Vary"]
    sandbox().answer(Payment.objects.get(pk=payment.pk).reference, agreed=True)
    payments.confirm(payment.pk)
    settled = browser.get(address, headers=HTMX)
    assert not polls(read(settled))
    assert "the milestone is active" in words(fragment(settled))
    books_hold()


def test_a_bank_that_begins_to_ask_the_payer_is_news(browser, contract):
    payment = begun(contract, CONFIRMS)
    region = browser.get(f"{page(payment)}?waits=bank", headers=HTMX)
    assert "The bank wants you to agree" in words(fragment(region))
    assert polls(read(region))
    assert browser.get(f"{page(payment)}?waits=payer", headers=HTMX).status_code == 204


def test_under_way_one_can_ask_again(browser, contract):
    payment = begun(contract, LATER)
    assert "Under way." in followed(browser, browser.post(page(payment), {"answer": "check"}))
    sandbox().answer(Payment.objects.get(pk=payment.pk).reference, agreed=False)
    assert "Nothing was charged" in followed(browser, browser.post(page(payment), {"answer": "check"}))
    books_hold()


def test_nobody_can_agree_to_what_the_bank_has_to_decide(browser, contract):
    payment = begun(contract, LATER)
    browser.post(page(payment), {"answer": "confirm"})
    browser.post(page(payment), {"answer": "cancel"})
    assert Payment.objects.get(pk=payment.pk).is_open


def test_a_bank_with_a_page_of_its_own_is_linked_to(browser, contract):
    payment = begun(contract, CONFIRMS)
    Payment.objects.filter(pk=payment.pk).update(confirm_url="https://bank.example/agree")
    answer = browser.get(page(payment))
    assert [link.get("href") for link in read(answer).iter("a") if "bank" in link.get("href", "")] == [
        "https://bank.example/agree"
    ]
    assert "I have agreed" in said(answer)


def test_a_charge_whose_answer_was_lost_is_only_under_way(browser, contract):
    assert "Under way." in said(browser.get(page(begun(contract, UNREACHABLE))))


def test_a_provider_that_does_not_answer_is_said(browser, contract, monkeypatch):
    payment = begun(contract, CONFIRMS)
    from escrow.gateways.sandbox import SandboxGateway

    def silent(*_args) -> None:
        raise GatewayUnavailable

    monkeypatch.setattr(SandboxGateway, "cancel", silent)
    text = followed(browser, browser.post(page(payment), {"answer": "cancel"}))
    assert "The payment provider does not answer." in text
    assert Payment.objects.get(pk=payment.pk).is_open


def test_what_began_at_a_provider_that_is_not_used_any_more_waits_and_says_so(browser, contract, settings, caplog):
    """Nothing fails, the sweep goes on with the others, and with that provider back in use it is done."""
    payment = begun(contract, CONFIRMS)
    settings.GATEWAYS = {"stripe"}
    assert browser.get(page(payment)).status_code == 200
    for answer in ("confirm", "cancel", "check"):
        text = followed(browser, browser.post(page(payment), {"answer": answer}))
        assert "a payment provider that Cairn does not use any more" in text
    assert payments.sweep_payments(clock.now() + timedelta(hours=2)) == 0
    assert "The gateway sandbox is not in use here" in caplog.text
    assert "Traceback" not in caplog.text
    assert browser.post("/payments/webhooks/sandbox/").status_code == 404
    assert Payment.objects.get(pk=payment.pk).is_open
    settings.GATEWAYS = {"sandbox"}
    browser.post(page(payment), {"answer": "confirm"})
    assert state(contract) == S.ACTIVE
    books_hold()


def test_a_declined_charge_says_why_and_leads_back(browser, contract):
    payment = begun(contract, DECLINES)
    assert payment.status == PaymentStatus.FAILED
    answer = browser.get(page(payment))
    assert "The bank declined this card." in said(answer)
    milestone = contract.milestones.get(position=2)
    links = [link.get("href") for link in read(answer).iter("a")]
    assert at(contract, f"milestones/{milestone.pk}/funding/") in links


def test_the_deposit_of_an_offer_has_a_page_too(browser, contract):
    deposit = Payment.objects.get(purpose="deposit", subject=contract.pk)
    assert "Deposit of an offer" in said(browser.get(page(deposit)))


@pytest.mark.parametrize("answer", ["", "approve", "confirm\x00"])
def test_an_answer_that_is_none_is_refused(browser, contract, answer):
    payment = begun(contract, CONFIRMS)
    assert browser.post(page(payment), {"answer": answer}).status_code == 422
    assert Payment.objects.get(pk=payment.pk).is_open


def test_only_the_client_sees_it_and_a_viewer_only_looks(world, contract):
    payment = begun(contract, CONFIRMS)
    for user in (world.talent, outsider()):
        browser = signed_in(user)
        assert browser.get(page(payment)).status_code == 404
        assert browser.post(page(payment), {"answer": "confirm"}).status_code == 404
    viewer = signed_in(world.viewer)
    assert "Agree to pay" not in said(viewer.get(page(payment)))
    assert viewer.post(page(payment), {"answer": "confirm"}).status_code == 403
    assert "Agree to pay $101.00" in said(signed_in(world.manager).get(page(payment)))


def test_the_payment_of_another_contract_is_not_there(browser, contract):
    other = agreed(1, paid=0, current=S.ACTIVE).contract
    foreign = Payment.objects.get(subject=other.pk)
    for key in (foreign.pk, NOWHERE):
        assert browser.get(at(contract, f"payments/{key}/")).status_code == 404
