"""Answers to collisions in the editor's post (X2): each is asked until it is answered, and then done as chosen."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.plan import FIELDS, Plan
from contracts.tests.editing import YESTERDAY
from contracts.tests.plan_strategies import key, line, numbers, plan
from contracts.tests.typing import form, opened

MINE = {"title": "Mine", "description": "My words", "amount": "77.50", "due_date": "2027-03-31"}
VALUES = {"title": "Mine", "description": "My words", "amount": Decimal("77.50"), "due_date": "2027-03-31"}


def asked_about(about: str, mine: str, chosen: str | None = None, number: int = 2, **typed: str) -> dict:
    answer = {f"choice_{about}_{number}": chosen} if chosen is not None else {}
    return {f"mine_{about}_{number}": mine} | answer | typed


def rest(name: str, number: int = 2) -> dict:
    """The other three fields of the opened row; the one in question has no field of its own."""
    return {field: text for field, text in opened(number).items() if field != f"{name}_{number}"}


@pytest.mark.parametrize("name", FIELDS)
def test_x2_a_field_in_question_is_saved_as_chosen(name):
    theirs = form(plan(1, 2), [1, 2], **asked_about(name, MINE[name], "theirs"), **rest(name))
    assert theirs.is_valid()
    assert not theirs.changes
    mine = form(plan(1, 2), [1, 2], **asked_about(name, MINE[name], "mine"), **rest(name))
    assert mine.is_valid()
    (change,) = mine.changes.changed[0].fields
    assert (change.name, str(change.new)) == (name, str(VALUES[name]))


@pytest.mark.parametrize("chosen", [None, "", "both", "Mine"])
@pytest.mark.parametrize("name", FIELDS)
def test_x2_an_unanswered_question_is_asked_again(name, chosen):
    asked = form(plan(1, 2), [1, 2], **asked_about(name, MINE[name], chosen), **rest(name))
    assert not asked.is_valid()
    choice = asked.rows[1].choices[name]
    assert choice.error
    assert choice.mine == MINE[name]
    assert choice.chosen == ""
    assert key(2) in asked.unfinished


@pytest.mark.parametrize(("name", "text"), [("amount", "4.99"), ("title", "\u200b"), ("due_date", str(YESTERDAY))])
def test_x2_my_own_value_that_cannot_be_saved_any_more_says_so_where_it_is_chosen(name, text):
    asked = form(plan(1, 2), [1, 2], **asked_about(name, text, "mine"), **rest(name))
    assert not asked.is_valid()
    assert asked.rows[1].choices[name].error
    assert len(asked.unfinished[key(2)]) == 1
    assert form(plan(1, 2), [1, 2], **asked_about(name, text, "theirs"), **rest(name)).is_valid()


@pytest.mark.parametrize(("chosen", "result"), [("theirs", [1, 2, 3]), ("mine", [1, 3])])
def test_x2_my_deletion_of_what_they_changed(chosen, result):
    asked = form(plan(1, 2, 3), [1, 2, 3], **asked_about("delete", "1", chosen))
    assert asked.is_valid()
    assert numbers(asked.plan) == result


@pytest.mark.parametrize(("chosen", "result"), [("theirs", [1, 3]), ("mine", [1, 2, 3])])
def test_x2_what_they_deleted_and_i_changed(chosen, result):
    asked = form(plan(1, 3), [1, 2, 3], **asked_about("back", "1", chosen), **opened(2, "Mine"))
    assert asked.is_valid()
    assert numbers(asked.plan) == result


def test_x2_what_i_leave_deleted_may_be_unfinished():
    assert form(plan(1), [1, 2], **asked_about("back", "1", "theirs"), **opened(2, "")).is_valid()


@pytest.mark.parametrize(
    ("after", "chosen", "result"),
    [
        (str(key(3)), "theirs", [1, 2, 3]),
        (str(key(3)), "mine", [1, 3, 2]),
        ("first", "mine", [2, 1, 3]),
        (str(key(1)), "mine", [1, 2, 3]),
        (str(key(9)), "mine", [1, 2, 3]),
        ("nonsense", "mine", [1, 2, 3]),
        (str(key(2)), "mine", [1, 2, 3]),
    ],
)
def test_x2_a_place_in_question(after, chosen, result):
    asked = form(plan(1, 2, 3), [1, 2, 3], **asked_about("place", after, chosen))
    assert asked.is_valid()
    assert numbers(asked.plan) == result


def test_x2_my_place_after_a_new_row_is_named_by_what_was_typed():
    asked = form(plan(1, 2), [1, 2, 7], **asked_about("place", str(key(7)), "mine"), **opened(7, "Fresh"))
    assert numbers(asked.plan) == [1, 7, 2]
    assert "Fresh" in asked.rows[1].choices["place"].mine_text


def test_x2_rows_that_follow_each_other_come_in_the_order_that_i_wanted():
    asked = form(
        plan(1, 2, 3, 4), [1, 2, 3, 4],
        **asked_about("place", str(key(3)), "mine", 2), **asked_about("place", str(key(4)), "mine", 3),
    )  # fmt: skip
    assert numbers(asked.plan) == [1, 4, 3, 2]


def test_x2_my_place_after_a_row_that_i_then_delete_still_counts():
    asked = form(plan(1, 2, 3, 4), [1, 2, 3, 4], **asked_about("place", str(key(3)), "mine", 1), delete_3="1")
    assert numbers(asked.plan) == [2, 1, 4]


def test_b04_no_chosen_place_is_above_the_rows_that_did_not_arrive_first():
    """Pinned milestones post no row, so the first place that can be had is that of the first posted row."""
    for after in ("first", str(key(1))):
        asked = form(plan(1, 2, 3, 4), [3, 4], **asked_about("place", after, "mine", 4))
        assert numbers(asked.plan) == [1, 2, 4, 3]


def test_x2_two_rows_that_each_want_to_follow_the_other_are_no_endless_loop():
    asked = form(
        plan(1, 2, 3), [1, 2, 3],
        **asked_about("place", str(key(3)), "mine", 2), **asked_about("place", str(key(2)), "mine", 3),
    )  # fmt: skip
    assert asked.is_valid()
    assert sorted(numbers(asked.plan)) == [1, 2, 3]


@pytest.mark.parametrize("about", ["place", "delete", "back"])
def test_x2_questions_about_a_row_are_asked_until_answered(about):
    asked = form(plan(1, 2), [1, 2], **asked_about(about, "1"))
    assert not asked.is_valid()
    assert asked.rows[1].choices[about].error
    assert numbers(asked.plan) == [1, 2]


def test_x2_a_row_that_is_deleted_needs_no_answers():
    asked = form(plan(1, 2), [1, 2], **asked_about("title", "Mine"), **rest("title"), delete_2="1")
    assert asked.is_valid()
    assert numbers(asked.plan) == [1]


def test_x2_what_became_current_is_to_be_acknowledged():
    unread = form(plan(1, 2), [2], **asked_about("current", "Title: One → Two", number=1))
    assert not unread.is_valid()
    assert unread.current[key(1)].error
    assert unread.current[key(1)].mine_text == "Title: One → Two"
    read = form(plan(1, 2), [2], **asked_about("current", "Title: One → Two", "theirs", number=1))
    assert read.is_valid()
    assert not read.changes


def test_x2_answers_may_meet_in_one_post():
    base = Plan((line(1), replace(line(2), title="Theirs"), line(3), line(4)))
    asked = form(
        base, [1, 2, 3, 4, 9],
        **asked_about("title", "Mine", "mine"), **rest("title"),
        **asked_about("delete", "1", "mine", 3),
        **asked_about("place", "first", "mine", 4),
        **asked_about("back", "1", "mine", 9), **opened(9, "Back"),
    )  # fmt: skip
    assert asked.is_valid()
    assert [at.title for at in asked.plan] == ["Sketch", "Sketch", "Mine", "Back"]
    assert numbers(asked.plan) == [4, 1, 2, 9]


ABOUTS = (*FIELDS, "place", "delete", "back", "current")
NAMES = (*FIELDS, "delete", *(f"mine_{about}" for about in ABOUTS), *(f"choice_{about}" for about in ABOUTS))
TEXTS = st.sampled_from(["theirs", "mine", "first", "1", "", "50", "2099-02-28", *(str(key(n)) for n in range(1, 8))])


@given(
    order=st.lists(st.integers(1, 7), max_size=8),
    typed=st.dictionaries(st.tuples(st.sampled_from(NAMES), st.integers(1, 7)), TEXTS | st.text(max_size=5)),
)
def test_whatever_is_posted_is_read_and_nothing_goes_that_was_not_told_to(order, typed):
    base = plan(1, 2, 3, 4)
    asked = form(base, order, **{f"{name}_{number}": text for (name, number), text in typed.items()})
    told = {key(number) for name, number in typed if name in {"delete", "choice_delete", "choice_back"}}
    assert set(base.keys) - set(asked.plan.keys) <= told
    assert set(asked.plan.keys) <= {key(number) for number in {1, 2, 3, 4, *order}}
    assert {row.key for row in asked.rows} <= {key(number) for number in order}
    assert asked.is_valid() or asked.errors or asked.unfinished
    assert [row.key for row in asked.rows_with(set(base.keys))]
