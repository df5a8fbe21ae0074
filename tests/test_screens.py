"""The comparison of pages with the ledger notices a figure that is not the ledger's (I15)."""
# ruff: noqa: S608 - the statements are put together of what stands here

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from contracts.models import Contract
from contracts.tests.billing import lived
from contracts.tests.dealing import agreed, charge_back, offered, plan_of
from escrow.tests.paying import DECLINES
from tests.books import books_hold
from tests.factories import card
from tests.screens import acting_for, hold_between, settling_holds
from tests.truth_settling import Truth

# One false cent each, in a row that pages are made of: `%(cent)s` more, of the contract `%(key)s`.
FIRST = "id = (SELECT id FROM contracts_earning WHERE contract_id = %(key)s ORDER BY at LIMIT 1)"
FALSE = {
    "what is available": "UPDATE escrow_account SET balance = balance + %(cent)s WHERE kind = 'available' "
    "AND party_id = (SELECT talent_id FROM contracts_contract WHERE id = %(key)s)",
    "what the fee was": f"UPDATE contracts_earning SET fee = fee + %(cent)s, net = net - %(cent)s WHERE {FIRST}",
    "what was paid": f"UPDATE contracts_earning SET gross = gross + %(cent)s, net = net + %(cent)s WHERE {FIRST}",
    "what an invoice says": "UPDATE contracts_invoice SET gross = gross + %(cent)s, net = net + %(cent)s "
    f"WHERE earning_{FIRST}",
    "what was charged": "UPDATE escrow_payment SET amount = amount + %(cent)s WHERE id = (SELECT id "
    "FROM escrow_payment "
    "WHERE scope = %(key)s AND direction = 'charge' AND status = 'confirmed' ORDER BY created_at LIMIT 1)",
    "what was moved": "UPDATE escrow_transfer SET amount = amount + %(cent)s WHERE id = (SELECT min(transfer.id) FROM "
    "escrow_transfer AS transfer JOIN escrow_journal AS journal ON journal.id = journal_id "
    "WHERE scope = %(key)s AND cause = 'release')",
}


# What lies in a contract's account: a cent less of it is shown wherever it is asked back or disputed.
HELD = "UPDATE escrow_account SET balance = balance - %(cent)s WHERE kind = 'escrow' AND scope = %(key)s"


def is_noticed(contract: Contract) -> bool:
    try:
        hold_between(contract.client, contract.talent)
    except AssertionError:
        return True
    return False


@contextmanager
def falsified(statement: str, contract: Contract) -> Iterator[None]:
    """As the owner of the tables, with every trigger off: what no operation, and nobody's SQL, could do."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, {"cent": "0.01", "key": contract.pk})
        assert cursor.rowcount == 1
        yield
        cursor.execute(statement, {"cent": "-0.01", "key": contract.pk})


def test_i15_pages_show_what_the_ledger_says_and_one_false_cent_is_noticed(own_database):
    contract = lived().contract
    assert hold_between(contract.client, contract.talent) > 60
    for what, statement in FALSE.items():
        with falsified(statement, contract):
            assert is_noticed(contract), what
    assert not is_noticed(contract)
    books_hold()


def test_i15_an_offer_that_is_being_changed_is_compared_as_its_talent_was_sent_it(own_database):
    deal = offered("100.00")
    deal.change(plan_of("150.00", "20.00"), base=1, method=card(deal.client, DECLINES))
    assert hold_between(deal.client, deal.talent) > 20
    books_hold()


def notices(page: str, contract: Contract) -> bool:
    """Whether one of its sides finds a wrong figure on this page alone."""
    try:
        for party in (contract.client, contract.talent):
            list(settling_holds(Truth(), acting_for(party), contract, page))
    except AssertionError:
        return True
    return False


def test_i15_pages_of_what_is_asked_back_and_disputed_notice_one_false_cent(own_database):
    disputed, countered, asked = agreed("100.00", "50.00"), agreed("100.00"), agreed("100.00", "50.00")
    disputed.submit(1)
    disputed.dispute(disputed.payer)
    disputed.offer_split(disputed.earner, "60.00")
    countered.end("0.00")
    countered.counter("40.00")
    asked.release(1, "60.00")
    asked.ask_back("40.00")
    for page, deal in (("dispute", disputed), ("refund", countered), ("money-back", asked)):
        assert not notices(page, deal.contract)
        with falsified(HELD, deal.contract):
            assert notices(page, deal.contract), page
        hold_between(deal.client, deal.talent)
    books_hold()


def test_i15_pages_follow_what_a_bank_took_back(own_database):
    deal = agreed("100.00", "50.00")
    bonus = deal.bonus("20.00")
    deal.release(1, "60.00")
    charge_back(bonus)
    books_hold()
    hold_between(deal.client, deal.talent)
    charge_back(deal.charges[0])
    hold_between(deal.client, deal.talent)
    books_hold()
