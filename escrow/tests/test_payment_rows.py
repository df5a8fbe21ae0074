"""The rows of payments, past the operations: what the database holds, the checker finds and staff may see."""

import uuid

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from escrow.gateways.base import Declined
from escrow.invariants import broken
from escrow.models import Direction, Kind, Payment, PaymentStatus
from escrow.models.payment import NEXT, NEXT_OF_CHARGE
from escrow.operations import payments
from escrow.operations.starting import start_refund
from escrow.tests.paying import (
    BANK,
    BANK_DECLINES,
    CONFIRMS,
    DECLINES,
    HUNDRED,
    WORKS,
    assert_books_hold,
    begun,
    charged,
    earned,
    payer,
    payout,
)
from marketplace import clock
from tests.factories import UserFactory
from tests.staff import at_work

CREATED, ASKED, CONFIRMED, FAILED, REFUNDED = PaymentStatus
pytestmark = pytest.mark.usefixtures("books_hold")


def columns(payment: Payment, **change) -> None:
    sets = ", ".join(f"{column} = %s" for column in change)
    statement = f"UPDATE escrow_payment SET {sets} WHERE id = %s"  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [*change.values(), payment.pk])


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"amount": "1.00"}, "payment_stays_what_it_is"),
        ({"subject": str(uuid.uuid4())}, "payment_stays_what_it_is"),
        ({"scope": None}, "payment_stays_what_it_is"),
        ({"purpose": "other"}, "payment_stays_what_it_is"),
        ({"direction": "payout"}, "payment_stays_what_it_is"),
        ({"reference": "ch_other"}, "payment_keeps_its_reference"),
        ({"reference": ""}, "payment_keeps_its_reference"),
        ({"status": "created"}, "payment_takes_allowed_steps"),
        ({"status": "failed", "failure": "No."}, "payment_takes_allowed_steps"),
        ({"failure": "No."}, "payment_failure_says_why"),
        ({"settled_at": None}, "payment_settled_at_once_settled"),
        ({"asked_at": None}, "payment_asked_at_once_asked"),
        ({"awaits_payer": True}, "payment_awaits_payer_once_asked"),
    ],
)
def test_s1_a_settled_payment_cannot_be_rewritten(change, constraint):
    payment = charged()
    with pytest.raises(IntegrityError) as refused:
        columns(payment, **change)
    assert refused.value.__cause__.diag.constraint_name == constraint


@pytest.mark.parametrize("before", PaymentStatus)
@pytest.mark.parametrize("after", PaymentStatus)
def test_s1_the_database_knows_the_same_steps_as_the_table(before, after):
    """Each pair of states, asked of the trigger by itself."""
    made = {CREATED: begun, ASKED: lambda method: payments.ask(begun(method).pk)}
    number = {ASKED: CONFIRMS, FAILED: DECLINES}.get(before, WORKS)
    payment = made.get(before, made[ASKED])(payer(number))
    if before == REFUNDED:
        columns(payment, status="refunded")
    try:
        columns(payment, status=after)
    except IntegrityError as refused:
        allowed = refused.__cause__.diag.constraint_name != "payment_takes_allowed_steps"
    else:
        allowed = True
    assert allowed == (after in NEXT_OF_CHARGE[before] or before == after)


@pytest.mark.parametrize("after", [CREATED, ASKED, CONFIRMED])
def test_s1_a_payout_that_failed_or_came_back_stays_so(after):
    payment = begun(payer())
    earned(HUNDRED + HUNDRED, payment.party)
    failed, returned = (payments.ask(payout(payment.party, number).pk) for number in (BANK_DECLINES, BANK))
    payments.settle(returned.pk, Declined("The bank sent it back.", returned.reference))
    assert NEXT[FAILED] == NEXT[REFUNDED] == ()
    for each in (failed, returned):
        with pytest.raises(IntegrityError):
            columns(each, status=after)


@pytest.mark.parametrize("table", ["escrow_payment", "escrow_paymentmethod"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_was_paid_and_with_what_is_never_deleted(statement, table):
    charged()
    with pytest.raises(ProgrammingError, match="denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_staff_look_at_payments_and_methods_and_change_nothing():
    payment, client = charged(), at_work(UserFactory.create(is_staff=True, is_superuser=True))
    for row in (payment, payment.method):
        address = f"/admin/escrow/{row._meta.model_name}/"
        assert "100.00" in str(client.get(address).content) or row == payment.method
        page = client.get(f"{address}{row.pk}/change/")
        assert page.status_code == 200
        assert payment.method.token not in page.text
        assert [client.get(f"{address}{each}").status_code for each in ("add/", f"{row.pk}/delete/")] == [403, 403]
        assert client.post(f"{address}{row.pk}/change/", {"amount": "1.00"}).status_code == 403


@pytest.mark.parametrize("direction", Direction)
def test_i11_the_checker_finds_a_payment_that_its_journals_do_not_fit(direction):
    """A charge that nothing was booked for, and a refund and a payout whose money was not put back."""
    payment = begun(payer())
    if direction == Direction.PAYOUT:
        earned(HUNDRED, payment.party)
        payment = payout(payment.party)
    elif direction == Direction.REFUND:
        earned(HUNDRED, payment.party, Kind.CREDIT)
        payment = payments.ask(payment.pk)
        with transaction.atomic():
            payment = start_refund(payment, HUNDRED)
    assert_books_hold()
    with transaction.atomic():
        columns(payment, status="asked", asked_at=clock.now())
        end = {"status": "failed", "failure": "No."}
        if direction == Direction.CHARGE:
            end = {"status": "confirmed", "reference": "ch_forged"}
        columns(payment, **end, settled_at=clock.now())
        assert [each.invariant.name for each in broken()] == ["I11-payments"]
        transaction.set_rollback(True)
