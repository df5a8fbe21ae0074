"""Where gateways call: signed calls only, in any order, any number of times, also before our request is answered."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from escrow import ledger
from escrow.gateways import MAKERS
from escrow.gateways.sandbox import SIGNATURE, SandboxGateway
from escrow.models import Kind, PaymentStatus
from escrow.operations import payments
from escrow.tests.paying import (
    BANK,
    CONFIRMS,
    DECLINES,
    HUNDRED,
    LATER,
    TIMES_OUT,
    TOLD,
    TWICE,
    begun,
    charged,
    earned,
    held,
    journals,
    moved_there,
    payer,
    payout,
    sandbox,
)
from marketplace.models import PartyKind
from tests.factories import PartyFactory

ADDRESS = "/payments/webhooks/sandbox/"
pytestmark = pytest.mark.usefixtures("books_hold")


def post(body: bytes, headers: dict[str, str], address: str = ADDRESS) -> int:
    """What the site answers a stranger that is strict about forged requests."""
    client = Client(enforce_csrf_checks=True)
    return client.post(address, body, content_type="application/json", headers=headers).status_code


def deliver() -> list[int]:
    return [post(body, headers) for body, headers in sandbox().calls()]


def signed(said: dict) -> tuple[bytes, dict[str, str]]:
    body = json.dumps(said).encode()
    return body, {SIGNATURE: sandbox()._sign(body)}


def test_the_address_is_the_gateways():
    assert reverse("escrow:webhook", args=["sandbox"]) == ADDRESS


def test_a_call_settles_what_was_under_way():
    payment = charged(LATER)
    sandbox().answer(payment.reference, agreed=True)
    assert deliver() == [200]
    payment.refresh_from_db()
    assert (payment.status, held(payment)) == (PaymentStatus.CONFIRMED, HUNDRED)


def test_a_call_settles_what_its_payer_refused():
    payment = charged(CONFIRMS)
    sandbox().answer(payment.reference, agreed=False)
    assert deliver() == [200]
    payment.refresh_from_db()
    assert (payment.status, held(payment)) == (PaymentStatus.FAILED, 0)


def test_a_call_settles_a_charge_whose_answer_was_lost_and_the_sweep_finds_it_done():
    payment = charged(TIMES_OUT)
    reference = sandbox().movements()[0]["reference"]
    call = signed({"news": "outcome", "key": str(payment.pk), "reference": reference})
    assert [post(*call), post(*call)] == [200, 200]
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.CONFIRMED
    assert payments.ask(payment.pk).status == PaymentStatus.CONFIRMED
    assert (journals(payment), moved_there("charge")) == ([f"charge:{payment.pk}"], ["100.00"])


def test_a_gateway_that_calls_twice_is_booked_once():
    payment = charged(TWICE)
    assert deliver() == [200, 200]
    assert journals(payment) == [f"charge:{payment.pk}"]
    assert TOLD.heard == [("confirmed", payment.subject)]


class Hasty(SandboxGateway):
    """A sandbox whose calls arrive before it answers."""

    def charge(self, key, amount, token):
        outcome = super().charge(key, amount, token)
        assert deliver() == [200, 200]
        return outcome


def test_a_call_before_the_answer_books_the_charge_and_the_answer_changes_nothing(settings, monkeypatch):
    monkeypatch.setitem(
        MAKERS, "sandbox", lambda: Hasty(settings.SANDBOX_DIR, webhook_secret=settings.SANDBOX_WEBHOOK_SECRET)
    )
    payment = payments.ask(begun(payer(TWICE)).pk)
    assert (payment.status, held(payment)) == (PaymentStatus.CONFIRMED, HUNDRED)
    assert journals(payment) == [f"charge:{payment.pk}"]
    assert TOLD.heard == [("confirmed", payment.subject)]


def test_a_charge_whose_purpose_is_gone_when_the_call_comes_is_given_back():
    payment = charged(LATER)
    TOLD.gone.add(payment.subject)
    sandbox().answer(payment.reference, agreed=True)
    assert deliver() == [200]
    payment.refresh_from_db()
    assert (payment.status, moved_there("refund")) == (PaymentStatus.REFUNDED, ["100.00"])


def test_a_payout_that_the_bank_sends_back_is_available_again_once():
    talent = PartyFactory.create(kind=PartyKind.FREELANCER)
    earned(HUNDRED, talent)
    payment = payments.ask(payout(talent, BANK).pk)
    sandbox().send_back(payment.reference)
    (call,) = sandbox().calls()
    assert [post(*call), post(*call)] == [200, 200]
    payment.refresh_from_db()
    assert (payment.status, payment.failure) == (PaymentStatus.REFUNDED, "The bank sent the money back.")
    assert ledger.balance(Kind.AVAILABLE, talent.pk) == HUNDRED
    assert journals(payment) == [f"payout:{payment.pk}", f"returned:{payment.pk}"]


def test_a_chargeback_takes_what_is_held_once():
    payment = charged()
    sandbox().charge_back(payment.reference)
    (call,) = sandbox().calls()
    assert [post(*call), post(*call)] == [200, 200]
    payment.refresh_from_db()
    assert (payment.status, held(payment)) == (PaymentStatus.REFUNDED, 0)
    assert TOLD.heard == [("confirmed", payment.subject), ("charged back", payment.subject)]


@pytest.mark.parametrize("key", ["", "no uuid", "7d1c1a52-55c8-4a5c-9d0e-5e0f3c8a1b11"])
@pytest.mark.parametrize("reference", ["", "ch_unknown"])
def test_a_call_about_nothing_of_ours_is_taken_and_logged(key, reference, caplog):
    assert post(*signed({"news": "outcome", "key": key, "reference": reference})) == 200
    assert "unknown here" in caplog.text


def test_a_call_that_gives_a_payment_another_reference_changes_nothing(caplog):
    payment, other = charged(DECLINES), charged()
    call = signed({"news": "outcome", "key": str(payment.pk), "reference": other.reference})
    assert post(*call) == 200
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.FAILED
    assert "and also" in caplog.text


@pytest.mark.parametrize("headers", [{}, {SIGNATURE: ""}, {SIGNATURE: "0" * 64}])
def test_a_call_that_is_not_signed_is_refused_and_changes_nothing(headers):
    payment = charged(LATER)
    sandbox().answer(payment.reference, agreed=True)
    body = sandbox().calls()[0][0]
    assert post(body, headers) == 400
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.ASKED


def test_a_signed_call_that_says_nothing_readable_is_refused():
    for said in ({}, [], None, {"news": "other", "key": "", "reference": ""}):
        assert post(*signed(said)) == 400
    assert post(*signed({"news": "outcome", "key": 5, "reference": [1]})) == 200  # about nothing of ours


@pytest.mark.parametrize("address", ["/payments/webhooks/stripe/", "/payments/webhooks/other/"])
def test_a_gateway_that_is_not_in_use_has_no_address(address):
    assert post(*signed({}), address=address) == 404


def test_looking_at_the_address_is_not_calling():
    assert Client().get(ADDRESS).status_code == 405
