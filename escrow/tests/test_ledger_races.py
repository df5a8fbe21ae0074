"""Many at once on the ledger: real threads with a connection each, in a database that they may commit to.

The guard is the order in which the door locks accounts. Its controls take that lock away and force the order of two;
then the wrong must show: a deadlock, or a balance that somebody lost.
"""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import DatabaseError, connection, connections, transaction
from psycopg import errors

from escrow import ledger
from escrow.models import Account, Journal, Transfer
from escrow.sql import read
from escrow.tests.posting import D, Deal, deal
from tests.books import books_hold

ROUNDS = 40
PATIENCE = 60


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all of it at the same moment, each in a thread of its own; what each answered, or how it was refused."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            start.wait(PATIENCE)
            return act()
        except (ledger.LedgerError, DatabaseError) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [running.result(PATIENCE) for running in [pool.submit(run, act) for act in acts]]


def kinds(answers: list[object]) -> Counter:
    return Counter(type(answer).__name__ for answer in answers)


@pytest.fixture
def world(own_database) -> Deal:
    made = deal()
    made.ids  # noqa: B018 - opens the accounts
    return made


def posting(world: Deal, key: str, *moves: tuple[str, str, str]) -> ledger.Posted:
    with transaction.atomic():
        return world.post(key, *moves)


def test_b26_nobody_posting_to_one_account_at_once_loses_anything(world):
    for number in range(ROUNDS):
        answers = at_once(
            *(partial(posting, world, f"fund:{number}-{each}", ("outside", "escrow", "1.00")) for each in range(4))
        )
        assert kinds(answers) == {"Posted": 4}
    assert world.balances() == {"outside": D(-4 * ROUNDS), "escrow": D(4 * ROUNDS)}
    books_hold()


def test_i03_of_many_who_draw_on_one_account_only_those_who_find_enough_succeed(world):
    for number in range(ROUNDS):
        posting(world, f"fund:{number}", ("outside", "escrow", "100.00"))
        answers = at_once(
            *(partial(posting, world, f"release:{number}-{each}", ("escrow", "pending", "60.00")) for each in range(3)),
        )
        assert kinds(answers) == {"Posted": 1, "Insufficient": 2}
        posting(world, f"refund:{number}", ("escrow", "credit", "40.00"))
    books_hold()


def test_i17_one_key_posted_at_once_is_one_journal_and_everybody_sees_success(world):
    for number in range(ROUNDS):
        answers = at_once(*[partial(posting, world, f"fund:{number}", ("outside", "escrow", "5.00"))] * 4)
        assert Counter(posted.created for posted in answers) == {True: 1, False: 3}
        assert len({posted.journal_id for posted in answers}) == 1
    assert Journal.objects.count() == Transfer.objects.count() == ROUNDS
    books_hold()


def test_i17_one_key_posted_at_once_with_two_contents_is_one_of_them(world):
    for number in range(ROUNDS):
        answers = at_once(
            *(partial(posting, world, f"fund:{number}", ("outside", "escrow", amount)) for amount in ("5.00", "6.00"))
        )
        assert kinds(answers) == {"Posted": 1, "KeyReused": 1}
    assert Transfer.objects.count() == ROUNDS
    books_hold()


def test_an_account_opened_at_once_is_one_account(own_database):
    for _round in range(ROUNDS):
        party = deal().talent.pk
        opened = at_once(*[partial(ledger.account, "pending", party)] * 4)
        assert len(set(opened)) == 1


def test_i12_two_halves_and_a_bit_given_back_at_once_are_not_more_than_the_whole(world):
    for number in range(ROUNDS):
        whole = posting(world, f"fund:{number}", ("outside", "escrow", "10.00")).journal_id
        posting(world, f"fund:{number}-other", ("outside", "escrow", "10.00"))

        def back(each: int, whole: int = whole, number: int = number) -> ledger.Posted:
            with transaction.atomic():
                return world.post(f"reversal:{number}-{each}", ("escrow", "outside", "6.00"), reverses=whole)

        assert kinds(at_once(partial(back, 1), partial(back, 2))) == {"Posted": 1, "IntegrityError": 1}
    books_hold()


# There and back


def there(world: Deal, key: str) -> ledger.Posted:
    return posting(world, f"maturing:{key}", ("pending", "available", "1.00"), ("credit", "escrow", "1.00"))


def back(world: Deal, key: str) -> ledger.Posted:
    return posting(world, f"reversal:{key}", ("escrow", "credit", "1.00"), ("available", "pending", "1.00"))


def filled(world: Deal) -> None:
    posting(world, "fund:all", *(("outside", kind, "100.00") for kind in ("pending", "available", "credit", "escrow")))


def test_transfers_there_and_back_at_once_do_not_deadlock(world):
    filled(world)
    for number in range(ROUNDS):
        answers = at_once(
            *(partial(way, world, f"{number}-{each}") for each, way in enumerate((there, back, there, back)))
        )
        assert kinds(answers) == {"Posted": 4}
    assert set(world.balances().values()) == {D("-400.00"), D("100.00")}
    books_hold()


LOCKING = """    PERFORM FROM escrow_account
        WHERE id = ANY (debits || credits) AND balance IS NOT NULL ORDER BY id FOR NO KEY UPDATE;
"""


