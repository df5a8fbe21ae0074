"""What a page says of a charge once the contract changed: meanwhile, or before the same form came again (I17).

None says that something is charged, held or active which is not.
"""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from contracts.operations.offers import accept_offer, withdraw_offer
from contracts.tests import proposing
from contracts.tests.browsing import Fields
from contracts.tests.dealing import D, Deal, agreed, charge_back, offered, plan_of
from contracts.tests.offering import ana_lima, client_with_card, form_in, put, send, to, written
from contracts.tests.visiting import at, fill, followed, said, signed_in
from contracts.tests.visiting import send as post
from escrow.gateways.base import GatewayUnavailable
from escrow.gateways.sandbox import SandboxGateway
from escrow.tests.paying import DECLINES
from tests.books import books_hold
from tests.factories import card, joined

pytestmark = pytest.mark.django_db
WENT_BACK = "went back to Visa •••• 4242: the contract changed meanwhile."
OVER = "The offer is not open any more"


@pytest.fixture
def meanwhile(monkeypatch) -> Callable[[Callable], None]:
    """Let somebody act while the gateway makes the next charge."""
    charge = SandboxGateway.charge

    def let(act: Callable) -> None:
        def slow(*asked):
            monkeypatch.setattr(SandboxGateway, "charge", charge)
            act()
            return charge(*asked)

        monkeypatch.setattr(SandboxGateway, "charge", slow)

    return let


@pytest.fixture
def deal() -> Deal:
    """The first milestone is paid, and 90.00 is to be charged for the second."""
    deal = agreed("100.00", "90.00")
    deal.release(1, "100.00")
    return deal


def funding(deal: Deal) -> str:
    return at(deal.contract, f"milestones/{deal.milestone(2).pk}/funding/")


# The contract changed while the gateway answered


def test_money_for_a_milestone_of_a_contract_that_ended_meanwhile_went_back(deal, meanwhile):
    browser = signed_in(deal.payer)
    form = fill(browser, funding(deal), method=deal.card.pk)
    meanwhile(deal.leave)
    for _again in range(2):
        text = followed(browser, post(browser, funding(deal), form))
        assert f"$90.00 {WENT_BACK}" in text
        assert "is active" not in text
    assert deal.sent_back == [D("90.00")]
    books_hold()


def test_the_page_of_such_a_payment_says_that_it_goes_back_before_it_did(deal, meanwhile, monkeypatch):
    def silent(*_asked) -> None:
        raise GatewayUnavailable

    browser = signed_in(deal.payer)
    form = fill(browser, funding(deal), method=deal.card.pk)
    monkeypatch.setattr(SandboxGateway, "refund", silent)
    meanwhile(deal.leave)
    post(browser, funding(deal), form)
    text = said(browser.get(at(deal.contract, f"payments/{form['key']}/")))
    assert "$90.00 goes back to Visa •••• 4242: the contract changed meanwhile." in text
    assert "was charged" not in text
    books_hold()


def test_b41_money_for_a_proposal_that_was_withdrawn_meanwhile_went_back(meanwhile):
    deal = proposing.proposed("100.00", "50.00")
    meanwhile(lambda: proposing.withdraw(deal))
    browser = signed_in(deal.payer)
    form = {"key": str(uuid.uuid4()), "accept": "1", "method": str(deal.card.pk)}
    text = followed(browser, post(browser, at(deal.contract, "proposal/"), form))
    assert f"$104.95 {WENT_BACK}" in text
    assert "You accepted it" not in text
    books_hold()


def test_b40_the_deposit_of_an_offer_that_was_withdrawn_meanwhile_went_back(meanwhile):
    deal = offered("100.00")
    browser = signed_in(deal.payer)
    meanwhile(lambda: withdraw_offer(contract=deal.contract, by=deal.payer))
    text = followed(browser, send(browser, at(deal.contract, "offer/"), dearer(browser, deal)))
    assert f"$50.00 {WENT_BACK}" in text
    assert "is held until the offer" not in text
    books_hold()


# The same form again


def test_the_form_of_a_milestone_says_later_that_it_is_not_active_any_more(deal):
    browser = signed_in(deal.payer)
    form = fill(browser, funding(deal), method=deal.card.pk)
    post(browser, funding(deal), form)
    deal.release(2, "90.00")
    text = followed(browser, post(browser, funding(deal), form))
    assert "“Step 2” was activated, and is not active any more. $90.00 was charged to Visa •••• 4242." in text
    books_hold()


def test_the_form_of_a_milestone_says_that_the_bank_took_its_money_back(deal):
    browser = signed_in(deal.payer)
    form = fill(browser, funding(deal), method=deal.card.pk)
    post(browser, funding(deal), form)
    charge_back(deal.charges[-1])
    text = followed(browser, post(browser, funding(deal), form))
    assert "The payer's bank took the money back." in text
    assert "Nothing was charged" not in text
    books_hold()


def test_the_form_of_a_card_that_failed_says_so_once_another_one_paid(deal):
    browser = signed_in(deal.payer)
    form = fill(browser, funding(deal), method=card(deal.client, DECLINES).pk)
    assert post(browser, funding(deal), form).status_code == 422
    deal.fund(2)
    text = followed(browser, post(browser, funding(deal), form))
    assert "Nothing was charged." in text
    assert "stays a future one" not in text
    books_hold()


