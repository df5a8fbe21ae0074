"""Payment methods: added by a test number that is kept nowhere, one default of each kind, removed but not forgotten."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connections, transaction

from escrow.models import MethodKind, Payment, PaymentMethod
from escrow.operations import payments
from escrow.operations.methods import add_method, make_default, remove_method
from escrow.operations.refusals import MethodInUse, MethodNotUsable, OtherKind, PaymentError
from escrow.tests.paying import BANK, CONFIRMS, DECLINES, WORKS, begun, payer
from tests.factories import PartyFactory

MASTERCARD = "5555555555554444"


@pytest.fixture
def party(db):
    return PartyFactory.create()


def defaults(party) -> list[str]:
    return [method.last4 for method in PaymentMethod.objects.usable().filter(party=party, is_default=True)]


def test_a_card_is_added_by_its_test_number_and_shown_by_its_last_digits(party):
    method = add_method(party=party, entry="4242 4242 4242 4242")
    assert (str(method), method.kind, method.gateway) == ("Visa •••• 4242", MethodKind.CARD, "sandbox")
    row = PaymentMethod.objects.values().get(pk=method.pk)
    assert not any(WORKS in str(value) for value in row.values())


def test_the_first_of_each_kind_becomes_the_default(party):
    for number in (WORKS, MASTERCARD, BANK):
        add_method(party=party, entry=number)
    assert defaults(party) == ["6789", "4242"]


def test_adding_one_twice_adds_one(party):
    assert add_method(party=party, entry=WORKS) == add_method(party=party, entry=WORKS)
    assert PaymentMethod.objects.count() == 1


def test_the_same_number_is_another_method_of_another_party(party):
    assert add_method(party=party, entry=WORKS) != payer(WORKS)


def test_what_the_gateway_refuses_is_not_kept(party):
    with pytest.raises(PaymentError, match="test numbers only"):
        add_method(party=party, entry="4111111111111111")
    assert not PaymentMethod.objects.exists()


def test_another_one_is_made_the_default_and_the_first_is_not_any_more(party):
    first, second = (add_method(party=party, entry=number) for number in (WORKS, MASTERCARD))
    assert make_default(method=second).is_default
    assert make_default(method=second).is_default
    assert defaults(party) == ["4444"]
    assert PaymentMethod.objects.usable().filter(party=party).first() == second
    assert not PaymentMethod.objects.get(pk=first.pk).is_default


def test_removing_the_default_makes_the_newest_one_the_default(party):
    first, _second, third = (add_method(party=party, entry=number) for number in (WORKS, MASTERCARD, DECLINES))
    remove_method(method=first)
    assert defaults(party) == [third.last4]
    assert list(PaymentMethod.objects.usable().filter(party=party).values_list("last4", flat=True)) == ["0002", "4444"]


def test_removing_twice_removes_once(party):
    method = add_method(party=party, entry=WORKS)
    remove_method(method=method)
    removed_at = PaymentMethod.objects.get(pk=method.pk).removed_at
    remove_method(method=method)
    assert PaymentMethod.objects.get(pk=method.pk).removed_at == removed_at


def test_a_removed_method_stays_with_its_payments_and_can_be_added_anew(party):
    method = add_method(party=party, entry=WORKS)
    payment = payments.ask(begun(method).pk)
    remove_method(method=method)
    assert Payment.objects.get(pk=payment.pk).method.last4 == "4242"
    assert add_method(party=party, entry=WORKS) != method
    with pytest.raises(MethodNotUsable):
        make_default(method=method)


def test_a_method_stays_while_a_payment_with_it_is_open(party):
    method = add_method(party=party, entry=CONFIRMS)
    payment = payments.ask(begun(method).pk)
    with pytest.raises(MethodInUse):
        remove_method(method=method)
    payments.call_off(payment.pk)
    remove_method(method=method)
    assert not PaymentMethod.objects.usable().exists()


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"last4": "424"}, "method_shows_four_digits"),
        ({"last4": "4x42"}, "method_shows_four_digits"),
        ({"token": ""}, "method_kept_by_a_gateway"),
        ({"token": WORKS}, "method_token_is_no_number"),
        ({"kind": "cash"}, "method_kind_valid"),
        ({"removed_at": "2026-01-01T00:00Z"}, "method_default_is_usable"),
    ],
)
def test_the_database_holds_what_a_method_is(party, change, constraint):
    method = add_method(party=party, entry=WORKS)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        PaymentMethod.objects.filter(pk=method.pk).update(**change)
    assert refused.value.__cause__.diag.constraint_name == constraint


@pytest.mark.parametrize(("change", "constraint"), [
    ({"is_default": True}, "method_one_default"), ({"token": "card_visa_succeeds"}, "method_kept_once"),
])  # fmt: skip
def test_the_database_holds_one_default_and_one_of_each(party, change, constraint):
    add_method(party=party, entry=WORKS)
    second = add_method(party=party, entry=MASTERCARD)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        PaymentMethod.objects.filter(pk=second.pk).update(**change)
    assert refused.value.__cause__.diag.constraint_name == constraint


def test_adding_and_choosing_at_once_leaves_one_default(own_database, django_db_blocker):
    def changing(number: str) -> None:
        try:
            make_default(method=add_method(party=party, entry=number))
        finally:
            connections.close_all()

    with django_db_blocker.unblock():
        party = PartyFactory.create()
        for _round in range(10):
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(changing, [WORKS, MASTERCARD, DECLINES, WORKS]))
            assert len(defaults(party)) == 1
        assert PaymentMethod.objects.count() == 3


def test_another_kind_than_was_asked_for_is_not_kept(party):
    with pytest.raises(OtherKind):
        add_method(party=party, entry=BANK, kind=MethodKind.CARD)
    assert not PaymentMethod.objects.exists()
    assert add_method(party=party, entry=WORKS, kind=MethodKind.CARD).kind == MethodKind.CARD
