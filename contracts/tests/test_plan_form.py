"""The editor's post as a plan: which rows it keeps, drops, moves and adds, and what it says about wrong ones."""

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.plan import FIELDS, Plan
from contracts.tests.editing import TODAY, TOMORROW, YESTERDAY
from contracts.tests.plan_strategies import key, line, lines, numbers, plan, plans
from contracts.tests.typing import form, opened

AMOUNTS = {
    "5": "5.00",
    "5.0": "5.00",
    "5.00": "5.00",
    " 5 ": "5.00",
    "$5": "5.00",
    "1,200.50": "1200.50",
    "1000000": "1000000.00",
}
BAD_AMOUNTS = {
    "nothing": "",
    "too little": "4.99",
    "three decimals": "5.001",
    "negative": "-5",
    "zero": "0",
    "an exponent": "1e3",
    "an underscore": "5_0",
    "a small exponent": "500e-2",
    "Arabic": "\N{ARABIC-INDIC DIGIT FIVE}",
    "full width": "\N{FULLWIDTH DIGIT FIVE}",
    "no number": "NaN",
    "endless": "Infinity",
    "hexadecimal": "0x10",
    "a decimal comma": "5,00",
    "400 nines": "9" * 400,
    "10,000 digits": "1" * 10_000,
    "a cent too many": "1000000.01",
}
BAD_TITLES = {
    "nothing": "",
    "spaces": "   ",
    "zero width": "\u200b\u200b",
    "bidi marks": "\u202e\u2066",
    "control characters": "\x00\x07",
    "121 characters": "x" * 121,
    "10,000 characters": "x" * 10_000,
    "a million characters": "x" * 1_000_000,
}
BAD_DATES = {
    "the past": YESTERDAY.isoformat(),
    "no such day": "2027-02-29",
    "the year 0": "0000-01-01",
    "the year 10000": "10000-01-01",
    "another order": "31.03.2027",
    "another script": "\u0662\u0660\u0662\u0667-01-01",
    "without hyphens": "20270331",
    "a week": "2027-W10-1",
    "words": "tomorrow",
}
GOOD_DATES = ["2028-02-29", "9999-12-31", TODAY.isoformat(), "2027-03-28", " 2027-03-31 "]


# Rows that were never opened, and rows that did not arrive


def test_rows_that_were_never_opened_post_only_their_key_and_place():
    asked = form(plan(1, 2, 3), [3, 1, 2])
    assert asked.is_valid()
    assert asked.plan == Plan(tuple(line(number) for number in (3, 1, 2)))
    assert all(row.is_plain for row in asked.rows)


def test_a_post_that_changes_nothing_says_so():
    asked = form(plan(1, 2, 3), [1, 2, 3])
    assert asked.is_valid()
    assert not asked.changes
    assert not form(Plan(), []).changes


@pytest.mark.parametrize(
    ("order", "result"),
    [
        ([1, 3, 4], [1, 2, 3, 4]),
        ([4, 1, 3], [4, 1, 2, 3]),
        ([3, 4], [1, 2, 3, 4]),
        ([3, 1], [3, 4, 1, 2]),
        ([], [1, 2, 3, 4]),
    ],
)
def test_b14_a_row_that_did_not_arrive_is_kept_and_follows_its_predecessor(order, result):
    asked = form(plan(1, 2, 3, 4), order)
    assert asked.is_valid()
    assert numbers(asked.plan) == result


def test_b14_only_delete_deletes():
    asked = form(plan(1, 2, 3), [1, 2, 3], delete_2="1")
    assert numbers(asked.plan) == [1, 3]
    assert asked.changes.counts == (0, 1, 0, 0)
    assert [row.is_deleted for row in asked.rows] == [False, True, False]


def test_b14_a_deletion_without_its_row_deletes_nothing():
    assert numbers(form(plan(1, 2), [1], delete_2="1").plan) == [1, 2]


