"""Mine meets lines that became current meanwhile: they are pinned, and nothing of mine applies to them (B4)."""

import pytest

from contracts.plan import CollisionKind, Plan, rebase

from .plan_strategies import line, pins, plan, told, with_line

PLACE, BECAME_CURRENT = CollisionKind.PLACE, CollisionKind.BECAME_CURRENT


def test_b04_an_edit_of_a_line_that_became_current_is_not_applied_and_told():
    base = plan(1, 2)
    merged, collisions = rebase(base, base, with_line(base, line(1, "Mine")), pinned=pins(1))
    assert merged == base
    assert told(collisions) == [(BECAME_CURRENT, 1)]


def test_b04_a_removal_of_a_line_that_became_current_is_not_applied_and_told():
    merged, collisions = rebase(plan(1, 2), plan(1, 2), plan(2), pinned=pins(1))
    assert merged == plan(1, 2)
    assert told(collisions) == [(BECAME_CURRENT, 1)]


def test_b04_a_move_of_a_line_that_became_current_is_not_applied_and_told():
    merged, collisions = rebase(plan(1, 2, 3, 4), plan(1, 2, 3, 4), plan(2, 3, 1, 4), pinned=pins(1))
    assert merged == plan(1, 2, 3, 4)
    assert told(collisions) == [(BECAME_CURRENT, 1)]


def test_b04_a_line_that_became_current_tells_all_of_it_once():
    base = plan(1, 2, 3, 4)
    mine = Plan((line(2), line(3), line(1, "Mine", "9.00"), line(4)))
    merged, (collision,) = rebase(base, base, mine, pinned=pins(1))
    assert merged == base
    assert collision.kind == BECAME_CURRENT
    assert [change.name for change in collision.mine_fields] == ["title", "amount"]


def test_b04_a_line_moved_above_one_that_became_current_stays_and_is_told():
    merged, collisions = rebase(plan(1, 2, 3, 4), plan(1, 2, 3, 4), plan(4, 1, 2, 3), pinned=pins(1))
    assert merged == plan(1, 2, 3, 4)
    assert told(collisions) == [(PLACE, 4)]


def test_b04_a_line_added_above_one_that_became_current_comes_after_it_and_is_told():
    merged, collisions = rebase(plan(1, 2, 3), plan(1, 2, 3), plan(1, 8, 2, 3), pinned=pins(1, 2))
    assert merged == plan(1, 2, 8, 3)
    assert told(collisions) == [(PLACE, 8)]


def test_b04_pinned_lines_that_i_left_alone_are_in_nobodys_way():
    base, mine = plan(1, 2, 3, 4, 5), plan(1, 2, 8, 5, 3)
    assert rebase(base, base, mine, pinned=pins(1, 2)) == (mine, ())


def test_b04_an_edit_that_was_saved_before_the_line_became_current_is_no_collision():
    base = plan(1, 2)
    saved = with_line(base, line(1, "Mine"))
    assert rebase(base, saved, saved, pinned=pins(1)) == (saved, ())


def test_b04_pinned_lines_come_first_or_something_is_wrong():
    with pytest.raises(ValueError, match="first ones"):
        rebase(plan(1, 2), plan(1, 2), plan(1, 2), pinned=pins(2))
