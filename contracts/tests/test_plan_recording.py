"""What a save leaves behind (B11, B14, X1), what happens to an editor that was overtaken (X2, B4), what it costs."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contracts.models import Contract, EventKind
from contracts.operations.plan import PlanMoved
from contracts.plan import ChangeSet, CollisionKind, Counts, Line, Plan
from contracts.states import CURRENT, MilestoneStatus
from contracts.tests.editing import add, edited, longer, moved, reworked, save, traces, without
from tests.factories import advance, agreed, line, plan


@pytest.fixture
def people(db):
    """A contract of five milestones: one paid, one current, three ahead."""
    return agreed(5, paid=1, current=MilestoneStatus.ACTIVE)


@pytest.fixture
def contract(people) -> Contract:
    return people.contract


@pytest.fixture
def before(contract) -> Plan:
    return contract.plan()


# Recorded once, whole


def test_b07_everything_is_saved_at_once(people, contract, before):
    wish = reworked(before)
    changes = save(contract, wish, by=people.client)
    assert changes.counts == Counts(added=1, removed=1, edited=1, moved=1)
    assert contract.plan() == wish
    assert list(contract.milestones.values_list("position", flat=True)) == [1, 2, 3, 4, 5]
    assert [at.status for at in contract.milestones.all()] == ["paid", "active", "future", "future", "future"]


def test_b11_one_save_is_one_event_with_its_revision_and_diff(people, contract, before):
    wish = reworked(before)
    save(contract, wish, by=people.manager)
    opened, saved = contract.events.exclude(revision=None).order_by("id")
    assert (saved.kind, saved.by, saved.revision.number) == (EventKind.PLAN_SAVED, people.manager, 2)
    assert ChangeSet(opened.revision.plan, saved.revision.plan) == ChangeSet(before, wish)


def test_b11_one_added_milestone_is_one_event(people, contract):
    add(contract, line(), by=people.client)
    assert contract.events.order_by("id").last().kind == EventKind.MILESTONE_ADDED
    assert contract.events.filter(kind=EventKind.MILESTONE_ADDED).count() == 1


def test_x1_every_save_is_the_next_revision_and_any_two_can_be_compared(people, contract, before):
    wishes = [before]
    for number in range(1, 5):
        wishes.append(longer(wishes[-1], line(f"Added {number}")))
        save(contract, wishes[-1], by=people.client, base=number)
    assert [revision.plan for revision in contract.revisions.all()] == wishes
    assert [revision.number for revision in contract.revisions.all()] == [1, 2, 3, 4, 5]
    assert ChangeSet(contract.revisions.get(number=2).plan, contract.plan()).counts.added == 3


def test_s4_the_plans_version_and_the_latest_activity_move_with_a_save(people, contract, before):
    earlier = contract.updated_at
    save(contract, edited(before, 5, title="Other"), by=people.client)
    contract.refresh_from_db()
    assert contract.plan_version == 2
    assert contract.updated_at > earlier


def test_b07_saving_what_is_there_already_does_nothing(people, contract, before):
    traced = traces(contract)
    assert save(contract, before, by=people.client) is None
    assert traces(contract) == traced


@pytest.mark.parametrize(("place", "to"), [(3, 5), (5, 3), (4, 5), (5, 4)])
def test_b14_one_drag_is_recorded_as_one_move(people, contract, before, place, to):
    changes = save(contract, moved(before, place, to), by=people.client)
    assert changes.counts == Counts(added=0, removed=0, edited=0, moved=1)


def test_b14_a_milestone_can_be_edited_and_moved_at_once(people, contract, before):
    changes = save(contract, moved(edited(before, 5, title="Both"), 5, 3), by=people.client)
    (row,) = changes.changed
    assert row.kinds == ("edited", "moved")
    assert (row.old_position, row.new_position) == (5, 3)


def test_a_milestone_keeps_its_key_through_edits_and_moves(people, contract, before):
    save(contract, moved(edited(before, 5, title="Both"), 5, 3), by=people.client)
    assert contract.plan().keys[2] == before.keys[4]


# Pinned (B4, B5)


PINNED = [
    ("edit", lambda before, at: edited(before, at, title="Mine")),
    ("price", lambda before, at: edited(before, at, amount=Decimal("5000.00"))),
    ("b05 due date", lambda before, at: edited(before, at, due_date=date(2027, 1, 1))),
    ("delete", without),
    ("move", lambda before, at: moved(before, at, 5)),
]


@pytest.mark.parametrize("place", [1, 2], ids=["paid", "current"])
@pytest.mark.parametrize("change", [change for _name, change in PINNED], ids=[name for name, _change in PINNED])
def test_b04_paid_and_current_milestones_are_frozen(people, contract, before, change, place):
    traced = traces(contract)
    with pytest.raises(PlanMoved) as refused:
        save(contract, change(before, place), by=people.client)
    assert {at.kind for at in refused.value.merge.rebased.collisions} == {CollisionKind.BECAME_CURRENT}
    assert traces(contract) == traced


@pytest.mark.parametrize("place", [1, 2])
def test_b04_nothing_comes_above_a_pinned_milestone(people, contract, before, place):
    traced = traces(contract)
    with pytest.raises(PlanMoved):
        save(contract, moved(before, 5, place), by=people.client)
    with pytest.raises(PlanMoved):
        save(contract, moved(longer(before, line("First")), 6, place), by=people.client)
    assert traces(contract) == traced


@pytest.mark.parametrize("status", sorted(CURRENT))
def test_b04_a_milestone_that_became_current_after_the_editor_opened_is_frozen(db, status):
    people = agreed(4)
    contract, shown = people.contract, people.contract.plan()
    advance(contract, paid=1, current=status)
    traced = traces(contract)
    with pytest.raises(PlanMoved) as refused:
        save(contract, edited(edited(shown, 2, title="Too late"), 4, title="In time"), by=people.client)
    merge = refused.value.merge
    assert [(at.kind, at.key) for at in merge.rebased.collisions] == [(CollisionKind.BECAME_CURRENT, shown.keys[1])]
    assert [at.title for at in merge.rebased.plan] == ["Kick-off", "Step 1", "Step 2", "In time", "Step 4"]
    assert traces(contract) == traced


def test_b04_a_save_that_leaves_the_new_current_milestone_alone_goes_through(db):
    people = agreed(4)
    wish = edited(people.contract.plan(), 4, title="In time")
    advance(people.contract, paid=1, current=MilestoneStatus.FUNDING)
    assert save(people.contract, wish, by=people.client)
    assert people.contract.plan() == wish


# Overtaken (X2)


def test_x2_a_stale_save_writes_nothing_and_carries_both_sides(people, contract, before):
    theirs = edited(before, 4, title="Theirs")
    save(contract, theirs, by=people.manager)
    traced = traces(contract)
    with pytest.raises(PlanMoved) as refused:
        save(contract, edited(before, 5, title="Mine"), by=people.client)
    merge = refused.value.merge
    assert (merge.shown, merge.current, merge.version) == (before, theirs, 2)
    assert merge.rebased.plan == edited(theirs, 5, title="Mine")
    assert merge.rebased.collisions == ()
    assert traces(contract) == traced


def test_x2_saving_again_what_was_rebased_goes_through(people, contract, before):
    save(contract, edited(before, 4, title="Theirs"), by=people.manager)
    with pytest.raises(PlanMoved) as refused:
        save(contract, edited(before, 5, title="Mine"), by=people.client)
    merge = refused.value.merge
    save(contract, merge.rebased.plan, by=people.client, base=merge.version)
    assert [at.title for at in contract.plan()][3:] == ["Theirs", "Mine"]


def test_x2_the_same_field_collides_and_theirs_stands_until_i_choose(people, contract, before):
    save(contract, edited(before, 5, amount=Decimal("70.00")), by=people.manager)
    with pytest.raises(PlanMoved) as refused:
        save(contract, edited(before, 5, amount=Decimal("80.00")), by=people.client)
    (collision,) = refused.value.merge.rebased.collisions
    assert (collision.kind, collision.field) == (CollisionKind.FIELD, "amount")
    assert (collision.theirs_value, collision.mine_value) == (Decimal("70.00"), Decimal("80.00"))


def test_x2_a_stale_save_of_what_is_already_so_does_nothing(people, contract, before):
    wish = edited(before, 5, title="We both want it")
    save(contract, wish, by=people.manager)
    traced = traces(contract)
    assert save(contract, wish, by=people.client) is None
    assert traces(contract) == traced


def test_x2_a_save_sent_twice_is_saved_once(people, contract, before):
    wish = reworked(before)
    save(contract, wish, by=people.client)
    traced = traces(contract)
    assert save(contract, wish, by=people.client) is None
    assert traces(contract) == traced


def test_x2_an_untouched_stale_editor_changes_nothing_back(people, contract, before):
    theirs = edited(before, 5, title="Theirs")
    save(contract, theirs, by=people.manager)
    assert save(contract, before, by=people.client) is None
    assert contract.plan() == theirs


# What it costs


def statements(contract: Contract, wish: Plan, by) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert save(contract, wish, by=by)
    return len(captured)


def as_ever(before: Plan) -> list[Line]:
    """Every line ahead that it has, edited and turned round, and nothing else."""
    return [replace(at, title=f"{at.title}!") for at in reversed(before.lines[1:])]


@pytest.mark.parametrize("size", [2, 199])
def test_a_save_of_any_number_of_edits_takes_the_same_statements(db, size):
    people = agreed(size)
    before = people.contract.plan()
    assert statements(people.contract, Plan((before.lines[0], *as_ever(before))), people.client) == 8


@pytest.mark.parametrize("size", [2, 198])
def test_a_save_of_edits_deletions_and_additions_takes_the_same_statements(db, size):
    people = agreed(size)
    before = people.contract.plan()
    wish = Plan((before.lines[0], *as_ever(before)[size // 2 :], *plan(size // 2)))
    assert statements(people.contract, wish, people.client) == 11


@pytest.mark.parametrize("size", [1, 198])
def test_adding_one_takes_the_same_statements_in_any_plan(db, size):
    people = agreed(size)
    with CaptureQueriesContext(connection) as captured:
        add(people.contract, line(), by=people.client)
    assert len(captured) == 10  # one of them asks whether it was added before, with the same key
