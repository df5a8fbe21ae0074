"""The past is sealed each hour: whoever changes it later, with every guard off, is noticed (I16)."""

import threading
import time
from functools import partial

import pytest
from django.db import connection, connections, transaction

from escrow.checking import check_books, seal
from escrow.invariants import STOPPING, ask, registered
from escrow.models import Journal, Seal, Transfer
from escrow.tests.posting import Deal, deal
from tests.books import books_hold
from tests.racing import at_once

PATIENCE = 60


def wrong(name: str) -> list[tuple]:
    (invariant,) = (each for each in registered(thorough=True) if each.name == name)
    found = ask(invariant)
    return list(found.rows) if found else []


def past_the_guards(statement: str, *values: int) -> None:
    """As the owner of everything, with all triggers off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; SET LOCAL ROLE NONE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def past(db) -> list[int]:
    """Fifty seals, each over one transfer; the transfers, oldest first."""
    world = deal()
    for number in range(50):
        world.fund("1.00", key=f"fund:{number}")
        seal()
    return list(Transfer.objects.order_by("pk").values_list("pk", flat=True))


def test_i16_a_change_of_the_past_is_noticed_of_the_last_days_each_hour_and_of_all_of_it_each_day(past):
    assert (wrong("I16"), wrong("I16-all")) == ([], [])
    past_the_guards("UPDATE escrow_transfer SET amount = amount + 1 WHERE id = %s", past[0])
    assert (wrong("I16"), len(wrong("I16-all"))) == ([], 1)
    past_the_guards("UPDATE escrow_journal SET cause = 'bonus' WHERE key = 'fund:40'")
    assert (len(wrong("I16")), len(wrong("I16-all"))) == (1, 2)
    names = check_books(thorough=True).names
    assert {"I16", "I16-all"} <= set(names)


def test_i16_what_was_sealed_never_becomes_less(past):
    past_the_guards("DELETE FROM escrow_transfer WHERE id = %s", past[0])
    ((_seal, upto, sealed, found),) = wrong("I16")
    assert (upto, sealed, found) == (past[-1], 50, 49)


def test_i16_a_seal_that_was_made_anew_does_not_fit_the_next_one(past):
    first = Seal.objects.order_by("pk").first()
    past_the_guards("UPDATE escrow_transfer SET amount = 2 WHERE id = %s", past[0])
    past_the_guards(
        "UPDATE escrow_seal SET digest = (SELECT digest FROM escrow_digest('', 0, %s)) WHERE id = %s", past[0], first.pk
    )
    assert [row[0] for row in wrong("I16-all")] == [first.pk + 1]


def hold_a_journal(world: Deal, begun: threading.Event, end: threading.Event) -> None:
    with transaction.atomic():
        world.fund("1.00", key="fund:slow")
        begun.set()
        end.wait(PATIENCE)


def seal_past(world: Deal, begun: threading.Event, end: threading.Event) -> None:
    """Another journal is committed with a larger id, and while the seal waits nobody is held up."""
    begun.wait(PATIENCE)
    with transaction.atomic():
        world.fund("2.00", key="fund:fast")
    threading.Timer(0.2, end.set).start()
    seal()


def race(world: Deal) -> None:
    begun, end = threading.Event(), threading.Event()
    answers = at_once(partial(hold_a_journal, world, begun, end), partial(seal_past, world, begun, end))
    assert answers == [None, None]


def two_worlds() -> Deal:
    """Its accounts are opened and committed, as whoever opens one holds up others who do."""
    world = deal()
    with transaction.atomic():
        world.fund("5.00", key=f"fund:{world.scope}")
    return world


class Spread(Deal):
    """Posts between shared accounts alone, which nobody locks."""

    def fund(self, amount: str = "100.00", key: str = "fund:one"):
        return self.post(key, ("outside", "fees", amount))


def spread() -> Spread:
    world = two_worlds()
    return Spread(world.scope, world.client, world.talent)


def test_i16_a_seal_waits_for_whoever_has_a_smaller_number(own_database):
    race(spread())
    assert list(Seal.objects.values_list("transfers", flat=True)) == [3]
    assert (wrong("I16"), wrong("I16-all")) == ([], [])
    books_hold()


def test_control_a_seal_that_does_not_wait_is_broken_by_whoever_comes_late(own_database):
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION escrow_writers() RETURNS SETOF text LANGUAGE sql AS"
            " $$ SELECT ''::text WHERE false $$"
        )
    connections["owner"].close()
    race(spread())
    assert len(wrong("I16-all")) == 1


def test_checks_beside_writers_raise_no_false_alarm_and_hold_up_nobody(own_database):
    """Nothing is broken in any of them, and what runs beside them goes on."""
    worlds, over = [two_worlds() for _each in range(2)], threading.Event()

    def write(world: Deal) -> int:
        count = 0
        while not over.is_set():
            count += 1
            with transaction.atomic():
                world.fund("3.00", key=f"fund:{world.scope}:{count}")
                world.release("2.00", "1.00", key=f"release:{world.scope}:{count}")
        return count

    def check() -> list[list[str]]:
        try:
            until = time.monotonic() + 1.5
            found = []
            while time.monotonic() < until:
                found.append(check_books().names)
                seal()
            return found
        finally:
            over.set()

    *written, checked = at_once(*(partial(write, world) for world in worlds), check)
    assert all(count > 3 for count in written)
    assert len(checked) >= 2
    assert not {name for names in checked for name in names} & STOPPING
    assert Journal.objects.count() >= sum(written) * 2
    books_hold()
