"""A process dies at each point of a payment; the sweep then settles it: the gateway acted once, the books show it once.

Real processes, killed with SIGKILL, in a database that they commit to, against a sandbox that remembers.
"""

import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.conf import settings as site
from django.db import connections, transaction

from escrow import ledger
from escrow.models import Journal, Kind, Payment, PaymentStatus
from escrow.operations import payments
from escrow.operations.methods import add_method
from escrow.tests.dying import POINTS
from escrow.tests.paying import (
    BANK,
    HUNDRED,
    TIMES_OUT,
    TOLD,
    WORKS,
    assert_books_hold,
    begun,
    credit,
    earned,
    held,
    journals,
    moved_there,
    payer,
)
from marketplace import clock
from marketplace.models import PartyKind
from tests.factories import PartyFactory
from tests.processes import environment


@pytest.fixture(autouse=True)
def committed(own_database, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        assert_books_hold()


def dies(point: str, direction: str) -> uuid.UUID:
    """Let a process take a payment and die at this point; answers the payment's subject."""
    subject = uuid.uuid4()
    process = subprocess.run(
        [sys.executable, "-m", "escrow.tests.dying", point, direction, str(subject)],
        cwd=site.BASE_DIR, env=environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert process.returncode == -signal.SIGKILL, process.stderr
    return subject


def later() -> int:
    return payments.sweep_payments(clock.now() + timedelta(minutes=2))


def at_once(count: int) -> None:
    """So many sweeps in the same moment."""
    start = Barrier(count)

    def sweep(_each: int) -> None:
        try:
            start.wait(10)
            later()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(sweep, range(count)))


def test_dying_before_the_row_is_committed_leaves_nothing_anywhere():
    payer(WORKS)
    dies("row", "charge")
    assert later() == 0
    assert not Payment.objects.exists()
    assert not Journal.objects.exists()
    assert moved_there("charge") == []


@pytest.mark.parametrize("point", POINTS[1:5])
def test_a_charge_is_made_and_booked_once_wherever_the_process_dies(point):
    payer(WORKS)
    payment = Payment.objects.get(subject=dies(point, "charge"))
    assert (payment.is_open, journals(payment)) == (True, [])
    assert moved_there("charge") == (["100.00"] if point in {"acted", "recorded"} else [])
    assert [later(), later()] == [1, 0]
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.CONFIRMED
    assert moved_there("charge") == ["100.00"]
    assert journals(payment) == [f"charge:{payment.pk}"]
    assert held(payment) == HUNDRED


def test_a_charge_that_was_settled_when_the_process_died_stays_as_it_is():
    payer(WORKS)
    payment = Payment.objects.get(subject=dies("settled", "charge"))
    assert (payment.status, later()) == (PaymentStatus.CONFIRMED, 0)
    assert (moved_there("charge"), journals(payment)) == (["100.00"], [f"charge:{payment.pk}"])


@pytest.mark.parametrize("point", POINTS[1:])
def test_a_charge_without_a_purpose_is_given_back_once_wherever_the_process_dies(point):
    payer(WORKS)
    subject = dies(point, "gone")
    TOLD.gone.add(subject)
    payment = Payment.objects.get(subject=subject, refunds=None)
    later()
    later()
    payment.refresh_from_db()
    refund = payment.refunded_by.get()
    assert (payment.status, refund.status) == (PaymentStatus.REFUNDED, PaymentStatus.CONFIRMED)
    assert (moved_there("charge"), moved_there("refund")) == (["100.00"], ["100.00"])
    assert journals(payment, refund) == [f"charge:{payment.pk}", f"refund:{refund.pk}"]
    assert (held(payment), credit(payment)) == (0, 0)


@pytest.mark.parametrize("point", POINTS)
def test_a_payout_is_made_and_booked_once_wherever_the_process_dies(point):
    talent = PartyFactory.create(kind=PartyKind.FREELANCER)
    earned(HUNDRED, talent)
    add_method(party=talent, entry=BANK)
    subject = dies(point, "payout")
    later()
    later()
    begun_ = list(Payment.objects.filter(subject=subject))
    assert [payment.status for payment in begun_] == ([] if point == "row" else [PaymentStatus.CONFIRMED])
    assert moved_there("payout") == ["100.00"] * len(begun_)
    assert journals(*begun_) == [f"payout:{payment.pk}" for payment in begun_]
    assert ledger.balance(Kind.AVAILABLE, talent.pk) == HUNDRED - HUNDRED * len(begun_)


@pytest.mark.parametrize("number", [WORKS, TIMES_OUT])
def test_many_sweeps_at_once_settle_each_payment_once(number):
    made = [begun(payer(number)) for _each in range(5)]
    at_once(4)
    later()
    assert {payment.status for payment in Payment.objects.all()} == {PaymentStatus.CONFIRMED}
    assert moved_there("charge") == ["100.00"] * 5
    assert sorted(journals(*made)) == sorted(f"charge:{payment.pk}" for payment in made)
    assert len(TOLD.heard) == 5


def test_many_sweeps_at_once_give_a_charge_without_a_purpose_back_once():
    payment = payments._mark_asked(begun(payer(WORKS)).pk)[0]
    TOLD.gone.add(payment.subject)
    payments._put(payment)
    at_once(4)
    later()
    refund = payment.refunded_by.get()
    assert (refund.status, moved_there("refund"), credit(payment)) == (PaymentStatus.CONFIRMED, ["100.00"], 0)


def test_nobody_is_asked_while_a_transaction_is_open():
    payment = begun(payer(WORKS))
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        payments.ask(payment.pk)
    assert moved_there("charge") == []
