"""The one description of a change: rows, kinds, moves and totals (B14)."""

import json
import time
from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.plan import ChangeSet, Counts, FieldChange, Line, Plan

from .plan_strategies import changed, key, line, numbers, plan, plans

tried = settings(deadline=None, max_examples=150)


@st.composite
def changes(draw):
    before = draw(plans())
    return ChangeSet(before, draw(changed(before)))


def moved(before, after):
    return {row.line.key.int for row in ChangeSet(before, after).rows if row.moved}


def only_row(before, after):
    (row,) = ChangeSet(before, after).changed
    return row


# Examples


def test_nothing_changed():
    same = ChangeSet(plan(1, 2), plan(1, 2))
    assert not same
    assert same.changed == ()
    assert [row.kinds for row in same.rows] == [("same",), ("same",)]
    assert same.counts == Counts(0, 0, 0, 0)


def test_an_added_row_has_no_old_position():
    row = only_row(plan(1), plan(1, 2))
    assert row.is_added
    assert (row.kinds, row.old_position, row.new_position) == (("added",), None, 2)
    assert row.line == line(2)
    assert row.fields == ()


def test_a_removed_row_has_no_new_position():
    row = only_row(plan(1, 2), plan(1))
    assert row.is_removed
    assert (row.kinds, row.old_position, row.new_position) == (("removed",), 2, None)
    assert row.line == line(2)
    assert row.fields == ()


def test_an_edited_row_gives_each_fields_old_and_new_value():
    old = Line(key(1), "Sketch", "", Decimal("5.00"), None)
    new = Line(key(1), "Sketch", "In ink", Decimal("7.50"), date(2027, 1, 2))
    row = only_row(Plan((old,)), Plan((new,)))
    assert row.kinds == ("edited",)
    assert row.fields == (
        FieldChange("description", "", "In ink"),
        FieldChange("amount", Decimal("5.00"), Decimal("7.50")),
        FieldChange("due_date", None, date(2027, 1, 2)),
    )


def test_an_amount_typed_with_other_zeros_is_the_same():
    assert not ChangeSet(Plan((line(1, amount="5"),)), Plan((line(1, amount="5.00"),)))


def test_b14_a_row_can_be_edited_and_moved_at_once():
    change = ChangeSet(plan(1, 2, 3), Plan((line(3, title="Ship"), line(1), line(2))))
    assert [row.kinds for row in change.rows] == [("edited", "moved"), ("same",), ("same",)]
    assert change.counts == Counts(added=0, removed=0, edited=1, moved=1)


def test_b14_one_drag_is_one_move():
    (row,) = ChangeSet(plan(1, 2, 3, 4, 5), plan(5, 1, 2, 3, 4)).changed
    assert (row.kinds, row.old_position, row.new_position) == (("moved",), 5, 1)


def test_b14_on_a_tie_the_row_that_went_up_moved():
    assert moved(plan(1, 2), plan(2, 1)) == {2}
    assert moved(plan(1, 2, 3, 4), plan(3, 4, 1, 2)) == {3, 4}


def test_b14_a_row_in_its_old_place_is_not_called_moved_without_need():
    assert moved(plan(1, 2, 3), plan(3, 2, 1)) == {1, 3}


def test_b14_where_nothing_else_decides_the_upper_row_rests():
    assert moved(plan(1, 2, 3, 4), plan(4, 3, 2, 1)) == {2, 3, 4}


def test_b14_removing_or_adding_above_a_row_does_not_move_it():
    change = ChangeSet(plan(1, 2, 3), plan(3, 4))
    assert [row.kinds for row in change.rows] == [("removed",), ("removed",), ("same",), ("added",)]
    assert [row.old_position for row in change.rows] == [1, 2, 3, None]
    assert [row.new_position for row in change.rows] == [None, None, 1, 2]


def test_a_removed_row_stands_where_it_stood():
    change = ChangeSet(plan(1, 2, 3, 4), plan(5, 1, 4))
    assert [row.line.key.int for row in change.rows] == [5, 1, 2, 3, 4]