@pytest.mark.parametrize("missing", FIELDS)
def test_b14_a_field_that_did_not_arrive_is_kept_too(missing):
    base = Plan((replace(line(1, description="As discussed"), due_date=TOMORROW),))
    typed = opened(1, "Sketch", "5.00", "As discussed", TOMORROW.isoformat())
    del typed[f"{missing}_1"]
    asked = form(base, [1], **typed)
    assert asked.is_valid()
    assert asked.plan == base


@given(plans(), st.data())
def test_b14_whatever_arrives_in_whatever_order_no_milestone_is_lost(base, data):
    order = data.draw(st.permutations(base.keys))
    kept = order[: data.draw(st.integers(0, len(order)))]
    asked = form(base, [str(each) for each in kept])
    assert asked.is_valid()
    assert set(asked.plan) == set(base)
    assert [each for each in asked.plan.keys if each in kept] == list(kept)


# Opened and new rows


@given(st.data())
def test_an_opened_row_that_was_left_alone_is_no_edit(data):
    base = Plan((data.draw(lines(1)),))
    for number, at in enumerate(base, start=1):
        due = at.due_date.isoformat() if at.due_date else ""
        asked = form(base, [1], **opened(number, at.title, f"{at.amount:.2f}", at.description, due))
        assert asked.is_valid()
        assert not asked.changes


def test_b04_each_field_can_be_edited():
    asked = form(plan(1, 2), [1, 2], **opened(2, " Build\u200b ", "1,200.5", "How\r\nso", "2027-03-31"))
    assert asked.is_valid()
    assert asked.plan.lines[1] == replace(line(2, "Build", "1200.50", "How\nso"), due_date=date(2027, 3, 31))
    assert asked.changes.counts == (0, 0, 1, 0)


def test_line_breaks_as_browsers_send_them_are_no_edit():
    base = Plan((line(1, description="One\nTwo\n\nThree"),))
    assert not form(base, [1], **opened(1, description="One\r\nTwo\r\n\r\nThree")).changes
    assert not form(base, [1], **opened(1, description="One\rTwo\r\rThree")).changes


def test_a_new_row_stands_where_it_was_put():
    asked = form(plan(1, 2), [1, 7, 2], **opened(7, "New", "50"))
    assert asked.is_valid()
    assert asked.plan == Plan((line(1), line(7, "New", "50.00"), line(2)))
    assert [row.is_new for row in asked.rows] == [False, True, False]


def test_a_new_row_that_was_deleted_again_is_nothing():
    asked = form(plan(1), [1, 7], **opened(7, "", ""), delete_7="1")
    assert asked.is_valid()
    assert not asked.changes


def test_a_new_row_left_empty_is_unfinished_and_shown_as_such():
    asked = form(plan(1), [1, 7], **opened(7, "", ""))
    assert not asked.is_valid()
    assert set(asked.rows[1].errors) == {"title", "amount"}
    assert list(asked.unfinished) == [key(7)]
    assert asked.changes.counts.added == 1


def test_b14_a_deleted_row_may_be_as_wrong_as_it_likes():
    asked = form(plan(1, 2), [1, 2], **opened(2, "", "-5", due_date="never"), delete_2="1")
    assert asked.is_valid()
    assert numbers(asked.plan) == [1]
    assert asked.rows[1].typed["amount"] == "-5"


# What is wrong is said beside its field, and stays as it was typed


