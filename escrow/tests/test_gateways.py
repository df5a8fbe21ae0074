"""The sandbox as a remote system: each test number, once for a key, and its own record of what it did."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import transaction

from escrow import gateways
from escrow.gateways import sandbox_numbers
from escrow.gateways.base import (
    BadSignature,
    Confirmed,
    Declined,
    GatewayNotHere,
    GatewayUnavailable,
    MethodKind,
    MethodRefused,
    NeedsConfirmation,
    News,
    Unknown,
)
from escrow.gateways.sandbox import SIGNATURE, SandboxGateway

AMOUNT, LONG_AGO = Decimal("25.00"), datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def gateway(tmp_path) -> SandboxGateway:
    return SandboxGateway(tmp_path / "sandbox", webhook_secret="whisper")


def token(gateway, number: str) -> str:
    return gateway.keep_method(number, "somebody").token


def key() -> str:
    return str(uuid.uuid4())


def test_a_card_that_works_is_charged(gateway):
    outcome = gateway.charge(key(), AMOUNT, token(gateway, "4242 4242 4242 4242"))
    assert isinstance(outcome, Confirmed)
    (row,) = gateway.movements()
    assert (row["direction"], row["amount"], row["reference"]) == ("charge", "25.00", outcome.reference)


@pytest.mark.parametrize("number", ["4000000000000002", "4000000000009995"])
def test_a_card_that_declines_says_why_and_goes_on_declining(gateway, number):
    used, card = key(), token(gateway, number)
    outcome = gateway.charge(used, AMOUNT, card)
    assert isinstance(outcome, Declined)
    assert outcome.reason.endswith("payment method.")
    assert gateway.charge(used, AMOUNT, card) == outcome == gateway.look_up(used, "charge", LONG_AGO)


@pytest.mark.parametrize(("agreed", "kind"), [(True, Confirmed), (False, Declined)])
def test_a_card_that_needs_confirmation_waits_for_its_owner(gateway, agreed, kind):
    outcome = gateway.charge(key(), AMOUNT, token(gateway, "4000002500003155"))
    assert isinstance(outcome, NeedsConfirmation)
    assert gateway.confirm(outcome.reference) == outcome
    gateway.answer(outcome.reference, agreed=agreed)
    assert isinstance(gateway.confirm(outcome.reference), kind)


def test_a_charge_that_waits_can_be_cancelled_and_is_not_confirmed_afterwards(gateway):
    outcome = gateway.charge(key(), AMOUNT, token(gateway, "4000002500003155"))
    assert isinstance(gateway.cancel(outcome.reference), Declined)
    gateway.answer(outcome.reference, agreed=True)
    assert isinstance(gateway.confirm(outcome.reference), Declined)


def test_cancelling_what_was_confirmed_comes_too_late(gateway):
    outcome = gateway.charge(key(), AMOUNT, token(gateway, "4242424242424242"))
    assert gateway.cancel(outcome.reference) == outcome


def test_a_card_that_is_under_way_is_known_later(gateway):
    outcome = gateway.charge(key(), AMOUNT, token(gateway, "4000000000000077"))
    assert isinstance(outcome, Unknown)
    gateway.answer(outcome.reference, agreed=True)
    assert gateway.confirm(outcome.reference) == Confirmed(outcome.reference)


def test_a_card_that_times_out_was_charged_all_the_same_once(gateway):
    used, card = key(), token(gateway, "4000000000000119")
    with pytest.raises(GatewayUnavailable):
        gateway.charge(used, AMOUNT, card)
    found = gateway.look_up(used, "charge", LONG_AGO)
    assert isinstance(found, Confirmed)
    assert gateway.charge(used, AMOUNT, card) == found
    assert len(gateway.movements()) == 1


def test_a_request_that_never_arrives_leaves_nothing_and_can_be_made_again(gateway):
    used, card = key(), token(gateway, "4000000000006975")
    with pytest.raises(GatewayUnavailable):
        gateway.charge(used, AMOUNT, card)
    assert gateway.look_up(used, "charge", LONG_AGO) is None
    assert gateway.movements() == []
    assert isinstance(gateway.charge(used, AMOUNT, card), Confirmed)
    assert len(gateway.movements()) == 1


def test_a_card_that_answers_twice_calls_twice_with_the_same(gateway):
    used = key()
    outcome = gateway.charge(used, AMOUNT, token(gateway, "4000000000003220"))
    notices = [gateway.read_notice(body, headers) for body, headers in gateway.calls()]
    assert [(notice.news, notice.key, notice.reference) for notice in notices] == [
        (News.OUTCOME, used, outcome.reference)
    ] * 2
    assert gateway.calls() == []


def test_i17_the_same_key_charges_once_from_many_threads(gateway):
    used, card = key(), token(gateway, "4242424242424242")
    with ThreadPoolExecutor(8) as pool:
        outcomes = set(pool.map(lambda _each: gateway.charge(used, AMOUNT, card), range(24)))
    assert len(outcomes) == 1
    assert len(gateway.movements()) == 1


def test_i17_the_same_key_with_another_amount_is_refused(gateway):
    used, card = key(), token(gateway, "4242424242424242")
    gateway.charge(used, AMOUNT, card)
    with pytest.raises(ValueError, match="something else"):
        gateway.charge(used, AMOUNT + 1, card)
    assert [row["amount"] for row in gateway.movements()] == ["25.00"]


def test_refunds_never_exceed_their_charge(gateway):
    charge = gateway.charge(key(), AMOUNT, token(gateway, "4242424242424242"))
    first = key()
    assert isinstance(gateway.refund(first, charge.reference, Decimal("20.00")), Confirmed)
    assert isinstance(gateway.refund(first, charge.reference, Decimal("20.00")), Confirmed)
    assert isinstance(gateway.refund(key(), charge.reference, Decimal("5.01")), Declined)
    assert isinstance(gateway.refund(key(), charge.reference, Decimal("5.00")), Confirmed)


def test_what_was_never_charged_is_not_refunded(gateway):
    declined = gateway.charge(key(), AMOUNT, token(gateway, "4000000000000002"))
    assert isinstance(gateway.refund(key(), declined.reference, AMOUNT), Declined)
    assert isinstance(gateway.refund(key(), "ch_unknown", AMOUNT), Declined)


@pytest.mark.parametrize(("number", "kind"), [("000123456789", Confirmed), ("000111111116", Declined)])
def test_a_payout_goes_to_a_bank_account(gateway, number, kind):
    assert isinstance(gateway.payout(key(), AMOUNT, token(gateway, number)), kind)


def test_a_number_is_known_by_its_brand_and_last_four_digits_alone(gateway):
    kept = gateway.keep_method("5555-5555-5555-4444", "somebody")
    assert (kept.kind, kept.brand, kept.last4) == (MethodKind.CARD, "Mastercard", "4444")
    gateway.charge(key(), AMOUNT, kept.token)
    record = gateway.file.read_bytes()
    assert kept.token.encode() in record
    for number in sandbox_numbers.BY_NUMBER:
        assert number not in kept.token
        assert number.encode() not in record


@pytest.mark.parametrize("entry", ["", "4111111111111111", "pm_card_visa", "4242", "٤٢٤٢424242424242", "9" * 10_000])
def test_other_numbers_are_refused_without_repeating_them(gateway, entry):
    with pytest.raises(MethodRefused) as refused:
        gateway.keep_method(entry, "somebody")
    assert "4242 4242 4242 4242" in str(refused.value)
    assert len(str(refused.value)) < 120


def test_a_token_that_the_sandbox_never_gave_is_declined(gateway):
    assert isinstance(gateway.charge(key(), AMOUNT, "card_forged"), Declined)
    assert isinstance(gateway.payout(key(), AMOUNT, "bank_forged"), Declined)


@pytest.mark.parametrize(
    "change",
    [
        lambda body, headers: (body, {}),
        lambda body, headers: (body, {SIGNATURE: ""}),
        lambda body, headers: (body, {SIGNATURE: "é" * 64}),
        lambda body, headers: (body.replace(b"outcome", b"chargeback"), headers),
        lambda body, headers: (body + b" ", headers),
    ],
)
def test_a_call_with_a_wrong_signature_is_none(gateway, change):
    gateway.charge(key(), AMOUNT, token(gateway, "4000000000003220"))
    body, headers = gateway.calls()[0]
    assert json.loads(body)["news"] == "outcome"
    with pytest.raises(BadSignature):
        gateway.read_notice(*change(body, headers))


def test_no_gateway_is_asked_inside_a_transaction(own_database, django_db_blocker, settings, tmp_path):
    settings.SANDBOX_DIR = tmp_path
    with django_db_blocker.unblock():
        assert gateways.gateway("sandbox").name == "sandbox"
        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
            gateways.gateway("sandbox")


def test_a_gateway_that_is_not_in_use_here_is_unknown(db):
    with pytest.raises(GatewayNotHere):
        gateways.gateway("stripe")
