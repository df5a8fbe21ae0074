"""Withdrawing: sent once, never more than there is, by whoever decides about the money at that moment (B23, B26)."""

import threading
import uuid
from decimal import Decimal
from functools import partial

import pytest
from django.db import connections, transaction
from django.db.models import QuerySet

from contracts.operations import _party, withdrawal
from contracts.refusals import NotAllowed
from contracts.tests.earning import bank, talent, withdrawing
from escrow import ledger
from escrow.invariants import broken
from escrow.models import Journal, Kind, Payment, PaymentStatus
from escrow.operations import payments
from escrow.operations.methods import remove_method
from escrow.operations.refusals import MethodNotUsable, NotEnough, PaymentKeyReused
from escrow.tests.paying import BANK_DECLINES, BANK_TIMES_OUT, WORKS, moved_there, payer
from marketplace import clock
from marketplace.models import MemberRole, Membership, Party, PartyKind, User
from marketplace.prepared import Prepared
from tests.books import books_hold
from tests.factories import joined, outsider
from tests.racing import PATIENCE, at_once, kinds, wait_for_a_waiter

ROUNDS = 40


def available(party: Party) -> str:
    return str(ledger.balance(Kind.AVAILABLE, party.pk))


@pytest.fixture
def ana(db) -> tuple[Party, User]:
    return talent("100.00")


def test_b23_what_is_available_is_sent_to_the_bank_account(ana):
    payment = withdrawing(*ana, "60.00")
    assert (payment.status, payment.direction, payment.amount) == ("confirmed", "payout", Decimal("60.00"))
    assert available(ana[0]) == "40.00"
    assert moved_there("payout") == ["60.00"]
    books_hold()


def test_b23_what_is_pending_cannot_be_withdrawn(ana):
    party, _owner = ana
    with transaction.atomic():
        ids = ledger.accounts(ledger.Owned(Kind.AVAILABLE, party.pk), ledger.Owned(Kind.PENDING, party.pk))
        ledger.post(key="test:back", cause="reversal", transfers=[ledger.Move(*ids, Decimal("70.00"))])
    assert isinstance(withdrawing(*ana, "30.01"), NotEnough)
    assert withdrawing(*ana, "30.00").status == PaymentStatus.CONFIRMED
    books_hold()


def test_b26_more_than_is_available_is_refused_and_nothing_moves(ana):
    assert isinstance(withdrawing(*ana, "100.01"), NotEnough)
    assert (available(ana[0]), Payment.objects.count()) == ("100.00", 0)
    books_hold()


def test_the_same_key_twice_sends_once_and_answers_the_same(ana):
    key, method = uuid.uuid4(), bank(ana[0])
    first, second = (withdrawing(*ana, "80.00", method=method, key=key) for _each in range(2))
    assert first == second
    assert second.status == PaymentStatus.CONFIRMED
    assert moved_there("payout") == ["80.00"]
    books_hold()


def test_i17_a_key_reused_with_another_amount_account_or_party_is_refused(ana):
    key, method, other = uuid.uuid4(), bank(ana[0]), talent("500.00")
    withdrawing(*ana, "10.00", method=method, key=key)
    for answer in (
        withdrawing(*ana, "10.01", method=method, key=key),
        withdrawing(*ana, "10.00", method=bank(ana[0], BANK_DECLINES), key=key),
        withdrawing(*other, "10.00", key=key),
    ):
        assert isinstance(answer, PaymentKeyReused)
    assert Payment.objects.count() == 1
    books_hold()


def test_a_payout_that_the_bank_declines_is_available_again(ana):
    payment = withdrawing(*ana, "60.00", method=bank(ana[0], BANK_DECLINES))
    assert (payment.status, payment.failure) == ("failed", "The bank knows no such account.")
    assert available(ana[0]) == "100.00"
    books_hold()


def test_a_payout_without_an_answer_has_left_the_balance_and_is_settled_by_the_sweep(ana):
    payment = withdrawing(*ana, "60.00", method=bank(ana[0], BANK_TIMES_OUT))
    assert payment.is_open
    assert available(ana[0]) == "40.00"
    payments.sweep_payments(clock.now() + 2 * payments.PATIENCE)
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.CONFIRMED
    assert moved_there("payout") == ["60.00"]
    books_hold()


def test_only_an_own_bank_account_that_is_still_kept_is_paid_out_to(ana):
    gone = bank(ana[0])
    remove_method(method=gone)
    for method in (gone, bank(talent()[0]), payer(WORKS)):
        assert isinstance(withdrawing(*ana, "10.00", method=method), MethodNotUsable)
    assert available(ana[0]) == "100.00"


