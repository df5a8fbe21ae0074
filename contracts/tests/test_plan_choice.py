"""Some lines of a change without the others (X4)."""

import time
from typing import NamedTuple
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.plan import ChangeSet, Counts, Displaced, Line, Plan, changes_next, chosen, leaning

from .plan_strategies import changed, key, line, numbers, pins, plan, plans, with_line

tried = settings(deadline=None, max_examples=200)


class Choice(NamedTuple):
    changes: ChangeSet
    keys: frozenset[UUID]

    @property
    def rows(self):
        return [row for row in self.changes.changed if row.line.key in self.keys]

    @property
    def result(self) -> ChangeSet:
        return ChangeSet(self.changes.before, chosen(*self).plan)


@st.composite
def choices(draw: st.DrawFn) -> Choice:
    before = draw(plans(at_most=8))
    changes = ChangeSet(before, draw(changed(before, newcomers=(11, 12, 13))))
    return Choice(changes, frozenset(row.line.key for row in changes.changed if draw(st.booleans())))


def predecessors(lines: Plan) -> dict[UUID, UUID | None]:
    return dict(zip(lines.keys, (None, *lines.keys), strict=False))


def choice(before: Plan, after: Plan, *chosen_numbers: int) -> tuple[list[int], list[tuple[int, ...]]]:
    """The keys in the plan's order, and each displaced line with those that it was asked after and is after now."""
    made = chosen(ChangeSet(before, after), pins(*chosen_numbers))
    return numbers(made.plan), [tuple(at.int if at else 0 for at in moved) for moved in made.displaced]


# Examples


def test_x4_an_edit_is_taken_without_another():
    before = plan(1, 2)
    changes = ChangeSet(before, Plan((line(1, "Ship"), line(2, amount="9.00"))))
    assert chosen(changes, pins(2)) == (with_line(before, line(2, amount="9.00")), ())


def test_x4_an_edit_and_a_move_of_one_line_go_together():
    changes = ChangeSet(plan(1, 2, 3), Plan((line(3, "Ship"), line(1, "Build"), line(2))))
    assert chosen(changes, pins(3)).plan == Plan((line(3, "Ship"), line(1), line(2)))
    assert chosen(changes, pins(1)).plan == Plan((line(1, "Build"), line(2), line(3)))


@pytest.mark.parametrize(
    ("keys", "left"), [(pins(2), [1, 3, 4]), (pins(3), [1, 2, 4]), (pins(2, 3), [1, 4])], ids=["one", "other", "both"]
)
def test_x4_a_removal_is_taken_without_another(keys, left):
    assert numbers(chosen(ChangeSet(plan(1, 2, 3, 4), plan(1, 4)), keys).plan) == left


def test_x4_a_moved_line_follows_the_line_that_it_was_asked_after():
    assert choice(plan(1, 2, 3, 4), plan(1, 8, 4, 2, 3), 4, 8) == ([1, 8, 4, 2, 3], [])
    assert choice(plan(1, 2, 3, 4), plan(1, 4, 8, 2, 3), 4) == ([1, 4, 2, 3], [])


def test_x4_a_line_after_an_added_one_that_is_not_taken_says_so():
    assert choice(plan(1, 2), plan(1, 8, 9, 2), 9) == ([1, 9, 2], [(9, 8, 1)])
    assert choice(plan(1, 2), plan(8, 9, 1, 2), 9) == ([9, 1, 2], [(9, 8, 0)])


def test_x4_a_line_after_a_moved_one_that_is_not_taken_comes_where_both_would_have_been():
    """5 and 6 were to go up together: 6 alone still goes up, and does not stay with 5."""
    assert choice(plan(1, 2, 3, 4, 5, 6), plan(1, 5, 6, 2, 3, 4), 6) == ([1, 6, 2, 3, 4, 5], [(6, 5, 1)])


def test_x4_only_the_line_whose_place_depends_on_another_says_so():
    before, after = plan(1, 2, 3), plan(1, 7, 8, 9, 2, 3)
    assert choice(before, after, 8, 9) == ([1, 8, 9, 2, 3], [(8, 7, 1)])
    assert choice(before, after, 7, 9) == ([1, 7, 9, 2, 3], [(9, 8, 7)])
    assert choice(before, after, 7, 8) == ([1, 7, 8, 2, 3], [])


