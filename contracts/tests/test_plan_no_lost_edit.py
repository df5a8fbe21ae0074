"""No edit, removal, addition or move of either side disappears without a collision that names its line (X2).

The oracle is written here from the rule alone, on lists and pairs; it calls nothing of the plan but its lines.
"""

from itertools import combinations

from hypothesis import given, settings

from contracts.plan import FIELDS, CollisionKind, Plan, rebase
from contracts.plan.rebase import merged

from .plan_strategies import meetings

tried = settings(deadline=None, max_examples=200)
ORDER = {CollisionKind.PLACE, CollisionKind.BECAME_CURRENT}
REMOVAL = {CollisionKind.REMOVED_BY_MINE, CollisionKind.REMOVED_BY_THEIRS, CollisionKind.BECAME_CURRENT}


def by_key(of):
    return {line.key: line for line in of.lines}


def order(of):
    return [line.key for line in of.lines]


def upright(keys, one, other):
    """Whether `one` stands before `other`."""
    return keys.index(one) < keys.index(other)


def edits(before, after):
    """(key, field, new value) of each field that differs."""
    old, new = by_key(before), by_key(after)
    return [
        (at, name, getattr(new[at], name))
        for at in old.keys() & new.keys()
        for name in FIELDS
        if getattr(old[at], name) != getattr(new[at], name)
    ]


def inversions(before, after):
    """Each pair that both plans have in different orders, as the after-plan has it."""
    old, new = order(before), order(after)
    kept = [at for at in new if at in old]
    return [(one, other) for one, other in combinations(kept, 2) if not upright(old, one, other)]


def certainly_moved(before, after):
    """The lines that rest in none of the largest sets that could rest."""
    old, new = order(before), order(after)
    kept = [at for at in new if at in old]
    for count in range(len(kept), 0, -1):
        resting = [
            choice
            for choice in combinations(kept, count)
            if all(upright(old, one, other) for one, other in combinations(choice, 2))
        ]
        if resting:
            return set(kept).difference(*resting)
    return set()


def assert_stands(before, after, merged, collisions):
    """Everything that `after` changed is in the merged plan, or told."""
    lines, keys = by_key(merged), order(merged)
    told = {(at.key, at.kind) for at in collisions}
    fields = {(at.key, at.field) for at in collisions if at.kind is CollisionKind.FIELD}
    removals = {at for at, kind in told if kind in REMOVAL}
    places = {at for at, kind in told if kind in ORDER}
    for at in order(before):
        if at not in order(after):
            assert at not in lines or at in removals, "a removal is lost"
    for at, line in by_key(after).items():
        if at not in order(before):
            assert at in lines, "an addition is lost"
            for name in FIELDS:
                same = getattr(lines[at], name) == getattr(line, name)
                assert same or (at, name) in fields or at in removals, "an addition's words are lost"
    for at, name, value in edits(before, after):
        stands = at in lines and getattr(lines[at], name) == value
        assert stands or (at, name) in fields or at in removals, "an edit is lost"
    for at in certainly_moved(before, after):
        assert at in lines or at in removals, "a moved line is lost"
    for one, other in inversions(before, after):
        if one in lines and other in lines:
            assert upright(keys, one, other) or {one, other} & places, "a move is lost"


@tried
@given(meetings())
def test_x2_nothing_of_mine_is_lost_in_silence(meeting):
    base, theirs, mine, pinned = meeting
    assert_stands(base, mine, *rebase(base, theirs, mine, pinned=pinned))


@tried
@given(meetings())
def test_x2_nothing_of_theirs_is_lost_at_all(meeting):
    """Stricter than for mine: what is already saved gives way to nothing, collision or not."""
    base, theirs, mine, pinned = meeting
    assert_stands(base, theirs, rebase(base, theirs, mine, pinned=pinned).plan, ())


@tried
@given(meetings())
def test_x2_nothing_is_made_up(meeting):
    """Every line and every value of the merged plan is somebody's, and nobody's survivor is missing."""
    base, theirs, mine, pinned = meeting
    merged = rebase(base, theirs, mine, pinned=pinned).plan
    sides = [by_key(theirs), by_key(mine)]
    for at, line in by_key(merged).items():
        for name in FIELDS:
            assert getattr(line, name) in [getattr(side[at], name) for side in sides if at in side]
    assert set(order(merged)) >= set(order(theirs)) & set(order(mine))


