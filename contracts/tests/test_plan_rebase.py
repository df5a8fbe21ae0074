"""Two changes of one plan, case by case: what is kept of both, and what is said where they meet (X2)."""

import time
from decimal import Decimal

import pytest

from contracts.plan import Collision, CollisionKind, FieldChange, Plan, rebase

from .plan_strategies import key, line, numbers, pins, plan, told, with_line

FIELD, PLACE = CollisionKind.FIELD, CollisionKind.PLACE
REMOVED_BY_MINE, REMOVED_BY_THEIRS = CollisionKind.REMOVED_BY_MINE, CollisionKind.REMOVED_BY_THEIRS
BECAME_CURRENT = CollisionKind.BECAME_CURRENT


# Both are kept


def test_x2_edits_of_different_lines_are_both_kept():
    base = plan(1, 2)
    theirs, mine = with_line(base, line(1, "Theirs")), with_line(base, line(2, "Mine"))
    assert rebase(base, theirs, mine) == (Plan((line(1, "Theirs"), line(2, "Mine"))), ())


def test_x2_edits_of_different_fields_of_a_line_are_both_kept():
    base = plan(1)
    theirs, mine = with_line(base, line(1, "Theirs")), with_line(base, line(1, amount="9.00"))
    assert rebase(base, theirs, mine) == (Plan((line(1, "Theirs", "9.00"),)), ())


def test_x2_an_edit_and_a_move_of_the_same_line_are_both_kept():
    base = plan(1, 2, 3)
    theirs, mine = with_line(base, line(3, "Theirs")), plan(3, 1, 2)
    assert rebase(base, theirs, mine) == (Plan((line(3, "Theirs"), line(1), line(2))), ())


def test_x2_moves_that_do_not_meet_are_both_kept():
    base, theirs, mine = plan(1, 2, 3, 4, 5), plan(2, 1, 3, 4, 5), plan(1, 2, 3, 5, 4)
    assert rebase(base, theirs, mine) == (plan(2, 1, 3, 5, 4), ())


def test_x2_a_moved_line_follows_its_nearest_surviving_predecessor():
    base, theirs, mine = plan(1, 2, 3, 4, 5), plan(1, 3, 4, 5), plan(1, 2, 5, 3, 4)
    assert rebase(base, theirs, mine) == (plan(1, 5, 3, 4), ())


def test_x2_a_moved_line_goes_along_with_its_predecessor():
    """Mine put 4 behind 2, and theirs has 2 on top: 4 passes 1 as well, though nobody said so."""
    assert rebase(plan(1, 2, 3, 4), plan(2, 1, 3, 4), plan(1, 2, 4, 3)) == (plan(2, 4, 1, 3), ())


def test_x2_an_added_line_goes_along_with_its_predecessor():
    assert rebase(plan(1, 2, 3), plan(2, 3, 1), plan(1, 8, 2, 3)) == (plan(2, 3, 1, 8), ())


def test_x2_lines_that_both_added_at_one_place_are_both_kept():
    assert rebase(plan(1, 2), plan(1, 7, 2), plan(1, 8, 2)) == (plan(1, 8, 7, 2), ())


def test_x2_both_removed_the_same_line():
    assert rebase(plan(1, 2, 3), plan(1, 3), plan(1)) == (plan(1), ())


def test_x2_both_gave_a_field_the_same_value():
    base = plan(1)
    same = with_line(base, line(1, "Both"))
    assert rebase(base, same, same) == (same, ())


def test_x2_both_moved_a_line_alike():
    assert rebase(plan(1, 2, 3), plan(3, 1, 2), plan(3, 1, 2)) == (plan(3, 1, 2), ())
    assert rebase(plan(1, 2, 3), plan(7, 3, 1, 2), plan(3, 1, 2)) == (plan(7, 3, 1, 2), ())


def test_x2_a_post_that_arrives_twice_changes_nothing_the_second_time():
    base = plan(1, 2, 3)
    mine = Plan((line(3, "Mine"), line(8), line(1)))
    assert rebase(base, mine, mine) == (mine, ())
    later = Plan((line(7), line(3, "Mine"), line(8), line(1, amount="80.00")))
    assert rebase(base, later, mine) == (later, ())


