"""Stripe through its own client against a stand-in server, from a card to signed calls."""

import json
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.utils import timezone

from escrow.gateways.base import (
    Confirmed,
    Declined,
    GatewayUnavailable,
    MethodRefused,
    NeedsConfirmation,
    Unknown,
)
from escrow.gateways.stripe import StripeGateway
from escrow.models import Payment, PaymentStatus
from escrow.operations import payments
from escrow.operations.methods import add_method
from escrow.tests.paying import HUNDRED, TOLD, assert_books_hold, begun, held, journals
from tests.factories import PartyFactory

SECRET, WHISPER = "sk_test_12345", "whsec_whisper"
AMOUNT = Decimal("12.34")
PATIENCE = 60
VISA, DECLINES, CONFIRMS, REFUSED_AT_ONCE = (
    "4242424242424242", "4000000000000341", "4000002500003155", "4000000000000002",
)  # fmt: skip


@pytest.fixture(scope="module")
def there() -> Iterator[str]:
    """The address of a stand-in Stripe."""
    program = Path(__file__).parent / "stand_in_stripe.py"
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


@pytest.fixture
def gateway(there) -> StripeGateway:
    return StripeGateway(secret_key=SECRET, webhook_secret=WHISPER, currency="USD", api_base=there)


def card(gateway: StripeGateway, number: str) -> str:
    """What Stripe's own page would answer for this number."""
    details = {"number": number, "exp_month": 12, "exp_year": 2035, "cvc": "123"}
    return gateway.client.v1.payment_methods.create({"type": "card", "card": details}).id


def token(gateway: StripeGateway, number: str) -> str:
    return gateway.keep_method(card(gateway, number), "somebody").token


def key() -> str:
    return str(uuid.uuid4())


def a_minute_ago():
    return timezone.now() - timedelta(minutes=1)


# What is asked of Stripe


def test_a_card_is_kept_under_stripes_names(gateway):
    method = card(gateway, VISA)
    kept = gateway.keep_method(method, "somebody")
    assert (kept.kind, kept.brand, kept.last4) == ("card", "Visa", "4242")
    customer, _slash, name = kept.token.partition("/")
    assert (customer[:4], name) == ("cus_", method)
    gateway.forget_method(kept.token)
    gateway.forget_method("cus_gone/pm_gone")


def test_a_number_or_a_card_that_the_bank_refuses_is_not_kept(gateway):
    with pytest.raises(MethodRefused, match="page of the payment provider"):
        gateway.keep_method(VISA, "somebody")
    with pytest.raises(MethodRefused, match="declined"):
        gateway.keep_method(card(gateway, REFUSED_AT_ONCE), "somebody")


def test_a_charge_carries_our_key_and_its_amount_in_cents(gateway):
    used = key()
    outcome = gateway.charge(used, AMOUNT, token(gateway, VISA))
    assert isinstance(outcome, Confirmed)
    intent = gateway.client.v1.payment_intents.retrieve(outcome.reference)
    assert (intent.amount, intent.currency, intent.metadata["payment"]) == (1234, "usd", used)
    assert gateway.confirm(outcome.reference) == outcome == gateway.look_up(used, "charge", a_minute_ago())


def test_a_declined_charge_is_declined_in_a_look_up_as_well(gateway):
    used = key()
    outcome = gateway.charge(used, AMOUNT, token(gateway, DECLINES))
    assert (type(outcome), outcome.reason) == (Declined, "Your card was declined.")
    found = gateway.look_up(used, "charge", a_minute_ago())
    assert (type(found), found.reason) == (Declined, "Your card was declined.")


def test_a_charge_that_needs_confirmation_waits_and_can_be_cancelled(gateway):
    outcome = gateway.charge(key(), AMOUNT, token(gateway, CONFIRMS))
    assert isinstance(outcome, NeedsConfirmation)
    assert gateway.confirm(outcome.reference) == outcome
    assert gateway.cancel(outcome.reference) == Declined("The payment was not confirmed.", outcome.reference)


