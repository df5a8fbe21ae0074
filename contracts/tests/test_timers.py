"""How a sweep goes, with kinds of deadlines of the tests' own: everything once, in order, whoever sweeps.

A test's deadline stands in a column that no rule looks at: a contract's `updated_at` or `created_at`.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import QuerySet

from contracts import timers
from contracts.models import Contract
from contracts.timers import FAILED, Due, sweep
from marketplace import clock
from marketplace.prepared import Prepared
from tests.factories import offered
from tests.racing import PATIENCE, at_once

ROUNDS = 40
NEVER = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass
class Deed:
    """An operation of a test's own on a contract whose deadline, in the column `moment`, is over."""

    moment: str = "updated_at"
    fails: set[UUID] = field(default_factory=set)
    done: list[UUID] = field(default_factory=list)
    settles: bool = True

    def __call__(self, key: UUID) -> bool:
        due = Contract.objects.filter(pk=key, **{f"{self.moment}__lte": clock.now()})
        if not due.exists():
            return False
        self.done.append(key)
        if self.settles:
            due.update(**{self.moment: NEVER})
        if key in self.fails:
            raise ZeroDivisionError
        return True

    @property
    def due(self) -> Due:
        return Due(f"by {self.moment}", Contract.objects.all(), self.moment, self, contract="pk")


def contracts(count: int) -> list[UUID]:
    """So many contracts on which nothing is due."""
    keys = [offered(1).contract.pk for _each in range(count)]
    Contract.objects.update(updated_at=NEVER, created_at=NEVER)
    return keys


def came_due(keys: Sequence[UUID], *ago: int, moment: str = "updated_at") -> None:
    """Let each of the contracts have come due so many hours ago."""
    now = clock.now()
    for key, hours in zip(keys, ago, strict=True):
        Contract.objects.filter(pk=key).update(**{moment: now - timedelta(hours=hours)})


def test_a_sweep_does_each_thing_once_in_the_order_in_which_it_came_due(db):
    early, late, ahead, middle = keys = contracts(4)
    came_due(keys, 30, 1, -1, 7)
    deed = Deed()
    assert sweep(dues=[deed.due]) == {"by updated_at": 3}
    assert deed.done == [early, middle, late]
    assert sweep(dues=[deed.due]) == {}
    assert ahead not in deed.done


def test_the_order_holds_across_kinds_and_batches(db, monkeypatch):
    monkeypatch.setattr(timers, "BATCH", 2)
    one, two, three, four, five = keys = contracts(5)
    came_due(keys, 50, 40, 30, 20, 10)
    came_due([five, one, two], 45, 44, 5, moment="created_at")
    order: list[UUID] = []
    deeds = [Deed(done=order), Deed("created_at", done=order)]
    assert sweep(dues=[deed.due for deed in deeds]) == {"by updated_at": 5, "by created_at": 3}
    assert order == [one, five, one, two, three, four, five, two]


def test_one_failure_is_logged_undone_and_not_tried_again_by_this_sweep(db, monkeypatch, caplog):
    monkeypatch.setattr(timers, "BATCH", 1)
    first, second, third = keys = contracts(3)
    came_due(keys, 3, 2, 1)
    deed = Deed(fails={first})
    assert sweep(dues=[deed.due]) == {FAILED: 1, "by updated_at": 2}
    assert deed.done == keys
    assert f"Of by updated_at, {first} failed." in caplog.text
    deed.fails.clear()
    assert sweep(dues=[deed.due]) == {"by updated_at": 1}
    assert deed.done == [first, second, third, first]


def test_what_stays_due_does_not_keep_a_sweep_from_its_end(db):
    keys = contracts(2)
    came_due(keys, 2, 1)
    deed = Deed(settles=False)
    assert sweep(dues=[deed.due]) == {"by updated_at": 2}
    assert deed.done == keys


def test_each_thing_is_a_transaction_of_its_own(own_database):
    keys = contracts(2)
    came_due(keys, 2, 1)
    seen: list[int] = []

    def look(key: UUID) -> bool:
        """How many are still due, as somebody else sees it who looks while this one is being done."""
        seen.extend(at_once(lambda: Contract.objects.filter(updated_at__lte=clock.now()).count()))
        return Deed()(key)

    sweep(dues=[Due("looks", Contract.objects.all(), "updated_at", look, contract="pk")])
    assert seen == [2, 1]


def test_a_contract_in_somebodys_hands_is_left_to_them(own_database):
    held, free = keys = contracts(2)
    came_due(keys, 2, 1)
    deed, locked, swept = Deed(), threading.Event(), threading.Event()

    def holding() -> bool:
        with transaction.atomic():
            Contract.objects.select_for_update(no_key=True).get(pk=held)
            locked.set()
            return swept.wait(PATIENCE)

    def sweeping() -> dict[str, int]:
        locked.wait(PATIENCE)
        try:
            return sweep(dues=[deed.due])
        finally:
            swept.set()

    assert at_once(holding, sweeping) == [True, {"by updated_at": 1}]
    assert deed.done == [free]
    assert sweep(dues=[deed.due]) == {"by updated_at": 1}
    assert deed.done == [free, held]


def test_two_sweeps_at_once_share_the_work_and_do_everything_once(own_database):
    keys = contracts(8)
    for _round in range(ROUNDS):
        came_due(keys, *range(8, 0, -1))
        deed = Deed()
        one, other = at_once(*[partial(sweep, dues=[deed.due])] * 2)
        assert one + other == {"by updated_at": 8}
        assert sorted(deed.done) == sorted(keys)


def test_two_sweeps_control_without_the_lock_something_is_done_twice(own_database, monkeypatch):
    for rows in (QuerySet, Prepared):
        monkeypatch.setattr(rows, "select_for_update", lambda rows, **options: rows)
    came_due(contracts(1), 1)
    both_looked = threading.Barrier(2)

    def act(key: UUID) -> bool:
        """Looks first, then waits until the other sweep has looked as well."""
        is_due = Contract.objects.filter(pk=key, updated_at__lte=clock.now()).exists()
        both_looked.wait(PATIENCE)
        return is_due

    due = Due("deeds", Contract.objects.all(), "updated_at", act, contract="pk")
    assert at_once(*[partial(sweep, dues=[due])] * 2) == [{"deeds": 1}] * 2


@pytest.mark.parametrize("size", [1, 20])
def test_looking_for_what_is_due_costs_the_same_however_much_lies_ahead(db, django_assert_num_queries, size):
    contracts(size)
    with django_assert_num_queries(11):
        assert sweep() == {}
