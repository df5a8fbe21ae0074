"""Which lines a request touches, and whether it changes which one is next (B10)."""

import pytest
from hypothesis import given, settings

from contracts.plan import ChangeSet, Plan, changes_next

from .plan_strategies import changed, line, pins, plan, plans, with_line

tried = settings(deadline=None, max_examples=150)


@pytest.mark.parametrize(
    ("after", "touched"),
    [
        (plan(1, 2, 3), pins()),
        (with_line(plan(1, 2, 3), line(2, "Ship")), pins(2)),
        (plan(1, 3), pins(2)),
        (plan(3, 1, 2), pins(3)),
        (plan(1, 8, 2, 3), pins()),
        (Plan((line(3, "Ship"), line(1), line(8))), pins(2, 3)),
    ],
    ids=["nothing", "edited", "removed", "moved", "added", "all-at-once"],
)
def test_b10_touched_are_the_lines_that_are_edited_removed_or_moved(after, touched):
    assert ChangeSet(plan(1, 2, 3), after).touched == touched


@given(plans().flatmap(lambda before: changed(before).map(lambda after: ChangeSet(before, after))))
@tried
def test_b10_a_line_that_is_not_touched_reads_the_same_on_both_sides(changes):
    rest = [at for at in changes.before if at.key not in changes.touched]
    assert rest == [at for at in changes.after if at.key in changes.before.by_key and at.key not in changes.touched]


@pytest.mark.parametrize(
    ("before", "after", "pinned"),
    [
        (plan(1, 2, 3), plan(1, 3, 2), pins(1)),
        (plan(1, 2, 3), plan(1, 3), pins(1)),
        (plan(1, 2, 3), plan(1, 8, 2, 3), pins(1)),
        (plan(1), plan(1, 8), pins(1)),
        (plan(1, 2), plan(1), pins(1)),
        (plan(1, 2), plan(2, 1), pins()),
    ],
    ids=["moved-up", "removed", "added-above", "the-first-one-added", "the-last-one-removed", "none-pinned"],
)
def test_b10_a_request_can_change_which_line_is_next(before, after, pinned):
    assert changes_next(ChangeSet(before, after), pinned)


@pytest.mark.parametrize(
    ("before", "after", "pinned"),
    [
        (plan(1, 2, 3), plan(1, 2, 8), pins(1)),
        (plan(1, 2, 3, 4), plan(1, 2, 4, 3), pins(1)),
        (plan(1, 2), with_line(plan(1, 2), line(2, "Ship")), pins(1)),
        (plan(1, 2), plan(1, 2), pins(1, 2)),
        (plan(), plan(), pins()),
    ],
    ids=["removed-and-added-below", "moved-below", "edited", "all-pinned", "empty"],
)
def test_b10_a_request_below_the_next_line_leaves_it_next(before, after, pinned):
    assert not changes_next(ChangeSet(before, after), pinned)
