"""The contract room of a proposed contract: whose turn it is, and that every tab reads right (B41)."""

import pytest
from django.test import Client

from contracts.models import Contract
from contracts.tests.dealing import Deal
from contracts.tests.proposing import accept, decline, proposed
from contracts.tests.visiting import at, said, signed_in
from escrow.tests.paying import LATER
from marketplace.models import MemberRole
from tests.factories import joined

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


def test_b41_the_room_says_whose_turn_it_is(deal, payer, contract):
    text = said(payer.get(at(contract, "")))
    assert "Your next step Answer the proposed contract" in text
    assert "Proposed $150.00 Paid $0.00 Held $0.00 To fund $150.00" in text
    assert f'href="{page(contract)}">Read and answer' in payer.get("/jobs/").content.decode()
    assert "Make an offer of it" in text
    browser = signed_in(deal.earner)
    answer = browser.get(at(contract, ""))
    assert f"Waiting for {deal.client.name} to answer your proposal" in said(answer)
    assert at(contract, "proposal/withdrawal/") in answer.content.decode()
    assert page(contract) + '"' not in answer.content.decode()
    viewer = signed_in(joined(deal.client, MemberRole.VIEWER))
    assert "Waiting for your team to answer the proposed contract" in said(viewer.get(at(contract, "")))


@pytest.mark.parametrize("side", ["payer", "earner"])
def test_b41_every_tab_can_be_read_by_both(deal, contract, side):
    browser = signed_in(getattr(deal, side))
    assert "proposed this contract." in said(browser.get(at(contract, "activity/")))
    text = said(browser.get(at(contract, "terms/")))
    assert "the offer expires" not in text
    assert "The client is changing" not in text


def test_b41_after_it_was_declined_the_room_speaks_of_no_money(deal, payer, contract):
    decline(deal)
    text = said(payer.get(at(contract, "")))
    assert "Nothing to do: it was declined" in text
    assert "Proposed $" not in text
    assert contract.title in said(payer.get("/jobs/?show=ended"))


def test_b41_the_payments_name_the_milestone(deal, payer):
    accept(deal, LATER)
    assert "Step 1" in said(payer.get("/payments/"))