def test_totals_before_and_after():
    change = ChangeSet(Plan((line(1, amount="10.00"),)), Plan((line(1, amount="7.25"), line(2))))
    assert (change.total_before, change.total_after) == (Decimal("10.00"), Decimal("12.25"))
    assert change.difference == Decimal("2.25")


# Properties


@tried
@given(changes())
def test_the_rows_tell_both_plans_whole(change):
    before = sorted((row.old_position, row.before) for row in change.rows if row.before)
    after = [(row.new_position, row.after) for row in change.rows if row.after]
    assert before == list(enumerate(change.before, start=1))
    assert after == list(enumerate(change.after, start=1))


@tried
@given(changes())
def test_applying_the_diff_yields_the_after_plan(change):
    """From the before-plan and the changed rows alone, by the words a reader would take them to mean."""
    lines = {at.key: at for at in change.before}
    order = [row.line.key for row in change.changed if row.is_removed or row.moved]
    order = [at.key for at in change.before if at.key not in order]
    for row in change.changed:
        for field in row.fields:
            values = {name: getattr(lines[row.line.key], name) for name in Line.__slots__}
            assert values[field.name] == field.old
            lines[row.line.key] = Line(**{**values, field.name: field.new})
        if row.is_added:
            lines[row.line.key] = row.line
        if row.is_added or row.moved:
            order.insert(row.new_position - 1, row.line.key)
    assert Plan(tuple(lines[at] for at in order)) == change.after


@tried
@given(changes())
def test_a_change_is_true_exactly_when_a_row_changed(change):
    assert bool(change) == bool(change.changed) == (change.before != change.after)
    assert all(row.is_same != (row in change.changed) for row in change.rows)


@tried
@given(changes())
def test_a_change_comes_back_from_json_as_it_was(change):
    assert ChangeSet.from_json(json.loads(json.dumps(change.to_json()))) == change


@tried
@given(changes())
def test_the_difference_is_what_the_rows_add_up_to(change):
    def money(at):
        return at.amount if at else Decimal(0)

    assert change.difference == sum(money(row.after) - money(row.before) for row in change.changed)


@tried
@given(st.integers(2, 12), st.data())
def test_b14_one_drag_is_one_move_of_the_dragged_row(size, data):
    places = st.integers(0, size - 1)
    old, new = data.draw(places), data.draw(places)
    order = list(range(1, size + 1))
    order.insert(new, order.pop(old))
    dragged = {old + 1} if old != new else set()
    if new == old + 1:
        dragged = {new + 1}  # a swap of two neighbours: the lower one went up
    assert moved(plan(*range(1, size + 1)), plan(*order)) == dragged


@tried
@given(st.permutations(range(1, 7)), st.integers(0, 6))
def test_b14_the_fewest_moves_and_of_those_the_ones_that_went_up(order, size):
    """Against every choice of resting rows: none explains the order with fewer, none of those has more going up."""
    order = [number for number in order if number <= size]
    went_up = {number for index, number in enumerate(order, start=1) if index < number}
    choices = [
        set(order) - set(resting)
        for count in range(size + 1)
        for resting in combinations(order, count)
        if list(resting) == sorted(resting)
    ]
    chosen = moved(plan(*range(1, size + 1)), plan(*order))
    assert chosen in choices
    fewest = min(len(choice) for choice in choices)
    assert len(chosen) == fewest
    assert len(chosen & went_up) == max(len(c & went_up) for c in choices if len(c) == fewest)


@tried
@given(changes())
def test_added_and_removed_rows_never_count_as_moved(change):
    assert not any(row.moved for row in change.rows if row.is_added or row.is_removed)
    assert moved(change.before, change.after) == moved(
        Plan(tuple(at for at in change.before if at.key in change.after.keys)),
        Plan(tuple(at for at in change.after if at.key in change.before.keys)),
    )


@pytest.mark.parametrize("order", [range(200, 0, -1), range(1, 201), [*range(2, 201, 2), *range(1, 201, 2)]])
def test_two_hundred_rows_are_compared_in_no_time(order):
    before, after = plan(*range(1, 201)), plan(*order)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        rows = ChangeSet(before, after).rows
        times.append(time.perf_counter() - start)
    assert [row.line.key.int for row in rows] == numbers(after)
    assert min(times) < 0.02  # a fraction of a millisecond on an idle machine