@pytest.mark.parametrize("number", [1, 7], ids=["known", "new"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        *[pytest.param("amount", text, id=f"amount: {why}") for why, text in BAD_AMOUNTS.items()],
        *[pytest.param("title", text, id=f"title: {why}") for why, text in BAD_TITLES.items()],
        *[pytest.param("due_date", text, id=f"due date: {why}") for why, text in BAD_DATES.items()],
        pytest.param("description", "x" * 5001, id="description: 5,001 characters"),
        pytest.param("description", "\u200b\u00a0\u200d", id="description: invisible"),
    ],
)
def test_b02_what_is_wrong_is_said_beside_its_field_and_kept_as_typed(number, name, text):
    asked = form(plan(1), [1, number] if number > 1 else [1], **(opened(number, "Fine") | {f"{name}_{number}": text}))
    row = asked.rows[-1]
    assert not asked.is_valid()
    assert list(row.errors) == [name]
    assert row.errors[name]
    assert row.typed[name] == text
    assert len(asked.unfinished[key(number)]) == 1
    assert asked.plan.get(key(number)).title == "Fine" or name == "title"


@pytest.mark.parametrize(("text", "amount"), AMOUNTS.items())
def test_b02_amounts_as_people_write_them(text, amount):
    asked = form(plan(1), [1], **opened(1, amount=text))
    assert asked.is_valid()
    assert asked.plan.lines[0].amount == Decimal(amount)


@pytest.mark.parametrize("text", GOOD_DATES)
def test_b02_dates_from_today_on(text):
    asked = form(plan(1), [1], **opened(1, due_date=text))
    assert asked.is_valid()
    assert asked.plan.lines[0].due_date == date.fromisoformat(text.strip())


def test_b02_a_due_date_that_has_become_past_stays_and_another_past_one_is_refused():
    late = Plan((replace(line(1), due_date=YESTERDAY),))
    kept = form(late, [1], **opened(1, "Renamed", due_date=YESTERDAY.isoformat()))
    assert kept.is_valid()
    assert kept.plan.lines[0].due_date == YESTERDAY
    assert list(form(late, [1], **opened(1, due_date="2026-11-20")).rows[0].errors) == ["due_date"]
    assert form(late, [1], **opened(1)).plan.lines[0].due_date is None


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{7*7}}", "javascript:alert(1)", "=cmd()", "0"])
def test_text_that_looks_dangerous_is_text(text):
    asked = form(plan(1), [1], **opened(1, text, description=text))
    assert asked.is_valid()
    assert asked.plan.lines[0] == line(1, text, description=text)


# Keys


@pytest.mark.parametrize("damaged", ["", "7", "x" * 36, "\x00", "-1", str(2**63), "' OR 1=1"])
def test_a_damaged_key_is_said_and_loses_no_other_row(damaged):
    asked = form(plan(1, 2), [2, damaged, 1], **opened(2, "Typed"))
    assert not asked.is_valid()
    assert "did not arrive" in asked.errors[0]
    assert [row.key for row in asked.rows] == [key(2), key(1)]
    assert asked.rows[0].typed["title"] == "Typed"
    assert set(asked.plan.keys) == {key(1), key(2)}


def test_a_key_that_came_twice_is_said_and_counts_once():
    asked = form(plan(1, 2), [1, 2, 1])
    assert not asked.is_valid()
    assert numbers(asked.plan) == [1, 2]
    assert len(asked.rows) == 2


def test_a_key_of_no_known_row_is_said():
    asked = form(plan(1), [1, str(uuid.uuid4())])
    assert not asked.is_valid()
    assert asked.plan == plan(1)


def test_fields_of_a_row_without_its_key_are_nothing():
    asked = form(plan(1), [1], **opened(2, "Nobody's"))
    assert asked.is_valid()
    assert not asked.changes


# How many (B3)


def test_b03_at_201_rows_the_form_says_so():
    base = plan(*range(1, 201))
    asked = form(base, [*range(1, 201), 201], **opened(201, "One too many"))
    assert asked.errors == ["A contract has at most 200 milestones; this plan has 201."]
    assert len(asked.rows) == 201
    exchanged = form(base, [*range(1, 201), 201], **opened(201, "In its place"), delete_5="1")
    assert exchanged.is_valid()


def test_b03_rows_that_did_not_arrive_count_too():
    base = plan(*range(1, 201))
    assert not form(base, [201], **opened(201, "One too many")).is_valid()