def test_x4_a_line_that_stays_because_its_removal_was_not_taken_is_in_nobodys_way():
    assert choice(plan(1, 2, 3), plan(1, 8, 3), 8) == ([1, 8, 2, 3], [])


def test_x4_of_an_exchange_either_half_can_be_taken():
    before, after = plan(1, 2, 3), plan(3, 2, 1)
    assert choice(before, after, 3) == ([3, 1, 2], [])
    assert choice(before, after, 1) == ([2, 1, 3], [])


def test_x4_what_is_displaced_names_the_lines():
    (displaced,) = chosen(ChangeSet(plan(1), plan(1, 8, 9)), pins(9)).displaced
    assert displaced == Displaced(key(9), asked_after=key(8), now_after=key(1))


# Properties


@given(choices())
@tried
def test_x4_all_lines_are_the_whole_change(made):
    everything = frozenset(row.line.key for row in made.changes.changed)
    assert chosen(made.changes, everything) == (made.changes.after, ())


@given(choices())
@tried
def test_x4_no_lines_are_no_change(made):
    assert chosen(made.changes, frozenset()) == (made.changes.before, ())


@given(choices())
@tried
def test_x4_keys_of_other_lines_are_ignored(made):
    same = {row.line.key for row in made.changes.rows if row.is_same}
    assert chosen(made.changes, made.keys | same | {key(99)}) == chosen(*made)


@given(choices())
@tried
def test_x4_the_result_changes_what_was_chosen_and_nothing_else(made):
    def told(rows):
        return {(row.line, row.fields, row.is_added, row.is_removed) for row in rows if row.kinds != ("moved",)}

    assert told(made.result.changed) == told(made.rows)


@given(choices())
@tried
def test_x4_as_many_lines_move_as_were_chosen_to(made):
    assert made.result.counts == Counts(
        sum(row.is_added for row in made.rows),
        sum(row.is_removed for row in made.rows),
        sum(row.is_edited for row in made.rows),
        sum(row.moved for row in made.rows),
    )


@given(choices())
@tried
def test_x4_lines_that_are_not_chosen_keep_their_order_and_their_words(made):
    def left(lines: Plan) -> list[Line]:
        return [at for at in lines if at.key not in made.keys]

    assert left(made.result.after) == left(made.changes.before)


@given(choices())
@tried
def test_x4_chosen_lines_and_those_that_rest_stand_as_the_change_has_them(made):
    untaken = made.changes.moved - made.keys
    asked = [at for at in made.changes.after.keys if at in made.result.after.by_key and at not in untaken]
    assert [at for at in made.result.after.keys if at in asked] == asked


@given(choices())
@tried
def test_x4_a_line_is_displaced_where_the_line_before_it_is_another_one_now(made):
    before, after = predecessors(made.changes.after), predecessors(made.result.after)
    anew = made.keys & (made.changes.moved | (after.keys() - predecessors(made.changes.before).keys()))
    asked = {at: (before[at], after[at]) for at in anew if before[at] != after[at]}
    assert asked == {at.key: (at.asked_after, at.now_after) for at in chosen(*made).displaced}


@given(choices())
@tried
def test_x4_what_a_line_leans_on_is_what_it_is_displaced_without(made):
    leads = leaning(made.changes)
    for row in made.changes.changed:
        alone = chosen(made.changes, {row.line.key}).displaced
        assert [at.asked_after for at in alone] == [leads[key] for key in [row.line.key] if key in leads]


@given(choices(), st.integers(0, 4))
@tried
def test_b10_taking_some_lines_comes_above_the_next_one_no_more_than_taking_all(made, count):
    """So that a milestone which may be activated beside the pending request is never below a new one."""
    pinned = frozenset(made.changes.before.keys[:count])
    if set(made.changes.after.keys[: len(pinned)]) == pinned and not changes_next(made.changes, pinned):
        assert set(made.result.after.keys[: len(pinned)]) == pinned
        assert not changes_next(made.result, pinned)


def test_two_hundred_lines_are_chosen_from_in_no_time():
    changes = ChangeSet(plan(*range(1, 201)), plan(*range(200, 0, -1)))
    times = []
    for _ in range(5):
        start = time.perf_counter()
        made = chosen(changes, pins(*range(1, 201, 2)))
        times.append(time.perf_counter() - start)
    assert sorted(numbers(made.plan)) == numbers(changes.before)
    assert min(times) < 0.1