def test_cancelling_what_was_confirmed_comes_too_late(gateway):
    outcome = gateway.charge(key(), AMOUNT, token(gateway, VISA))
    assert gateway.cancel(outcome.reference) == outcome


def test_a_key_that_never_arrived_is_not_found(gateway):
    assert [gateway.look_up(key(), each, a_minute_ago()) for each in ("charge", "refund", "payout")] == [None] * 3


def test_a_look_up_finds_one_among_more_than_a_page(gateway):
    used, kept = key(), token(gateway, VISA)
    keys = [key() for _each in range(101)] + [used]
    outcomes = [gateway.charge(each, AMOUNT, kept) for each in keys]
    assert gateway.look_up(used, "charge", a_minute_ago()) == outcomes[-1]


def test_part_of_a_charge_is_refunded(gateway):
    charge = gateway.charge(key(), AMOUNT, token(gateway, VISA))
    used = key()
    outcome = gateway.refund(used, charge.reference, Decimal("2.34"))
    assert isinstance(outcome, Confirmed)
    assert gateway.confirm(outcome.reference) == outcome == gateway.look_up(used, "refund", a_minute_ago())
    assert gateway.client.v1.refunds.retrieve(outcome.reference).amount == 234


def test_what_stripe_refuses_to_do_did_not_happen(gateway, caplog):
    assert isinstance(gateway.charge(key(), AMOUNT, "cus_gone/pm_gone"), Declined)
    declined = gateway.charge(key(), AMOUNT, token(gateway, DECLINES))
    assert isinstance(gateway.refund(key(), declined.reference or "pi_gone", AMOUNT), Declined)
    assert "Stripe refused" in caplog.text


def test_a_payout_is_under_way_until_the_bank_has_it(there):
    """In euros: the stand-in pays out nothing else."""
    gateway = StripeGateway(secret_key=SECRET, webhook_secret=WHISPER, currency="EUR", api_base=there)
    used = key()
    outcome = gateway.payout(used, AMOUNT, "ba_account")
    assert isinstance(outcome, Unknown)
    assert gateway.look_up(used, "payout", a_minute_ago()) == outcome
    gateway.client.raw_request("post", f"/v1/payouts/{outcome.reference}", status="paid")
    assert gateway.confirm(outcome.reference) == Confirmed(outcome.reference)


@pytest.mark.parametrize("secret", ["sk_", "nonsense"])
def test_wrong_keys_say_nothing_about_a_payment(there, secret):
    gateway = StripeGateway(secret_key=secret, webhook_secret=WHISPER, currency="USD", api_base=there)
    with pytest.raises(GatewayUnavailable):
        gateway.charge(key(), AMOUNT, "cus_some/pm_some")
    with pytest.raises(GatewayUnavailable):
        gateway.confirm("pi_some")


def test_nobody_at_the_address_says_nothing_about_a_payment():
    gateway = StripeGateway(
        secret_key=SECRET, webhook_secret=WHISPER, currency="USD", api_base="http://127.0.0.1:1"
    )  # fmt: skip
    with pytest.raises(GatewayUnavailable):
        gateway.charge(key(), AMOUNT, "cus_some/pm_some")
    with pytest.raises(GatewayUnavailable):
        gateway.look_up(key(), "charge", a_minute_ago())


def test_a_look_at_something_that_stripe_does_not_show_proves_nothing(gateway):
    with pytest.raises(GatewayUnavailable):
        gateway.confirm("pi_unknown")


# The whole way, with the site listening for calls


class Quiet(WSGIRequestHandler):
    def log_message(self, *args) -> None:
        """Say nothing."""


@pytest.fixture
def site(own_database, django_db_blocker, settings, there, gateway) -> Iterator[None]:
    """The site with Stripe as its gateway, in a database of its own, and Stripe calling it."""
    settings.GATEWAY, settings.GATEWAYS = "stripe", {"stripe"}
    settings.STRIPE = {"secret_key": SECRET, "webhook_secret": WHISPER, "return_url": "", "api_base": there}
    with django_db_blocker.unblock(), serving() as address:
        calls_go_to(there, f"{address}/payments/webhooks/stripe/")
        yield
        assert_books_hold()