def rewrite(name: str, part: str, by: str = "") -> None:
    """Install a file of the ledger's SQL again, with a part of it replaced, as the owner."""
    text = read(name)
    assert text.count(part) == 1
    with connections["owner"].cursor() as cursor:
        cursor.execute(text.replace(part, by))
    connections["owner"].close()


def test_control_without_the_ordered_lock_transfers_there_and_back_deadlock(world):
    filled(world)
    rewrite("doors", LOCKING)
    # Each has moved its first account, and sleeps, before either touches its second.
    shifting = "RETURN after;\nEND $$;\n\nCREATE OR REPLACE FUNCTION escrow_move()"
    rewrite("transfer", shifting, "PERFORM pg_sleep(0.3);\n    " + shifting)
    answers = at_once(partial(there, world, "one"), partial(back, world, "two"))
    (refusal,) = [answer for answer in answers if isinstance(answer, Exception)]
    assert isinstance(refusal.__cause__, errors.DeadlockDetected)
    books_hold()


def test_the_ordered_lock_holds_where_its_control_deadlocks(world):
    filled(world)
    shifting = "RETURN after;\nEND $$;\n\nCREATE OR REPLACE FUNCTION escrow_move()"
    rewrite("transfer", shifting, "PERFORM pg_sleep(0.3);\n    " + shifting)
    assert kinds(at_once(partial(there, world, "one"), partial(back, world, "two"))) == {"Posted": 2}
    books_hold()


MOVING = """    UPDATE escrow_account SET balance = balance + change WHERE id = account AND balance IS NOT NULL
        RETURNING balance INTO after;
"""
READ_THEN_WRITE = """    SELECT balance + change INTO after FROM escrow_account WHERE id = account;
    PERFORM pg_sleep(0.3);
    UPDATE escrow_account SET balance = after WHERE id = account AND balance IS NOT NULL;
"""


@pytest.mark.parametrize("locked", [True, False])
def test_control_a_balance_read_before_it_is_written_is_lost_without_the_lock(world, locked):
    rewrite("transfer", MOVING, READ_THEN_WRITE)
    if not locked:
        rewrite("doors", LOCKING)
    at_once(*(partial(posting, world, f"fund:{each}", ("outside", "escrow", "1.00")) for each in range(2)))
    stored = Account.objects.get(pk=world.ids["escrow"]).balance
    assert stored == (D("2.00") if locked else D("1.00"))
    if locked:
        books_hold()
    else:
        with pytest.raises(AssertionError, match="I2"):
            books_hold()


# Shared accounts


def released(world: Deal) -> None:
    world.post(f"fund:{world.scope}", ("outside", "escrow", "100.00"), ("outside", "initiation_fee", "4.95"))
    world.release(key=f"release:{world.scope}")
    world.post(f"release:fee {world.scope}", ("initiation_fee", "fees", "4.95"))


def locked_while_released(world: Deal) -> set[str]:
    """The kinds of the accounts whose rows a release keeps locked until it commits."""
    with transaction.atomic():
        released(world)
        locked = locked_accounts()
    return {kind for kind, pk in world.ids.items() if pk in locked}


def test_shared_accounts_are_never_locked(world):
    assert locked_while_released(world) == {"escrow", "pending", "initiation_fee"}
    books_hold()


def test_control_a_foreign_key_would_lock_the_shared_accounts(world):
    with connections["owner"].cursor() as cursor:
        for side in ("debit_id", "credit_id"):
            cursor.execute(f"ALTER TABLE escrow_transfer ADD FOREIGN KEY ({side}) REFERENCES escrow_account")
    assert locked_while_released(world) == {"escrow", "pending", "initiation_fee", "outside", "fees"}


def locked_accounts() -> set[int]:
    """The accounts that somebody else could not lock now, not even as weakly as a foreign key would."""
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT id FROM escrow_account FOR UPDATE SKIP LOCKED")
        free = {found for (found,) in cursor.fetchall()}
    connections["owner"].close()
    return set(Account.objects.values_list("pk", flat=True)) - free


def test_many_contracts_at_once_share_the_fee_account_without_a_deadlock(own_database):
    worlds = [deal() for _each in range(4)]
    for world in worlds:
        world.ids  # noqa: B018

    def life(world: Deal, number: int) -> int:
        for turn in range(10):
            key = f"{number}-{turn}"
            posting(world, f"fund:{key}", ("outside", "escrow", "100.00"))
            posting(world, f"release:{key}", ("escrow", "pending", "90.00"), ("escrow", "fees", "10.00"))
        return number

    answers = at_once(*(partial(life, world, number) for number, world in enumerate(worlds)))
    assert answers == [0, 1, 2, 3]
    assert ledger.balance("fees") == D("400.00")
    books_hold()


def test_a_contract_does_not_wait_for_another_that_is_in_the_middle(own_database):
    one, other = deal(), deal()
    with transaction.atomic():
        released(one)
        (answer,) = at_once(partial(unwaiting, other))
    assert answer == D("90.00")
    books_hold()


def unwaiting(world: Deal) -> object:
    """Fund and release, refused at once if that would mean to wait for a row."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '1ms'")
        released(world)
    return ledger.balance("pending", party=world.talent.pk)
