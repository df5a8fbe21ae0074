"""A plan as a value: its lines, its order and its way through JSON."""

import json
from dataclasses import FrozenInstanceError
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.plan import MAXIMUM_AMOUNT, MAXIMUM_MILESTONES, MINIMUM_AMOUNT, Line, Plan

from .plan_strategies import changed, key, line, numbers, plan, plans

tried = settings(deadline=None, max_examples=100)


def test_b02_b03_limits_are_the_clients():
    assert Decimal("5.00") == MINIMUM_AMOUNT
    assert Decimal("1000000.00") == MAXIMUM_AMOUNT
    assert MAXIMUM_MILESTONES == 200


def test_a_plan_holds_each_key_once():
    with pytest.raises(ValueError, match="each key once"):
        plan(1, 2, 1)


def test_a_plan_cannot_be_changed_in_place():
    with pytest.raises(FrozenInstanceError):
        plan(1).lines = ()
    with pytest.raises(FrozenInstanceError):
        line(1).title = "Other"


def test_plans_are_equal_when_their_lines_are():
    assert plan(1, 2) == plan(1, 2)
    assert plan(1, 2) != plan(2, 1)
    assert plan(1, 2) != plan(1)


def test_a_plan_finds_its_lines():
    found = plan(4, 2)
    assert found.keys == (key(4), key(2))
    assert len(found) == 2
    assert list(found) == [line(4), line(2)]
    assert found.get(key(2)) == line(2)
    assert found.get(key(9)) is None
    assert [found.position(key(4)), found.position(key(2))] == [1, 2]
    with pytest.raises(KeyError):
        found.position(key(9))


def test_the_total_is_exact_to_the_cent():
    assert Plan((line(1, amount="0.10"), line(2, amount="0.20"))).total == Decimal("0.30")
    assert str(Plan().total) == "0.00"


def test_json_says_it_in_plain_words():
    kept = Line(key(1), "Ship", "All of it", Decimal("1200"), date(2026, 11, 30))
    assert kept.to_json() == {
        "key": "00000000-0000-0000-0000-000000000001",
        "title": "Ship",
        "description": "All of it",
        "amount": "1200.00",
        "due_date": "2026-11-30",
    }
    assert line(1).to_json()["due_date"] is None


def test_json_rounds_no_money():
    with pytest.raises(ValueError, match="exact to the cent"):
        line(1, amount="5.005").to_json()


@tried
@given(plans(at_most=8))
def test_a_plan_comes_back_from_json_as_it_was(kept):
    assert Plan.from_json(json.loads(json.dumps(kept.to_json()))) == kept


def test_b14_a_row_that_did_not_arrive_follows_the_one_before_it():
    assert numbers(plan(1, 2, 3, 4, 5).arranged([key(4), key(1)])) == [4, 5, 1, 2, 3]


def test_b14_rows_that_did_not_arrive_and_follow_none_come_first():
    assert numbers(plan(1, 2, 3, 4).arranged([key(4), key(3)])) == [1, 2, 4, 3]
    assert plan(1, 2).arranged([]) == plan(1, 2)


@pytest.mark.parametrize("asked", [[1, 9], [1, 1]])
def test_an_arrangement_names_lines_of_the_plan_once(asked):
    with pytest.raises(ValueError, match="at most once"):
        plan(1, 2).arranged([key(number) for number in asked])


@tried
@given(st.data())
def test_b14_an_arrangement_deletes_nothing_and_obeys_the_order_it_was_given(data):
    kept = data.draw(plans())
    named = data.draw(st.permutations(kept.keys).map(lambda keys: keys[: len(keys) // 2]))
    arranged = kept.arranged(named)
    assert set(arranged.lines) == set(kept.lines)
    assert [at for at in arranged.keys if at in named] == list(named)
    for index, at in enumerate(arranged.keys):
        before = kept.keys[: kept.keys.index(at)]
        if at not in named:
            assert arranged.keys[:index][-1:] == before[-1:]


@tried
@given(st.data())
def test_arranging_by_all_keys_gives_their_order(data):
    kept = data.draw(changed(data.draw(plans())))
    order = tuple(data.draw(st.permutations(kept.keys)))
    assert kept.arranged(order).keys == order