@tried
@given(meetings())
def test_x2_a_collision_is_never_a_false_alarm(meeting):
    base, theirs, mine, pinned = meeting
    plans = [by_key(side) for side in (base, theirs, mine)]
    for at in rebase(base, theirs, mine, pinned=pinned).collisions:
        assert [at.base, at.theirs, at.mine] == [side.get(at.key) for side in plans]
        before, theirs_line, mine_line = at.base, at.theirs, at.mine
        match at.kind:
            case CollisionKind.FIELD:
                values = [getattr(line, at.field) for line in (before, theirs_line, mine_line) if line]
                assert len(set(values)) == len(values)
            case CollisionKind.REMOVED_BY_MINE:
                assert [bool(line) for line in (before, theirs_line, mine_line)] == [True, True, False]
            case CollisionKind.REMOVED_BY_THEIRS:
                assert [bool(line) for line in (before, theirs_line, mine_line)] == [True, False, True]
            case CollisionKind.BECAME_CURRENT:
                assert at.key in pinned
                assert mine_line != before or {at.key} & {key for pair in inversions(base, mine) for key in pair}
            case CollisionKind.PLACE:
                added = at.key not in by_key(base)
                assert added or at.key in {key for pair in inversions(base, mine) for key in pair}


@tried
@given(meetings())
def test_x2_a_moved_or_added_line_follows_its_nearest_surviving_predecessor(meeting):
    """Unless it collides, or theirs already has it as mine wished."""
    base, theirs, mine, pinned = meeting
    merged, collisions = rebase(base, theirs, mine, pinned=pinned)
    keys, wished = order(merged), order(mine)
    added = set(wished) - set(order(base)) - set(order(theirs))
    open_wishes = {
        key for one, other in inversions(base, mine) for key in (one, other)
        if {one, other} <= set(order(theirs)) and not upright(order(theirs), one, other)
    }  # fmt: skip
    moved = certainly_moved(base, mine) & open_wishes & set(keys)
    for at in (added | moved) - {collision.key for collision in collisions}:
        before = [other for other in wished[: wished.index(at)] if other in keys]
        leader = keys[keys.index(at) - 1] if keys.index(at) else None
        if before and before[-1] not in pinned:
            assert leader == before[-1]
        else:
            assert leader is None or leader in pinned | added | moved


@tried
@given(meetings())
def test_b04_pinned_lines_stay_first_and_as_they_are(meeting):
    base, theirs, mine, pinned = meeting
    merged = rebase(base, theirs, mine, pinned=pinned).plan
    assert merged.lines[: len(pinned)] == theirs.lines[: len(pinned)]


@tried
@given(meetings())
def test_x2_with_nothing_of_theirs_the_result_is_mine(meeting):
    base, _, mine, _ = meeting
    assert rebase(base, base, mine) == (mine, ())


@tried
@given(meetings())
def test_x2_with_nothing_of_mine_the_result_is_theirs(meeting):
    base, theirs, _, pinned = meeting
    assert rebase(base, theirs, base, pinned=pinned) == (theirs, ())


@tried
@given(meetings())
def test_x2_a_post_that_arrives_twice_changes_nothing_the_second_time(meeting):
    base, theirs, mine, pinned = meeting
    assert rebase(base, mine, mine) == (mine, ())
    merged, collisions = rebase(base, theirs, mine, pinned=pinned)
    if not collisions:
        assert rebase(base, merged, mine, pinned=pinned) == (merged, ())


@tried
@given(meetings(pinned=False))
def test_x2_both_sides_see_the_same_words_and_removals_collide(meeting):
    base, theirs, mine, _ = meeting
    ours, yours = rebase(base, theirs, mine).collisions, rebase(base, mine, theirs).collisions

    def found(collisions, kind):
        return {(at.key, at.field) for at in collisions if at.kind is kind}

    fields, by_mine, by_theirs = list(CollisionKind)[:3]
    assert found(ours, fields) == found(yours, fields)
    assert found(ours, by_mine) == found(yours, by_theirs)
    assert found(ours, by_theirs) == found(yours, by_mine)


@tried
@given(meetings())
def test_the_same_three_plans_always_merge_alike(meeting):
    base, theirs, mine, pinned = meeting
    again = [Plan.from_json(side.to_json()) for side in (base, theirs, mine)]
    assert rebase(base, theirs, mine, pinned=pinned) == rebase(*again, pinned=set(pinned))


@tried
@given(meetings())
def test_x2_what_nobody_else_changed_comes_out_as_if_it_were_merged(meeting):
    base, _theirs, mine, _pinned = meeting
    for count in range(len(base) + 1):
        pinned = frozenset(base.keys[:count])
        assert rebase(base, base, mine, pinned=pinned) == merged(base, base, mine, pinned)