@pytest.mark.parametrize("theirs", [plan(2, 3, 1, 9), plan(9, 2, 3, 1)])
def test_x2_a_post_that_arrives_twice_is_at_peace_with_a_later_move_of_its_predecessor(theirs):
    """Mine added 9 after 1; since then 1 went to the end, with 9 or without it."""
    assert rebase(plan(1, 2, 3), theirs, plan(1, 9, 2, 3)) == (theirs, ())


# They meet in a field


def test_x2_a_field_that_both_changed_stays_theirs_and_is_told():
    base = plan(1)
    theirs, mine = with_line(base, line(1, amount="7.00")), with_line(base, line(1, amount="9.00"))
    merged, (collision,) = rebase(base, theirs, mine)
    assert merged == theirs
    assert collision == Collision(
        kind=FIELD,
        key=key(1),
        base=line(1),
        theirs=line(1, amount="7.00"),
        mine=line(1, amount="9.00"),
        field="amount",
        theirs_position=1,
        mine_position=1,
    )
    values = (collision.base_value, collision.theirs_value, collision.mine_value)
    assert values == (Decimal("5.00"), Decimal("7.00"), Decimal("9.00"))


def test_x2_only_the_field_that_both_changed_collides():
    base = plan(1)
    theirs = with_line(base, line(1, "Theirs", "7.00", "Both"))
    mine = with_line(base, line(1, "Mine", "5.00", "Both"))
    merged, collisions = rebase(base, theirs, mine)
    assert merged == theirs
    assert [at.field for at in collisions] == ["title"]


def test_x2_a_line_can_collide_in_two_fields():
    base = plan(1)
    theirs, mine = with_line(base, line(1, "Theirs", "7.00")), with_line(base, line(1, "Mine", "9.00"))
    assert [at.field for at in rebase(base, theirs, mine).collisions] == ["title", "amount"]


def test_x2_a_line_added_twice_with_different_words_collides_in_these():
    theirs, mine = Plan((line(1), line(9, "Theirs"))), Plan((line(1), line(9, "Mine")))
    merged, (collision,) = rebase(plan(1), theirs, mine)
    assert merged == theirs
    assert (collision.kind, collision.field, collision.base_value) == (FIELD, "title", None)


# They meet in a removal


def test_x2_a_line_that_i_removed_and_they_edited_is_kept_and_told():
    base = plan(1, 2)
    theirs, mine = with_line(base, line(2, "Theirs")), plan(1)
    merged, (collision,) = rebase(base, theirs, mine)
    assert merged == theirs
    assert (collision.kind, collision.key, collision.mine) == (REMOVED_BY_MINE, key(2), None)
    assert collision.theirs_fields == (FieldChange("title", "Sketch", "Theirs"),)


def test_x2_a_line_that_i_removed_and_they_moved_is_kept_and_told():
    merged, collisions = rebase(plan(1, 2, 3), plan(3, 1, 2), plan(1, 2))
    assert merged == plan(3, 1, 2)
    assert told(collisions) == [(REMOVED_BY_MINE, 3)]


def test_x2_a_line_that_they_removed_and_i_edited_is_gone_and_told_with_my_words():
    base = plan(1, 2)
    mine = with_line(base, line(2, "Mine"))
    merged, (collision,) = rebase(base, plan(1), mine)
    assert merged == plan(1)
    assert (collision.kind, collision.theirs, collision.mine) == (REMOVED_BY_THEIRS, None, line(2, "Mine"))
    assert (collision.mine_position, collision.mine_after) == (2, key(1))
    assert collision.mine_fields == (FieldChange("title", "Sketch", "Mine"),)


def test_x2_a_collision_names_a_predecessor_that_is_still_there():
    base = plan(1, 2, 3)
    (collision,) = rebase(base, plan(1), with_line(base, line(3, "Mine"))).collisions
    assert (collision.kind, collision.mine_after) == (REMOVED_BY_THEIRS, key(1))


def test_x2_a_line_that_i_removed_and_is_kept_has_no_say_in_my_order():
    base = plan(1, 2, 3, 4)
    theirs = with_line(base, line(1, "Theirs"))
    merged, collisions = rebase(base, theirs, plan(2, 4, 3))
    assert numbers(merged) == [1, 2, 4, 3]
    assert told(collisions) == [(REMOVED_BY_MINE, 1)]


