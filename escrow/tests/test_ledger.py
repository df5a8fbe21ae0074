"""Posting, reversing and reading, as operations do it."""

import uuid
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.transaction import TransactionManagementError

from escrow import ledger
from escrow.ledger import Insufficient, KeyReused, Move, Posted
from escrow.models import Account, Journal, Kind, Transfer
from escrow.tests.posting import Deal, deal
from tests.books import as_at_commit, books_hold

D = Decimal


@pytest.fixture
def world(db) -> Deal:
    made = deal()
    made.fund()
    return made


def test_b26_a_journal_moves_money_and_leaves_the_balances_that_it_made(world):
    moved = Transfer.objects.select_related("journal").get()
    assert (moved.journal.key, moved.journal.cause, moved.journal.scope) == ("fund:one", "fund", world.scope)
    assert (moved.amount, moved.debit_balance, moved.credit_balance) == (D("100.00"), None, D("100.00"))
    assert world.balances() == {"outside": D("-100.00"), "escrow": D("100.00")}
    books_hold()


def test_b23_a_release_is_one_journal_of_net_and_fee(world):
    world.release()
    assert world.balances() == {"outside": D("-100.00"), "pending": D("90.00"), "fees": D("10.00")}
    assert list(Journal.objects.get(key="release:one").transfers.values_list("debit_balance", "credit_balance")) == [
        (D("10.00"), D("90.00")),
        (D("0.00"), None),
    ]
    books_hold()


def test_b26_transfers_happen_in_the_order_given(world):
    world.post("maturing:through", ("escrow", "pending", "100"), ("pending", "available", "100"))
    assert world.balances() == {"outside": D("-100.00"), "available": D("100.00")}
    with pytest.raises(Insufficient), transaction.atomic():
        world.post("maturing:back", ("pending", "escrow", "100"), ("available", "pending", "100"))
    books_hold()


def test_i03_no_account_is_drawn_below_zero_and_nothing_of_the_journal_stays(world):
    with pytest.raises(Insufficient), transaction.atomic():
        world.post("release:much", ("escrow", "pending", "100.00"), ("escrow", "fees", "0.01"))
    assert world.balances() == {"outside": D("-100.00"), "escrow": D("100.00")}
    assert Journal.objects.count() == 1
    books_hold()


def test_i03_what_a_party_owes_is_kept_in_an_account_of_its_own(world):
    world.post("chargeback:one", ("receivable", "outside", "30.00"))
    assert world.balances() == {"outside": D("-70.00"), "escrow": D("100.00"), "receivable": D("-30.00")}
    books_hold()


def test_i17_the_same_key_with_the_same_content_moves_nothing_and_answers_the_same(world):
    first = world.release()
    assert world.release() == Posted(first.journal_id, created=False)
    assert Transfer.objects.count() == 3
    books_hold()


@pytest.mark.parametrize(
    "other",
    [
        {"transfers": [("escrow", "pending", "90.01"), ("escrow", "fees", "10.00")]},
        {"transfers": [("escrow", "pending", "90.00")]},
        {"transfers": [("escrow", "fees", "10.00"), ("escrow", "pending", "90.00")]},
        {"transfers": [("escrow", "pending", "90.00"), ("escrow", "fees", "10.00"), ("outside", "fees", "1")]},
        {"transfers": [("escrow", "available", "90.00"), ("escrow", "fees", "10.00")]},
        {"cause": "bonus"},
        {"scope": uuid.UUID(int=1)},
        {"scope": None},
        {"reverses": "fund:one"},
    ],
)
def test_i17_the_same_key_with_other_content_is_refused(world, other):
    world.release()
    moves = other.pop("transfers", [("escrow", "pending", "90.00"), ("escrow", "fees", "10.00")])
    if "reverses" in other:
        other = {"reverses": Journal.objects.get(key=other["reverses"]).pk}
    same = {"key": "release:one", "cause": "release", "scope": world.scope}
    with pytest.raises(KeyReused, match="release:one"), transaction.atomic():
        ledger.post(**(same | other), transfers=[world.move(*move) for move in moves])
    assert Transfer.objects.count() == 3
    books_hold()


