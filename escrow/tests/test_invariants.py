"""Each invariant notices what it is for: the books are broken on purpose, with the guards off, as only an owner can."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from escrow.invariants import Broken, Invariant, ask, broken, register, registered
from escrow.models import Seal, Transfer
from escrow.tests.posting import deal
from escrow.tests.test_attacks import APPLICATION, OWNER, execute, make_world, post, transfer
from tests.books import books_hold

UNGUARD = [
    "ALTER TABLE escrow_account DISABLE TRIGGER USER",
    "ALTER TABLE escrow_journal DISABLE TRIGGER USER",
    "ALTER TABLE escrow_seal DISABLE TRIGGER USER",
    "ALTER TABLE escrow_transfer DISABLE TRIGGER transfer_append_only",
]
UNMOVED = "ALTER TABLE escrow_transfer DISABLE TRIGGER transfer_moves_balances"
UNCHECK = [
    "ALTER TABLE escrow_account DROP CONSTRAINT account_not_below_zero",
    "ALTER TABLE escrow_transfer DROP CONSTRAINT transfer_amount_in_limits",
    "ALTER TABLE escrow_transfer DROP CONSTRAINT transfer_two_accounts",
]
REVERSAL = "INSERT INTO escrow_journal (key, cause, reverses_id) VALUES ('reversal:two', 'reversal', {})"
SECOND = "(SELECT id FROM escrow_journal WHERE key = 'reversal:two')"

OURS = {"I1", "I2", "I3", "I9", "I10", "I12", "I13", "I16", "I17"}  # other apps register more

# What is done, and exactly which of ours then do not hold.
BREAKS = {
    "money from nowhere": (["UPDATE escrow_account SET balance = balance + 1 WHERE id = {escrow}"], {"I1", "I2", "I9"}),
    "money from one to another": (
        [
            "UPDATE escrow_account SET balance = balance + 1 WHERE id = {escrow}",
            "UPDATE escrow_account SET balance = balance - 1 WHERE id = {pending}",
        ],
        {"I2"},
    ),
    "another balance of the past": (
        ["UPDATE escrow_transfer SET debit_balance = 0.01 WHERE journal_id = {release} AND credit_id = {pending}"],
        {"I2", "I16"},
    ),
    "an account below zero": (
        ["UPDATE escrow_account SET balance = -1 WHERE id = {pending}"],
        {"I1", "I2", "I3", "I9"},
    ),
    "more fees given back than were taken": ([post("{fees}", "{escrow}", "5.01")], {"I3"}),
    "a shared account that keeps a balance": (
        [
            "ALTER TABLE escrow_account DROP CONSTRAINT account_owner_fits_kind",
            "UPDATE escrow_account SET balance = 0 WHERE id = {fees}",
        ],
        {"I1", "I2", "I9"},
    ),
    "a transfer of nothing": ([transfer(0)], {"I10", "I13"}),
    "a transfer of no number": ([transfer("'NaN'")], {"I1", "I13"}),
    "a transfer to itself": ([transfer(5, "{fees}", "{fees}")], {"I10"}),
    "a transfer to nowhere": ([UNMOVED, transfer(5, credit="999999999")], {"I1", "I9", "I10"}),
    "a journal without transfers": (["INSERT INTO escrow_journal (key, cause) VALUES ('x', 'fund')"], {"I10"}),
    "a reversal of more than was taken": (
        [REVERSAL.format("{fund}"), transfer("100.01", "{fees}", "{outside}", SECOND)],
        {"I3", "I12"},
    ),
    "a reversal to somebody else": (
        [REVERSAL.format("{fund}"), transfer("0.01", "{outside}", "{fees}", SECOND)],
        {"I12"},
    ),
    "a reversal of a reversal": ([REVERSAL.format("{back}"), transfer("1", "{fees}", "{outside}", SECOND)], {"I12"}),
    "a transfer beyond the cap": ([transfer("1000000.01", "{outside}", "{fees}")], {"I13"}),
    "another word in the past": (["UPDATE escrow_journal SET key = 'bonus:one' WHERE id = {release}"], {"I16"}),
    "another time in the past": (["UPDATE escrow_journal SET at = at - interval '1 second'"], {"I16"}),
    "another seal": (["UPDATE escrow_seal SET digest = repeat('0', 64)"], {"I16"}),
    "the end of the past away": (
        ["DELETE FROM escrow_transfer WHERE journal_id = {back}", "DELETE FROM escrow_journal WHERE id = {back}"],
        {"I2", "I16"},
    ),
    "a transfer that moved nothing": ([UNMOVED, transfer(5)], {"I1", "I2", "I9"}),
    "a key used twice": (
        [
            "ALTER TABLE escrow_journal DROP CONSTRAINT journal_key_once",
            "INSERT INTO escrow_journal (key, cause) VALUES ('fund:one', 'fund')",
            transfer(5, journal="(SELECT max(id) FROM escrow_journal)"),
        ],
        {"I17"},
    ),
}

as_owner = pytest.mark.django_db(databases=[APPLICATION, OWNER])


def break_on_purpose(breaks: list[str]) -> None:
    for statement in (*UNGUARD, *UNCHECK, *breaks):
        execute(OWNER, statement)


@as_owner
@pytest.mark.parametrize("how", BREAKS)
def test_a_broken_invariant_is_noticed(how):
    make_world(OWNER)
    books_hold(OWNER)
    breaks, noticed = BREAKS[how]
    break_on_purpose(breaks)
    assert {found.invariant.name for found in broken(OWNER)} & OURS == noticed


def test_every_invariant_of_the_ledger_is_shown_to_notice_something():
    assert {invariant.name for invariant in registered()} >= OURS
    assert set.union(*(noticed for _breaks, noticed in BREAKS.values())) == OURS


@pytest.mark.django_db
def test_the_books_hold_while_they_are_empty():
    books_hold()


def test_a_name_is_registered_once():
    with pytest.raises(ValueError, match="I1 "):
        register("I1", "Something else.", "SELECT 1")


@pytest.mark.django_db
def test_what_breaks_an_invariant_is_shown_by_its_columns():
    invariant = Invariant("T1", "Nothing is seven.", "SELECT 7 AS number, 'seven' AS word")
    found = ask(invariant)
    assert found == Broken(invariant, ("number", "word"), ((7, "seven"),))
    assert str(found) == "T1: Nothing is seven.\n  number 7, word seven"


def checked(*options: str) -> str:
    out = StringIO()
    call_command("check_ledger", *options, stdout=out, stderr=out)
    return out.getvalue()


def test_check_ledger_says_what_holds_and_exits_1_when_something_does_not(own_database):
    with transaction.atomic(OWNER):
        make_world(OWNER)
    assert [line.split()[:2] for line in checked().splitlines()] == [
        ["holds", f"{invariant.name}:"] for invariant in registered()
    ]
    break_on_purpose(BREAKS["money from one to another"][0])
    with pytest.raises(CommandError, match=r"do not hold: I2\.") as refused:
        checked()
    assert refused.value.returncode == 1


@pytest.mark.django_db
def test_i16_a_seal_covers_what_came_since_the_one_before():
    world = deal()
    assert "nothing yet" in checked("--seal")
    world.fund()
    first = checked("--seal").splitlines()[-1]
    world.release()
    checked("--seal")
    assert checked("--seal").splitlines()[-1] != first
    upto = list(Transfer.objects.order_by("pk").values_list("pk", flat=True))
    assert list(Seal.objects.order_by("pk").values_list("upto", "transfers")) == [(upto[0], 1), (upto[2], 2)]
    books_hold()


def test_i16_a_seal_waits_for_nobody_long_and_never_passes_one_who_is_in_the_middle(own_database):
    world = deal()
    with transaction.atomic(OWNER):
        execute(OWNER, post("{outside}", "{escrow}", "5"))
        with pytest.raises(Exception, match="seal later"):
            checked("--seal")
        assert not Seal.objects.exists()
    with transaction.atomic():
        world.fund()
    checked("--seal")
    assert list(Seal.objects.values_list("transfers", flat=True)) == [2]
    connections[OWNER].close()