@pytest.mark.parametrize(
    ("kind", "role", "may"),
    [("freelancer", "owner", True), ("agency", "manager", True), ("agency", "member", False),
     ("client", "owner", False), ("client", "manager", False), ("client", "viewer", False)],
)  # fmt: skip
def test_who_may_withdraw(db, kind, role, may):
    party, _manager = talent("100.00", PartyKind(kind))
    user = joined(party, role)
    if may:
        assert withdrawing(party, user, "10.00").status == PaymentStatus.CONFIRMED
    else:
        with pytest.raises(NotAllowed):
            withdrawing(party, user, "10.00")
    assert moved_there("payout") == ["10.00"] * may


def test_an_outsider_and_somebody_suspended_may_not(ana):
    party, owner = ana
    User.objects.filter(pk=owner.pk).update(is_active=False)
    for user in (outsider(), owner):
        with pytest.raises(NotAllowed):
            withdrawing(party, user, "10.00")
    assert available(party) == "100.00"


# At the same moment


def test_b26_two_withdrawals_at_once_never_send_more_than_there_is(own_database):
    for _round in range(ROUNDS):
        party, owner = talent("100.00")
        method = bank(party)
        answers = at_once(*[partial(withdrawing, party, owner, "60.00", method=method)] * 2)
        assert kinds(answers) == {"Payment": 1, "NotEnough": 1}
        assert available(party) == "40.00"
    books_hold()


@pytest.fixture
def guard_off(monkeypatch) -> None:
    """Nobody locks a row any more."""
    for rows in (QuerySet, Prepared):
        monkeypatch.setattr(rows, "select_for_update", lambda rows, **options: rows)


def both_past_their_checks(monkeypatch) -> None:
    """Each withdrawal waits, before it takes the money, until the other one has come as far."""
    both, take = threading.Barrier(2), withdrawal.start_payment

    def wait_and_take(**content) -> Payment:
        both.wait(PATIENCE)
        return take(**content)

    monkeypatch.setattr(withdrawal, "start_payment", wait_and_take)


def test_b26_control_without_locks_the_ledger_refuses_the_second(own_database, guard_off, monkeypatch):
    party, owner = talent("100.00")
    method = bank(party)
    both_past_their_checks(monkeypatch)
    answers = at_once(*[partial(withdrawing, party, owner, "60.00", method=method)] * 2)
    assert kinds(answers) == {"Payment": 1, "NotEnough": 1}
    books_hold()


def test_b26_control_without_the_ledgers_check_the_books_tell(own_database, guard_off, monkeypatch):
    party, owner = talent("100.00")
    method = bank(party)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE escrow_account DROP CONSTRAINT account_not_below_zero")
    both_past_their_checks(monkeypatch)
    answers = at_once(*[partial(withdrawing, party, owner, "60.00", method=method)] * 2)
    assert kinds(answers) == {"Payment": 2}
    assert available(party) == "-20.00"
    assert "I3" in {each.invariant.name for each in broken()}


def test_the_same_key_at_once_sends_once_and_both_see_success(own_database):
    for number in range(1, ROUNDS + 1):
        party, owner = talent("100.00")
        method, key = bank(party), uuid.uuid4()
        answers = at_once(*[partial(withdrawing, party, owner, "60.00", method=method, key=key)] * 2)
        assert [payment.pk for payment in answers] == [key, key]
        assert Payment.objects.get(pk=key).status == PaymentStatus.CONFIRMED
        assert Journal.objects.filter(key=f"payout:{key}").count() == 1
        assert len(moved_there("payout")) == number
    books_hold()


def revoked_while_waiting(party: Party, owner: User) -> list[object]:
    """The role is taken away under the party's lock while a withdrawal is on its way; what came of the two."""
    method, locked = bank(party), threading.Event()

    def revoking() -> None:
        with transaction.atomic():
            Party.objects.select_for_update(no_key=True).get(pk=party.pk)
            locked.set()
            wait_for_a_waiter()
            Membership.objects.filter(user=owner, role=MemberRole.OWNER).delete()

    def taking() -> object:
        locked.wait(PATIENCE)
        return withdrawing(party, owner, "60.00", method=method)

    return at_once(revoking, taking)


def test_a_role_revoked_while_a_withdrawal_waits_for_the_lock_counts(own_database):
    party, owner = talent("100.00")
    _revoked, answer = revoked_while_waiting(party, owner)
    assert isinstance(answer, NotAllowed)
    assert available(party) == "100.00"
    books_hold()


def test_control_a_role_that_was_read_before_the_lock_lets_money_go(own_database, monkeypatch):
    def role_first(party_id: uuid.UUID, by: User) -> Party:
        party = Party.objects.get(pk=party_id)
        _party.require_money(party, by)
        return Party.objects.select_for_update(no_key=True).get(pk=party_id)

    monkeypatch.setattr(withdrawal, "lock_party", role_first)
    party, owner = talent("100.00")
    _revoked, answer = revoked_while_waiting(party, owner)
    assert isinstance(answer, Payment)