@pytest.fixture
def made() -> tuple[Client, str, Fields, Deal]:
    """An offer that was made on its page: by whom, where, with what, and what came of it."""
    client, talent = client_with_card(), ana_lima()
    payer, earner = joined(client, "owner"), talent.memberships.get().user
    browser = signed_in(payer)
    fields = written(browser, to(talent))
    followed(browser, send(browser, to(talent), fields))
    deal = Deal(client, talent, payer, earner, client.payment_methods.get(), uuid.UUID(dict(fields)["offer_key"]))
    return browser, to(talent), fields, deal


def test_b40_the_form_of_an_offer_says_what_became_of_its_deposit(made):
    browser, address, fields, deal = made
    assert "$124.95 was charged to Visa •••• 4242 and is held" in followed(browser, send(browser, address, fields))
    withdraw_offer(contract=deal.contract, by=deal.payer)
    text = followed(browser, send(browser, address, fields))
    assert "$124.95 goes back to Visa •••• 4242: the contract changed meanwhile." in text
    assert "is held until the offer" not in text
    books_hold()


def test_b40_the_form_of_an_offer_says_that_it_was_answered(made):
    browser, address, fields, deal = made
    accept_offer(contract=deal.contract, by=deal.earner, version=1)
    text = followed(browser, send(browser, address, fields))
    assert f"$124.95 was charged to Visa •••• 4242. {OVER}" in text
    assert "is held until the offer" not in text
    books_hold()


def test_b40_the_form_whose_card_failed_asks_for_no_deposit_once_it_is_paid():
    client, talent = client_with_card(), ana_lima()
    browser = signed_in(joined(client, "owner"))
    fields = put(written(browser, to(talent)), method=str(card(client, DECLINES).pk))
    assert "Pay the deposit" in said(send(browser, to(talent), fields))
    deal = Deal(client, talent, None, None, None, uuid.UUID(dict(fields)["offer_key"]))
    form = {"key": str(uuid.uuid4()), "method": str(client.payment_methods.get(last4="4242").pk)}
    assert "is held until the offer" in followed(browser, post(browser, at(deal.contract, "deposit/"), form))
    assert "The offer is open for an answer." in followed(browser, send(browser, to(talent), fields))
    accept_offer(contract=deal.contract, by=talent.memberships.get().user, version=1)
    for text in (
        followed(browser, send(browser, to(talent), fields)),
        followed(browser, post(browser, at(deal.contract, "deposit/"), form)),
    ):
        assert OVER in text
        assert "Pay the deposit" not in text
    assert len(deal.charges) == 2
    books_hold()


def test_b40_an_offer_whose_card_failed_was_never_made_once_it_is_withdrawn():
    client, talent = client_with_card(), ana_lima()
    payer = joined(client, "owner")
    browser, paying = signed_in(payer), card(client, DECLINES)
    fields = put(written(browser, to(talent)), method=str(paying.pk))
    assert send(browser, to(talent), fields).status_code == 422
    deal = Deal(client, talent, payer, None, None, uuid.UUID(dict(fields)["offer_key"]))
    form = {"key": str(uuid.uuid4()), "method": str(paying.pk)}
    assert post(browser, at(deal.contract, "deposit/"), form).status_code == 422
    withdraw_offer(contract=deal.contract, by=payer)
    for answer in (send(browser, to(talent), fields), post(browser, at(deal.contract, "deposit/"), form)):
        assert answer.status_code == 409
        assert "The offer was withdrawn." in said(answer)
    books_hold()


def dearer(browser: Client, deal: Deal) -> Fields:
    """The form of an offer, with a first milestone of 150.00."""
    key = deal.contract.plan().keys[0]
    fields = form_in(browser.get(at(deal.contract, "offer/")))
    return put(fields, **{f"title-{key}": "Step 1", f"amount-{key}": "150.00"})


def test_b40_the_form_of_a_change_says_that_it_was_answered():
    deal = offered("100.00")
    browser = signed_in(deal.payer)
    fields = dearer(browser, deal)
    for _twice in range(2):
        text = followed(browser, send(browser, at(deal.contract, "offer/"), fields))
        assert "The offer was changed. $50.00 was charged" in text
    deal.accept(version=2)
    text = followed(browser, send(browser, at(deal.contract, "offer/"), fields))
    assert f"$50.00 was charged to Visa •••• 4242. {OVER}" in text
    assert deal.contract.plan_version == 2
    books_hold()


def test_b40_of_a_deposit_that_went_back_in_part_nobody_says_that_it_is_held(made):
    browser, address, fields, deal = made
    deal.change(plan_of("60.00"), base=1)
    text = followed(browser, send(browser, address, fields))
    assert "$124.95 was charged to Visa •••• 4242." in text
    assert "is held until the offer" not in text
    books_hold()


def test_the_form_of_a_bonus_says_that_the_bank_took_it_back(deal):
    browser = signed_in(deal.payer)
    form = {"key": str(uuid.uuid4()), "amount": "10.00", "method": str(deal.card.pk), "note": ""}
    assert "a bonus" in followed(browser, post(browser, at(deal.contract, "bonus/"), form))
    charge_back(deal.charges[-1])
    text = followed(browser, post(browser, at(deal.contract, "bonus/"), form))
    assert "The payer's bank took the money back." in text
    books_hold()
