"""Stripe as a payment gateway: PaymentIntents, refunds, payouts and signed webhooks. Knows no payment row.

Stripe acts once for an idempotency key but cannot be asked about one, and forgets it after a day. So our key goes
into the metadata of everything as well, and a look-up goes through the lists, which, unlike the search, lag nothing.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import stripe
from django.utils.translation import gettext as _
from stripe.params import PaymentIntentCreateParams

from escrow.gateways.base import (
    BadSignature,
    Direction,
    Kept,
    MethodKind,
    MethodRefused,
    NeedsConfirmation,
    News,
    Notice,
    Outcome,
)
from escrow.gateways.stripe_answers import (
    KEY,
    asked,
    cents,
    key_of,
    looked_at,
    of_intent,
    of_payout,
    of_refund,
    telling,
)

SECONDS = 10
SLACK = timedelta(minutes=10)  # between Stripe's clock and ours
FAMILIES = {"payment_intent": News.OUTCOME, "refund": News.OUTCOME, "payout": News.OUTCOME}
MONEY_TAKEN_BACK = "charge.dispute.funds_withdrawn"


class StripeGateway:
    """Stripe, or at `api_base` a stand-in for it. A kept card's token is `customer/method`."""

    name = "stripe"

    def __init__(
        self, *, secret_key: str, webhook_secret: str, currency: str, return_url: str = "", api_base: str = ""
    ) -> None:
        self.client = stripe.StripeClient(
            secret_key,
            http_client=stripe.RequestsClient(timeout=SECONDS),
            base_addresses={"api": api_base} if api_base else {},
            max_network_retries=0,  # the sweep asks again
        )
        self.webhook_secret = webhook_secret
        self.currency = currency.lower()
        self.return_url = return_url

    def charge(self, key: str, amount: Decimal, token: str) -> Outcome:
        customer, _slash, method = token.partition("/")
        params: PaymentIntentCreateParams = {
            "amount": cents(amount),
            "currency": self.currency,
            "customer": customer,
            "payment_method": method,
            "confirm": True,
            "metadata": {KEY: key},
        }
        if self.return_url:
            params["return_url"] = self.return_url
        return asked(lambda: of_intent(self.client.v1.payment_intents.create(params, {"idempotency_key": key})))

    def refund(self, key: str, reference: str, amount: Decimal) -> Outcome:
        return asked(
            lambda: of_refund(
                self.client.v1.refunds.create(
                    {"payment_intent": reference, "amount": cents(amount), "metadata": {KEY: key}},
                    {"idempotency_key": key},
                )
            )
        )

    def payout(self, key: str, amount: Decimal, token: str) -> Outcome:
        """To an external account of the platform's own. Paying others directly would need Stripe's Connect."""
        return asked(
            lambda: of_payout(
                self.client.v1.payouts.create(
                    {"amount": cents(amount), "currency": self.currency, "destination": token, "metadata": {KEY: key}},
                    {"idempotency_key": key},
                )
            )
        )

    def confirm(self, reference: str) -> Outcome:
        match reference.partition("_")[0]:
            case "pi":
                return looked_at(lambda: of_intent(self.client.v1.payment_intents.retrieve(reference)))
            case "re":
                return looked_at(lambda: of_refund(self.client.v1.refunds.retrieve(reference)))
            case _:
                return looked_at(lambda: of_payout(self.client.v1.payouts.retrieve(reference)))

    def agree(self, reference: str) -> Outcome:
        return self.confirm(reference)

    def cancel(self, reference: str) -> Outcome:
        standing = self.confirm(reference)
        if not isinstance(standing, NeedsConfirmation):
            return standing
        return looked_at(lambda: of_intent(self.client.v1.payment_intents.cancel(reference)))

    def look_up(self, key: str, direction: str, since: datetime) -> Outcome | None:
        lists: dict[str, tuple[Any, Callable[[Any], Outcome]]] = {
            Direction.CHARGE: (self.client.v1.payment_intents, of_intent),
            Direction.REFUND: (self.client.v1.refunds, of_refund),
            Direction.PAYOUT: (self.client.v1.payouts, of_payout),
        }
        service, read = lists[direction]
        earliest = (since - SLACK).timestamp()
        with telling():
            for found in service.list({"limit": 100}).auto_paging_iter():  # newest first
                if key_of(found) == key:
                    return read(found)
                if found.created < earliest:
                    break
        return None

    def keep_method(self, entry: str, owner: str) -> Kept:
        """`entry` is the id of a PaymentMethod that Stripe's own page has made; a number never comes here."""
        if not entry.startswith("pm_"):
            raise MethodRefused(_("Add the card on the page of the payment provider."))
        try:
            with telling():
                customer = self.client.v1.customers.create({"metadata": {"party": owner}}, {"idempotency_key": entry})
                method = self.client.v1.payment_methods.attach(entry, {"customer": customer.id})
        except (stripe.CardError, stripe.InvalidRequestError) as refusal:
            raise MethodRefused(refusal.user_message or _("The bank declined this card.")) from None
        if not method.card:
            raise MethodRefused(_("This is not a card."))
        return Kept(f"{customer.id}/{method.id}", MethodKind.CARD, method.card.brand.title(), method.card.last4)

    def forget_method(self, token: str) -> None:
        try:
            with telling():
                self.client.v1.payment_methods.detach(token.partition("/")[2])
        except stripe.InvalidRequestError:
            return

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> Notice | None:
        try:
            event = self.client.construct_event(body, headers.get("Stripe-Signature", ""), self.webhook_secret)
        except (stripe.SignatureVerificationError, ValueError, UnicodeDecodeError):
            raise BadSignature from None
        about: Any = event.data.object
        if event.type == MONEY_TAKEN_BACK:
            return Notice(News.CHARGEBACK, "", about.payment_intent or "")
        news = FAMILIES.get(about.object)
        return Notice(news, key_of(about), about.id) if news else None
