"""What staff read is compared with the ledger, page by page; each comparison notices one false cent (I15)."""
# ruff: noqa: S608 - the statements are put together of what stands here

from collections.abc import Callable

import pytest
from django.test import Client

from contracts.models import Contract
from contracts.tests.dealing import Deal, agreed
from contracts.tests.staffing import finance
from tests.books import books_hold
from tests.screens import hold_between
from tests.screens_staff import PAGES, seen_by_staff
from tests.staff import at_work, staff
from tests.test_screens import falsified
from tests.truth_staff import Truth

# One false cent each in a row that these pages are made of, and no others are asked.
LAST = "id = (SELECT max(transfer.id) FROM escrow_transfer AS transfer JOIN escrow_account AS account "
LAST += "ON account.id = credit_id WHERE kind = 'escrow' AND scope = %(key)s)"
OF_CONTRACT = "WHERE contract_id = %(key)s"
FALSE = {
    "what an account holds": (
        "UPDATE escrow_account SET balance = balance + %(cent)s WHERE kind = 'escrow' AND scope = %(key)s",
        ["room", "lists", "dispute", "paper"],
    ),
    "what it held then": (
        f"UPDATE escrow_transfer SET credit_balance = credit_balance + %(cent)s WHERE {LAST}",
        ["room", "lists", "account", "dispute", "paper"],
    ),
    "what was charged": (
        "UPDATE escrow_payment SET amount = amount + %(cent)s WHERE id = (SELECT id FROM escrow_payment "
        "WHERE scope = %(key)s AND direction = 'charge' AND status = 'confirmed' ORDER BY created_at LIMIT 1)",
        ["room", "lists"],
    ),
    "what was agreed": (
        f"UPDATE contracts_milestone SET amount = amount + %(cent)s {OF_CONTRACT} AND position = 2",
        ["room", "lists", "dispute", "paper"],
    ),
    "what was divided": (
        f"UPDATE contracts_dispute SET paid = paid + %(cent)s {OF_CONTRACT} AND paid IS NOT NULL",
        ["room", "dispute", "paper"],
    ),
    "what was earned": (
        f"UPDATE contracts_earning SET gross = gross + %(cent)s, net = net + %(cent)s {OF_CONTRACT}",
        ["lists", "dispute", "paper"],
    ),
    "what was told": (
        f"UPDATE contracts_event SET paid = paid + %(cent)s {OF_CONTRACT} AND kind = 'dispute_decided'",
        ["room", "dispute", "paper"],
    ),
}


def noticing(browser: Client, contract: Contract) -> list[str]:
    """The kinds of pages whose comparison fails now, each by itself."""
    truth = Truth()
    return [name for name, page in PAGES.items() if fails(page, truth, browser, contract)]


def fails(page: Callable, *asked: object) -> bool:
    try:
        return not list(page(*asked))
    except AssertionError:
        return True


@pytest.fixture
def decided(own_database) -> Deal:
    """A contract that goes on after a dispute: 60 of 100 dollars paid, the rest given back."""
    deal = agreed("100.00", "1500.00")
    deal.submit(1)
    deal.dispute(deal.payer)
    deal.offer_split(deal.earner, "80.00")
    seen_by_staff([deal.contract])
    deal.decide("60.00", finance())
    deal.fund(2)
    return deal


def test_i15_staff_read_what_the_ledger_says_and_each_page_notices_one_false_cent(decided):
    contract, browser = decided.contract, at_work(staff("finance"))
    assert seen_by_staff([contract]) > 100
    for what, (statement, pages) in FALSE.items():
        with falsified(statement, contract):
            assert noticing(browser, contract) == pages, what
    assert not noticing(browser, contract)
    hold_between(decided.client, decided.talent)
    books_hold()
