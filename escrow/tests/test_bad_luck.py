"""Chargebacks and returned payouts after the money moved on: taken where it is, and what is missing is owed openly."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial

import pytest
from django.db import connections, transaction

from escrow import ledger
from escrow.gateways.base import Declined
from escrow.ledger import Move
from escrow.models import Kind, Payment, PaymentStatus
from escrow.operations import payments
from escrow.operations.bad_luck import chargeback, owed, repay
from escrow.operations.refusals import NotEnough
from escrow.operations.starting import start_refund
from escrow.tests.paying import (
    CONFIRMS,
    DECLINES,
    HUNDRED,
    TOLD,
    assert_books_hold,
    charged,
    credit,
    earned,
    held,
    journals,
    payout,
)
from marketplace.models import Party, PartyKind
from tests.factories import PartyFactory

ZERO = Decimal("0.00")


def freelancer() -> Party:
    return PartyFactory.create(kind=PartyKind.FREELANCER)


def released(charge: Payment, talent: Party, amount: str, kind: Kind = Kind.PENDING) -> None:
    """Part of what a charge brought in is the talent's."""
    with transaction.atomic():
        escrow, own = ledger.account(Kind.ESCROW, scope=charge.scope), ledger.account(kind, talent.pk)
        ledger.post(key=f"test:{uuid.uuid4()}", cause="release", transfers=[Move(escrow, own, Decimal(amount))])


def has(party: Party) -> dict[str, Decimal]:
    kinds = (Kind.PENDING, Kind.AVAILABLE, Kind.RECEIVABLE)
    return {kind.value: ledger.balance(kind, party.pk) for kind in kinds}


@pytest.fixture
def talent(db):
    TOLD.bearer = freelancer()
    yield TOLD.bearer
    assert_books_hold()


def test_a_chargeback_before_a_release_takes_what_is_held(talent):
    charge = charged()
    charge = chargeback(charge.pk)
    assert (charge.status, charge.failure) == (PaymentStatus.REFUNDED, "The payer's bank took the money back.")
    assert (held(charge), ledger.balance(Kind.OUTSIDE)) == (ZERO, ZERO)
    assert journals(charge) == [f"charge:{charge.pk}", f"chargeback:{charge.pk}"]
    assert has(talent) == {"pending": 0, "available": 0, "receivable": 0}


def test_a_chargeback_after_a_release_takes_held_then_pending_then_available(talent):
    charge = charged()
    earned(Decimal("30.00"), talent, Kind.AVAILABLE)
    released(charge, talent, "70.00")
    released(charge, talent, "10.00", Kind.AVAILABLE)
    chargeback(charge.pk)
    assert held(charge) == ZERO
    assert has(talent) == {"pending": ZERO, "available": Decimal("30.00"), "receivable": ZERO}


def test_a_chargeback_after_the_talent_withdrew_is_owed_openly(talent):
    charge = charged()
    released(charge, talent, "80.00", Kind.AVAILABLE)
    payments.ask(payout(talent, amount=Decimal("80.00")).pk)
    chargeback(charge.pk)
    assert has(talent) == {"pending": ZERO, "available": ZERO, "receivable": Decimal("-80.00")}
    assert owed(talent) == Decimal("80.00")


def test_a_chargeback_takes_the_held_fee_and_the_payers_credit_before_anything_of_the_talents(talent):
    charge = charged()
    with transaction.atomic():
        escrow, fee, own = ledger.accounts(
            ledger.Owned(Kind.ESCROW, scope=charge.scope),
            ledger.Owned(Kind.INITIATION_FEE, scope=charge.scope),
            ledger.Owned(Kind.CREDIT, charge.party_id),
        )
        moves = [Move(escrow, fee, Decimal("4.95")), Move(escrow, own, Decimal("20.00"))]
        ledger.post(key="test:fee", cause="refund", transfers=moves)
    released(charge, talent, "70.00")
    chargeback(charge.pk)
    assert ledger.balance(Kind.INITIATION_FEE, scope=charge.scope) == ZERO
    assert (held(charge), credit(charge), has(talent)["pending"]) == (ZERO, ZERO, ZERO)
    assert owed(talent) == ZERO


def test_a_chargeback_of_a_charge_that_was_partly_refunded_takes_the_rest(talent):
    charge = charged()
    with transaction.atomic():
        escrow, own = ledger.account(Kind.ESCROW, scope=charge.scope), ledger.account(Kind.CREDIT, charge.party_id)
        ledger.post(key="test:back", cause="refund", transfers=[Move(escrow, own, Decimal("25.00"))])
        refund = start_refund(charge, Decimal("25.00"))
    payments.ask(refund.pk)
    chargeback(charge.pk)
    assert (held(charge), ledger.balance(Kind.OUTSIDE), owed(talent)) == (ZERO, ZERO, ZERO)