def test_i12_a_reversal_gives_everything_back_and_names_its_original(world):
    released = world.release()
    back = ledger.reverse(released.journal_id, key="reversal:one")
    assert world.balances() == {"outside": D("-100.00"), "escrow": D("100.00")}
    journal = Journal.objects.get(pk=back.journal_id)
    assert (journal.reverses_id, journal.cause, journal.scope) == (released.journal_id, "reversal", world.scope)
    assert ledger.reverse(released.journal_id, key="reversal:one") == Posted(back.journal_id, created=False)
    books_hold()


def test_i12_what_is_gone_comes_back_from_a_receivable(world):
    released = world.release()
    world.post("maturing:one", ("pending", "available", "90.00"))
    world.post("withdrawal:one", ("available", "outside", "60.00"))
    with pytest.raises(Insufficient), transaction.atomic():
        ledger.reverse(released.journal_id, key="reversal:one")
    moves = ("available", "escrow", "30.00"), ("receivable", "escrow", "60.00"), ("fees", "escrow", "10.00")
    world.post("reversal:one", *moves, reverses=released.journal_id)
    assert world.balances() == {"outside": D("-40.00"), "escrow": D("100.00"), "receivable": D("-60.00")}
    books_hold()


def test_i12_parts_of_a_journal_are_given_back_until_all_of_it_is(world):
    funded = Journal.objects.get(key="fund:one").pk
    world.post("reversal:one", ("escrow", "outside", "60.00"), reverses=funded)
    world.post("reversal:two", ("escrow", "outside", "40.00"), reverses=funded)
    books_hold()
    world.fund("100.00", key="fund:two")
    with transaction.atomic():
        world.post("reversal:three", ("escrow", "outside", "0.01"), reverses=funded)
        with pytest.raises(IntegrityError, match="gives back more"):
            as_at_commit()
        transaction.set_rollback(True)
    books_hold()


def test_an_account_is_opened_once_and_starts_empty(db):
    party, scope = deal().talent.pk, uuid.uuid4()
    assert ledger.balance(Kind.PENDING, party=party) == D("0.00")
    assert not Account.objects.filter(party=party).exists()
    first = ledger.account(Kind.PENDING, party=party)
    assert ledger.account(Kind.PENDING, party=party) == first
    assert ledger.account(Kind.AVAILABLE, party=party) != first
    assert ledger.account(Kind.ESCROW, scope=scope) == ledger.account(Kind.ESCROW, scope=scope)
    assert ledger.account(Kind.OUTSIDE) == Account.objects.get(kind=Kind.OUTSIDE).pk
    assert Account.objects.get(pk=first).balance == 0


def test_many_accounts_are_found_in_one_round_trip_in_the_order_asked(db, django_assert_num_queries):
    made = deal()
    with django_assert_num_queries(1):
        opened = made.ids
    assert [Account.objects.get(pk=pk).kind for pk in opened.values()] == list(opened)


def test_a_journal_is_one_round_trip(world, django_assert_num_queries):
    moves = [world.move("escrow", "pending", "1.00")] * 20
    with django_assert_num_queries(1):
        ledger.post(key="release:many", cause="release", scope=world.scope, transfers=moves)
    books_hold()


@pytest.mark.parametrize("amount", [D("5.001"), 5.0, 5, "5.00"])
def test_an_amount_is_a_decimal_in_whole_cents(world, amount):
    with pytest.raises(TypeError):
        ledger.post(key="fund:two", cause="fund", transfers=[Move(world.ids["outside"], world.ids["escrow"], amount)])


@pytest.mark.parametrize("amount", ["0.00", "-5.00", "1000000.01", "NaN"])
def test_i13_an_amount_beyond_the_limits_is_refused(world, amount):
    with pytest.raises((DatabaseError, TypeError)), transaction.atomic():
        world.fund(amount, key="fund:two")
    books_hold()


@pytest.mark.parametrize("amount", ["0.01", "1000000.00"])
def test_i13_the_limits_themselves_are_amounts(world, amount):
    assert world.fund(amount, key="fund:two").created
    books_hold()


def test_a_journal_needs_a_transaction_around_it(own_database):
    with pytest.raises(TransactionManagementError):
        deal().fund()
