"""Where an operation of the proof begins: contracts that came there by operations alone, as in the tests."""

from decimal import Decimal
from uuid import uuid4

from django.db import connection, transaction

from contracts.operations.splits import offer_split
from contracts.tests import dealing, proposing
from contracts.tests.dealing import Deal, bank
from escrow.models import Payment
from escrow.tests import paying


def submitted() -> Deal:
    deal = dealing.agreed("100.00", "50.00")
    deal.submit(1)
    return deal


def left_over(amount: str, *plan: str) -> Deal:
    """All but so much of the first milestone was released; the second is next."""
    deal = dealing.agreed(*plan)
    deal.release(1, amount)
    return deal


def asked(pay: str = "20.00") -> Deal:
    """The client ended it, paid so much and asked for the rest."""
    deal = dealing.agreed("100.00", "50.00")
    deal.end(pay)
    return deal


def countered() -> Deal:
    deal = asked()
    deal.counter("30.00")
    return deal


def asked_back() -> Deal:
    deal = left_over("60.00", "100.00", "150.00")
    deal.ask_back("40.00")
    return deal


def disputed() -> Deal:
    """The client disputes work that was submitted, and the talent offers a split."""
    deal = submitted()
    dispute = deal.dispute(deal.payer)
    offer_split(
        contract=deal.contract, by=deal.earner, key=uuid4(), dispute=dispute, to_talent=Decimal("60.00"),
        at_stake=Decimal("100.00"),
    )  # fmt: skip
    return deal


def worked_together() -> Deal:
    """The talent of a contract can make the client of it a proposal."""
    return proposing.proposed("80.00", "40.00")


def lost_answer() -> Deal:
    """The gateway charged the deposit, and nobody heard of it."""
    return dealing.offered("100.00", "50.00", method=paying.TIMES_OUT)


def came_too_late() -> Deal:
    """The deposit was charged after the offer had been withdrawn, and nobody heard of it."""
    deal = dealing.offered("100.00", method=paying.LATER)
    dealing.offers.withdraw_offer(contract=deal.contract, by=deal.payer)
    bank().answer(deal.charges[0].reference, agreed=True)
    return deal


def called_back() -> Deal:
    """The bank sends the refund of a withdrawn offer back, and is about to call."""
    deal = dealing.offered("100.00")
    dealing.offers.withdraw_offer(contract=deal.contract, by=deal.payer)
    bank().send_back(Payment.objects.get(party=deal.client, direction="refund").reference)
    return deal


def came_back() -> Deal:
    """It called: the money is the client's credit now."""
    deal = called_back()
    dealing.hear()
    return deal


def taken_back() -> Deal:
    """The bank took a deposit back while its refund was on its way, and will not make that any more.

    Whoever was to ask for the refund died right after the COMMIT.
    """
    deal = dealing.offered("100.00")
    with transaction.atomic():
        dealing.offers.withdraw_offer(contract=deal.contract, by=deal.payer)
        connection.run_on_commit.clear()
    dealing.charge_back(deal.charges[0])
    return deal
