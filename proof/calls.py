"""What a payment gateway calls about, and the call: signed, over HTTP, and the same again until somebody takes it.

The sandbox writes down what it would call about; here each call is made by hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from contracts.operations.withdrawal import withdraw
from contracts.tests import dealing
from contracts.tests.dealing import Deal, bank
from escrow.gateways.base import Declined
from escrow.models import Payment
from escrow.operations import payments
from escrow.tests import paying
from proof.act import Ready
from proof.begun import called_back, came_too_late
from proof.browser import Answer, Browser
from proof.caller import WEBHOOK
from proof.dying_web import DyingWeb
from proof.earning import without_hold
from tests import factories


@dataclass(frozen=True)
class Call:
    """`begin` ends with something that the gateway is about to call about."""

    name: str
    begin: Callable[[], Deal]
    does: Callable[..., object] = payments.hear

    def ready(self, deal: Deal, web: DyingWeb) -> Ready:
        body, signed = bank().calls()[-1]
        there = Browser(web.port, "")

        def call(**headers: str) -> Answer:
            return there.call(WEBHOOK, body, signed | headers)

        return Ready(call, 200)


def decided() -> Deal:
    """The bank decided about the deposit, later."""
    deal = dealing.offered("100.00", "50.00", method=paying.LATER)
    bank().answer(deal.charges[0].reference, agreed=True)
    return deal


def failed_first() -> Deal:
    """Here the deposit failed, and the bank made the charge all the same."""
    deal = dealing.offered("100.00", method=paying.LATER)
    payments.settle(deal.charges[0].pk, Declined("Too late."))
    bank().answer(deal.charges[0].reference, agreed=True)
    return deal


def withdrawn() -> Deal:
    """What was released is withdrawn, most of it."""
    deal = without_hold("100.00", "50.00")
    account = factories.bank(deal.talent)
    withdraw(by=deal.earner, party=deal.talent, key=uuid4(), amount=paying.Decimal("60.00"), method=account)
    return deal


def charged_back(deal: Deal) -> Deal:
    """The payer's bank takes the deposit back."""
    bank().charge_back(deal.charges[0].reference)
    return deal


def payout_returned() -> Deal:
    """The talent owes something since a chargeback, and then its bank sends its payout back."""
    deal = charged_back(withdrawn())
    dealing.hear()
    bank().send_back(Payment.objects.get(party=deal.talent, direction="payout").reference)
    return deal


CALLS = (
    Call("a call confirms a charge", decided),
    Call("a call confirms a charge that has no purpose any more", came_too_late),
    Call("a call confirms a charge that had failed here", failed_first),
    Call("a call takes a charge back of what is held", lambda: charged_back(dealing.agreed("100.00", "50.00"))),
    Call("a call takes a charge back of what was withdrawn", lambda: charged_back(withdrawn())),
    Call("a call returns a payout to a talent who owes", payout_returned),
    Call("a call returns a refund", called_back),
)