def test_a_chargeback_without_a_bearer_is_the_payers_to_pay(talent):
    TOLD.bearer = None
    charge = charged()
    released(charge, talent, "100.00")
    chargeback(charge.pk)
    assert (owed(charge.party), has(talent)["pending"]) == (HUNDRED, HUNDRED)


def test_a_chargeback_happens_once(talent):
    charge = charged()
    for _each in range(3):
        chargeback(charge.pk)
    assert journals(charge) == [f"charge:{charge.pk}", f"chargeback:{charge.pk}"]
    assert TOLD.heard == [("confirmed", charge.subject), ("charged back", charge.subject)]


@pytest.mark.parametrize("number", [DECLINES, CONFIRMS])
def test_what_was_never_charged_is_not_charged_back(talent, number):
    charge = charged(number)
    assert chargeback(charge.pk).status == charge.status
    assert journals(charge) == []


# Later earnings


def test_later_earnings_pay_the_debt_first(talent):
    charge = charged()
    released(charge, talent, "100.00", Kind.AVAILABLE)
    payments.ask(payout(talent).pk)
    chargeback(charge.pk)
    earned(Decimal("60.00"), talent, Kind.PENDING)
    with transaction.atomic():
        assert repay(talent, key="settlement:one") == Decimal("60.00")
    assert (owed(talent), has(talent)["pending"]) == (Decimal("40.00"), ZERO)
    earned(Decimal("60.00"), talent, Kind.PENDING)
    with transaction.atomic():
        assert repay(talent, key="settlement:one") == ZERO
        assert repay(talent, key="settlement:two") == Decimal("40.00")
        assert repay(talent, key="settlement:three") == ZERO
    assert (owed(talent), has(talent)["pending"]) == (ZERO, Decimal("20.00"))


def test_a_clients_credit_pays_its_debt(talent):
    TOLD.bearer = None
    charge = charged()
    released(charge, talent, "100.00")
    chargeback(charge.pk)
    earned(Decimal("130.00"), charge.party, Kind.CREDIT)
    with transaction.atomic():
        assert repay(charge.party, key="settlement:credit") == HUNDRED
    assert (owed(charge.party), credit(charge)) == (ZERO, Decimal("30.00"))


def test_a_party_that_owes_nothing_repays_nothing(talent):
    earned(HUNDRED, talent)
    with transaction.atomic():
        assert repay(talent, key="settlement:none") == ZERO
    assert has(talent)["available"] == HUNDRED


def test_a_returned_payout_pays_the_debt_first(talent):
    charge = charged()
    released(charge, talent, "100.00", Kind.AVAILABLE)
    withdrawal = payments.ask(payout(talent).pk)
    chargeback(charge.pk)
    assert owed(talent) == HUNDRED
    payments.settle(withdrawal.pk, Declined("The bank sent the money back.", withdrawal.reference))
    assert has(talent) == {"pending": ZERO, "available": ZERO, "receivable": ZERO}
    withdrawal.refresh_from_db()
    assert withdrawal.status == PaymentStatus.REFUNDED


def at_once(*acts) -> None:
    def run(act) -> None:
        try:
            act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        for running in [pool.submit(run, act) for act in acts]:
            running.result(30)


def test_a_debt_is_paid_once_by_two_earnings_at_once(own_database, django_db_blocker):
    def earning(debtor: Party, kind: Kind, key: str) -> None:
        """Of different kinds, so that the two meet only at the debt itself."""
        with transaction.atomic():
            earned(Decimal("60.00"), debtor, kind)
            repay(debtor, key=key)

    with django_db_blocker.unblock():
        for number in range(15):
            TOLD.bearer = debtor = freelancer()
            charge = charged()
            released(charge, debtor, "100.00", Kind.AVAILABLE)
            payments.ask(payout(debtor).pk)
            chargeback(charge.pk)
            at_once(
                partial(earning, debtor, Kind.PENDING, f"a:{number}"),
                partial(earning, debtor, Kind.AVAILABLE, f"b:{number}"),
            )
            assert owed(debtor) == ZERO
            assert has(debtor)["pending"] + has(debtor)["available"] == Decimal("20.00")
        assert_books_hold()


def test_a_chargeback_and_a_withdrawal_at_once_leave_no_hidden_debt(own_database, django_db_blocker):
    with django_db_blocker.unblock():
        for _round in range(15):
            TOLD.bearer = debtor = freelancer()
            charge = charged()
            released(charge, debtor, "100.00", Kind.AVAILABLE)
            at_once(partial(chargeback, charge.pk), partial(_withdrawn, debtor))
            assert has(debtor)["available"] == ZERO
            assert owed(debtor) in {ZERO, HUNDRED}
        assert_books_hold()


def _withdrawn(talent: Party) -> None:
    try:
        payments.ask(payout(talent).pk)
    except NotEnough:
        return