@contextmanager
def serving() -> Iterator[str]:
    """The site at an address of its own, for as long as the block runs."""
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet) as server:
        thread = threading.Thread(target=lambda: (server.serve_forever(0.05), connections.close_all()), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join(PATIENCE)


def calls_go_to(there: str, url: str) -> None:
    """Have the stand-in send its signed calls to this address from now on."""
    body = json.dumps({"url": url, "secret": WHISPER}).encode()
    with urllib.request.urlopen(f"{there}/_config/webhooks/cairn", body, timeout=PATIENCE) as answer:  # noqa: S310
        assert answer.status == 200


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)


def payer(gateway: StripeGateway, number: str):
    return add_method(party=PartyFactory.create(), entry=card(gateway, number))


def test_a_charge_through_stripe_is_held_booked_once_and_given_back(site, gateway):
    payment = payments.ask(begun(payer(gateway, VISA)).pk)
    assert (payment.status, payment.gateway, held(payment)) == (PaymentStatus.CONFIRMED, "stripe", HUNDRED)
    time.sleep(2)  # the stand-in calls a second later
    assert journals(payment) == [f"charge:{payment.pk}"]
    assert TOLD.heard == [("confirmed", payment.subject)]


def test_a_declined_charge_through_stripe_leaves_the_reason(site, gateway):
    payment = payments.ask(begun(payer(gateway, DECLINES)).pk)
    assert (payment.status, payment.failure) == (PaymentStatus.FAILED, "Your card was declined.")
    assert journals(payment) == []


def test_a_charge_whose_answer_was_lost_is_settled_by_stripes_signed_call(site, gateway):
    payment = begun(payer(gateway, VISA))
    payments._mark_asked(payment.pk)
    assert isinstance(payments._put(payment), Confirmed)  # and nobody hears it
    until(lambda: Payment.objects.get(pk=payment.pk).status == PaymentStatus.CONFIRMED)
    assert (held(payment), journals(payment)) == (HUNDRED, [f"charge:{payment.pk}"])


def test_a_charge_whose_answer_was_lost_is_found_by_the_sweep_and_not_made_again(site, there, gateway):
    calls_go_to(there, "http://127.0.0.1:1/")
    payment = begun(payer(gateway, VISA))
    payments._mark_asked(payment.pk)
    payments._put(payment)
    assert payments.sweep_payments(timezone.now() + timedelta(minutes=2)) == 1
    made = gateway.client.v1.payment_intents.list({"limit": 100}).auto_paging_iter()
    assert [each.status for each in made if each.metadata["payment"] == str(payment.pk)] == ["succeeded"]
    assert journals(payment) == [f"charge:{payment.pk}"]


def test_a_charge_that_its_payer_confirms_at_stripe_is_settled_by_the_call(site, gateway):
    payment = payments.ask(begun(payer(gateway, CONFIRMS)).pk)
    assert (payment.status, payment.awaits_payer) == (PaymentStatus.ASKED, True)
    secret = gateway.client.v1.payment_intents.retrieve(payment.reference).client_secret
    gateway.client.raw_request(
        "post", f"/v1/payment_intents/{payment.reference}/_authenticate", client_secret=secret, success=True
    )
    until(lambda: held(payment) == HUNDRED)
    assert Payment.objects.get(pk=payment.pk).status == PaymentStatus.CONFIRMED


def test_a_charge_through_stripe_whose_purpose_is_gone_is_given_back(site, gateway):
    payment = begun(payer(gateway, VISA))
    TOLD.gone.add(payment.subject)
    payment = payments.ask(payment.pk)
    assert payment.status == PaymentStatus.REFUNDED
    (refund,) = gateway.client.v1.refunds.list({"payment_intent": payment.reference}).data
    assert refund.amount == 10_000
