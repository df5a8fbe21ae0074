"""Looking at an offer before it is sent or saved: what was typed comes back, nothing is said against it or written."""

from decimal import Decimal

import pytest
from django.test import Client

from contracts.models import Contract
from contracts.tests.browsing import Fields
from contracts.tests.offering import form_in, put, send
from contracts.tests.proposing import charged, proposed
from contracts.tests.visiting import at, followed, held, signed_in, wrong_fields
from tests.books import books_hold
from tests.factories import Agreed, offered

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Agreed:
    """An offer of 100, 101 and 102 dollars."""
    return offered(3)


@pytest.fixture
def contract(world) -> Contract:
    return world.contract


@pytest.fixture
def browser(world) -> Client:
    return signed_in(world.client)


def changed(browser: Client, contract: Contract) -> Fields:
    """The offer as somebody changes it who is not done yet: the second amount is too small, the title is missing."""
    fields = form_in(browser.get(at(contract, "offer/?open=1")))
    second = contract.plan().keys[1]
    return put(fields, title="", terms="Of wood", **{f"title-{second}": "Walls", f"amount-{second}": "2"})


def keys(fields: Fields) -> list[str]:
    return [value for name, value in fields if name == "key"]


def unchanged(contract: Contract) -> None:
    contract.refresh_from_db()
    assert (contract.plan_version, held(contract)) == (1, Decimal("100.00"))
    books_hold()


def test_without_a_script_a_row_is_added_and_nothing_is_written_or_charged(browser, contract):
    fields = changed(browser, contract)
    answer = send(browser, at(contract, "offer/"), [*fields, ("look", "row")])
    assert answer.status_code == 200
    assert not wrong_fields(answer)
    stands = form_in(answer)
    assert (keys(stands)[:3], len(keys(stands))) == (keys(fields), 4)
    assert set(fields) <= set(stands)
    unchanged(contract)


def test_with_the_row_that_was_added_it_is_saved(browser, contract):
    answer = send(browser, at(contract, "offer/"), [*changed(browser, contract), ("look", "row")])
    stands, second = form_in(answer), contract.plan().keys[1]
    new = keys(stands)[-1]
    typed = {f"amount-{second}": "20", f"title-{new}": "Roof", f"amount-{new}": "40"}
    answer = send(browser, at(contract, "offer/"), put(stands, title="A house", **typed))
    assert "The offer was changed. Nothing was charged." in followed(browser, answer)
    contract.refresh_from_db()
    assert [line.title for line in contract.plan()] == ["Step 1", "Walls", "Step 3", "Roof"]
    books_hold()


def test_without_a_script_a_row_is_added_to_what_was_proposed_and_no_offer_is_made():
    deal = proposed("70.00", "80.00")
    payer = signed_in(deal.payer)
    fields = put(form_in(payer.get(at(deal.contract, "offer/?open=1"))), terms="Shorter days.")
    answer = send(payer, at(deal.contract, "offer/"), [*fields, ("look", "row")])
    assert answer.status_code == 200
    assert len(keys(form_in(answer))) == 3
    assert dict(form_in(answer))["terms"] == "Shorter days."
    assert deal.contract.status == "proposed"
    assert charged(deal) == []
    books_hold()
