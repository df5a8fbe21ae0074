"""What Stripe's objects and errors mean for us. Knows no request: only what came back."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import stripe
from django.utils.translation import gettext as _

from escrow.gateways.base import Confirmed, Declined, GatewayUnavailable, NeedsConfirmation, Outcome, Unknown

logger = logging.getLogger(__name__)
KEY = "payment"
CONFLICT = 409  # the same key is being worked on right now


def key_of(thing: Any) -> str:
    """Our key in the metadata of one of Stripe's objects; empty where there is none."""
    return getattr(thing.metadata, KEY, "")


def cents(amount: Decimal) -> int:
    """An amount as Stripe counts it."""
    return int(amount.scaleb(2))


def of_intent(intent: stripe.PaymentIntent) -> Outcome:
    """A charge. One without a payment method was declined: we make each with its method and confirm it at once."""
    match intent.status:
        case "succeeded":
            return Confirmed(intent.id)
        case "requires_action":
            return NeedsConfirmation(intent.id, _redirect(intent.next_action))
        case "requires_payment_method":
            failure = intent.last_payment_error
            return Declined((failure and failure.message) or _("The bank declined this card."), intent.id)
        case "canceled":
            return Declined(_("The payment was not confirmed."), intent.id)
        case _:
            return Unknown(intent.id)


def of_refund(refund: stripe.Refund) -> Outcome:
    return _of(refund.id, refund.status, good={"succeeded"}, bad={"failed", "canceled"})


def of_payout(payout: stripe.Payout) -> Outcome:
    return _of(payout.id, payout.status, good={"paid"}, bad={"failed", "canceled"})


def _of(reference: str, status: str | None, *, good: set[str], bad: set[str]) -> Outcome:
    if status in good:
        return Confirmed(reference)
    return Declined(_("The bank sent the money back."), reference) if status in bad else Unknown(reference)


def _redirect(action: Any) -> str:
    there = getattr(action, "redirect_to_url", None)
    return (there and there.url) or ""


@contextmanager
def telling() -> Iterator[None]:
    """Within it, an error that says nothing of what was asked becomes GatewayUnavailable; a refusal stays itself."""
    try:
        yield
    except stripe.StripeError as error:
        if isinstance(error, stripe.CardError | stripe.InvalidRequestError) and error.http_status != CONFLICT:
            raise
        raise GatewayUnavailable(type(error).__name__) from error


def asked(act: Callable[[], Outcome]) -> Outcome:
    """What a request to move money came to; what Stripe refuses to do at all did not happen."""
    try:
        with telling():
            return act()
    except stripe.CardError as error:
        intent = getattr(error.error, "payment_intent", None)
        return Declined(error.user_message or _("The bank declined this card."), intent.id if intent else "")
    except stripe.InvalidRequestError as error:
        logger.warning("Stripe refused a request: %s", error)
        return Declined(_("The payment provider refused this payment. Use another payment method."))


def looked_at(act: Callable[[], Outcome]) -> Outcome:
    """What a look at something came to; that Stripe does not show it proves nothing."""
    try:
        with telling():
            return act()
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        raise GatewayUnavailable(type(error).__name__) from error
