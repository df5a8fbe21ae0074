"""What Stripe says, as values: the states of its objects and its signed calls. No server is asked."""

import json
import time
from decimal import Decimal

import pytest
import stripe

from escrow.gateways.base import (
    BadSignature,
    Confirmed,
    Declined,
    NeedsConfirmation,
    News,
    Notice,
    Unknown,
)
from escrow.gateways.stripe import StripeGateway
from escrow.gateways.stripe_answers import cents, of_intent, of_payout, of_refund

SECRET, WHISPER = "sk_test_12345", "whsec_whisper"


@pytest.fixture
def gateway() -> StripeGateway:
    return StripeGateway(secret_key=SECRET, webhook_secret=WHISPER, currency="USD")


def intent(**fields) -> stripe.PaymentIntent:
    return stripe.PaymentIntent.construct_from({"id": "pi_1", "next_action": None, **fields}, SECRET)


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"status": "succeeded"}, Confirmed("pi_1")),
        ({"status": "processing"}, Unknown("pi_1")),
        ({"status": "a word of next year's"}, Unknown("pi_1")),
        ({"status": "canceled"}, Declined("The payment was not confirmed.", "pi_1")),
        (
            {"status": "requires_payment_method", "last_payment_error": {"message": "Expired."}},
            Declined("Expired.", "pi_1"),
        ),
        (
            {"status": "requires_payment_method", "last_payment_error": None},
            Declined("The bank declined this card.", "pi_1"),
        ),
        (
            {"status": "requires_action", "next_action": {"redirect_to_url": {"url": "https://bank.test/3ds"}}},
            NeedsConfirmation("pi_1", "https://bank.test/3ds"),
        ),
        ({"status": "requires_action", "next_action": {"type": "use_stripe_sdk"}}, NeedsConfirmation("pi_1")),
    ],
)
def test_what_a_payment_intent_says(fields, outcome):
    assert of_intent(intent(**fields)) == outcome


@pytest.mark.parametrize(("status", "kind"), [
    ("succeeded", Confirmed), ("pending", Unknown), ("requires_action", Unknown), ("failed", Declined),
    ("canceled", Declined), (None, Unknown),
])  # fmt: skip
def test_what_a_refund_says(status, kind):
    assert type(of_refund(stripe.Refund.construct_from({"id": "re_1", "status": status}, SECRET))) is kind


@pytest.mark.parametrize(("status", "kind"), [
    ("paid", Confirmed), ("pending", Unknown), ("in_transit", Unknown), ("failed", Declined), ("canceled", Declined),
])  # fmt: skip
def test_what_a_payout_says(status, kind):
    assert type(of_payout(stripe.Payout.construct_from({"id": "po_1", "status": status}, SECRET))) is kind


@pytest.mark.parametrize(("amount", "count"), [("0.01", 1), ("5.00", 500), ("1000004.95", 100000495)])
def test_amounts_are_counted_in_cents(amount, count):
    assert cents(Decimal(amount)) == count


# Calls


def call(event: dict, *, secret: str = WHISPER, age: int = 0) -> tuple[bytes, dict[str, str]]:
    body = json.dumps({"id": "evt_1", "object": "event", **event})
    header = stripe.WebhookSignature.generate_signature_header(body, secret, int(time.time()) - age)
    return body.encode(), {"Stripe-Signature": header}


def about(kind: str, **fields) -> dict:
    return {"type": kind, "data": {"object": fields}}


@pytest.mark.parametrize(
    ("event", "notice"),
    [
        (
            about("payment_intent.succeeded", object="payment_intent", id="pi_1", metadata={"payment": "k"}),
            Notice(News.OUTCOME, "k", "pi_1"),
        ),
        (about("refund.failed", object="refund", id="re_1", metadata={}), Notice(News.OUTCOME, "", "re_1")),
        (about("payout.failed", object="payout", id="po_1", metadata=None), Notice(News.OUTCOME, "", "po_1")),
        (
            about("charge.dispute.funds_withdrawn", object="dispute", id="dp_1", payment_intent="pi_1"),
            Notice(News.CHARGEBACK, "", "pi_1"),
        ),
        (about("charge.dispute.created", object="dispute", id="dp_1", payment_intent="pi_1"), None),
        (about("plan.created", object="plan", id="plan_1", metadata={}), None),
    ],
)
def test_what_a_call_is_about(gateway, event, notice):
    assert gateway.read_notice(*call(event)) == notice


EVENT = about("payment_intent.succeeded", object="payment_intent", id="pi_1", metadata={})


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        call(EVENT, secret="whsec_other"),
        call(EVENT, age=301),
        (call(EVENT)[0] + b" ", call(EVENT)[1]),
        (call(EVENT)[0], {}),
        (call(EVENT)[0], {"Stripe-Signature": "nonsense"}),
        (b"\xff\xfe", call(EVENT)[1]),
    ],
    ids=["another secret", "too old", "changed", "not signed", "nonsense", "no text"],
)
def test_a_call_that_is_not_signed_by_stripe_now_is_none(gateway, body, headers):
    with pytest.raises(BadSignature):
        gateway.read_notice(body, headers)