def test_x2_a_line_that_they_removed_and_i_moved_is_gone_and_told():
    merged, collisions = rebase(plan(1, 2, 3), plan(1, 2), plan(3, 1, 2))
    assert merged == plan(1, 2)
    assert told(collisions) == [(REMOVED_BY_THEIRS, 3)]


# They meet in the order


def test_x2_a_line_moved_both_ways_stays_where_they_put_it_and_is_told():
    merged, (collision,) = rebase(plan(1, 2, 3), plan(1, 3, 2), plan(2, 1, 3))
    assert merged == plan(1, 3, 2)
    assert (collision.kind, collision.key) == (PLACE, key(2))


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        (plan(5, 1, 2, 3, 4), plan(1, 2, 5, 3, 4)),
        (plan(1, 2, 5, 3, 4), plan(5, 1, 2, 3, 4)),
    ],
)
def test_x2_a_line_that_both_moved_the_same_way_but_not_as_far_is_asked_about(theirs, mine):
    merged, collisions = rebase(plan(1, 2, 3, 4, 5), theirs, mine)
    assert merged == theirs
    assert [(collision.kind, collision.key) for collision in collisions] == [(CollisionKind.PLACE, key(5))]


def test_x2_a_line_that_both_moved_alike_is_at_peace_beside_one_that_they_moved_apart():
    merged, collisions = rebase(plan(1, 2, 3, 4, 5, 6), plan(6, 5, 1, 2, 3, 4), plan(6, 1, 2, 5, 3, 4))
    assert merged == plan(6, 5, 1, 2, 3, 4)
    assert [collision.key for collision in collisions] == [key(5)]


def test_x2_a_place_collision_says_where_each_has_the_line():
    base, theirs, mine = plan(1, 2, 3, 4, 5), plan(1, 4, 3, 2, 5), plan(1, 2, 4, 5, 3)
    merged, (collision,) = rebase(base, theirs, mine)
    assert merged == theirs
    assert (collision.kind, collision.key) == (PLACE, key(3))
    assert (collision.theirs_position, collision.mine_position, collision.mine_after) == (3, 5, key(5))


def test_x2_giving_up_one_move_gives_up_those_that_followed_it():
    """Mine took 4 and 5 to the top together; theirs took 4 to the end, and there 5 may not follow."""
    base, theirs, mine = plan(1, 2, 3, 4, 5, 6), plan(1, 2, 3, 5, 6, 4), plan(4, 5, 1, 2, 3, 6)
    merged, collisions = rebase(base, theirs, mine)
    assert merged == theirs
    assert told(collisions) == [(PLACE, 5), (PLACE, 4)]


def test_x2_a_line_added_twice_at_different_places_collides():
    merged, collisions = rebase(plan(1, 2), plan(1, 2, 9), plan(9, 1, 2))
    assert merged == plan(1, 2, 9)
    assert told(collisions) == [(PLACE, 9)]


# All of it at once


def test_x2_everything_meets_in_one_save():
    """1 became current and was edited, 2's title both changed, 3 was removed and edited, 4 moved both ways."""
    base = plan(1, 2, 3, 4, 5, 6)
    theirs = Plan((line(1), line(2, "Theirs"), line(3, "Theirs"), line(5), line(4), line(6), line(7)))
    mine = Plan((line(1, "Mine"), line(4), line(2, "Mine"), line(8), line(5), line(6, amount="9.00")))
    merged, collisions = rebase(base, theirs, mine, pinned=pins(1))
    assert numbers(merged) == [1, 2, 8, 3, 5, 4, 6, 7]
    assert merged.get(key(6)) == line(6, amount="9.00")
    assert told(collisions) == [(BECAME_CURRENT, 1), (FIELD, 2), (REMOVED_BY_MINE, 3), (PLACE, 4)]


def test_two_hundred_lines_are_merged_in_no_time():
    base, theirs = plan(*range(1, 201)), plan(*range(2, 201, 2), *range(1, 201, 2))
    mine = plan(*range(200, 0, -1))
    times = []
    for _ in range(5):
        start = time.perf_counter()
        merged = rebase(base, theirs, mine).plan
        times.append(time.perf_counter() - start)
    assert sorted(numbers(merged)) == numbers(base)
    assert min(times) < 0.1  # a few milliseconds on an idle machine
