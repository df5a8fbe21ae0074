"""A change in one phrase, as it was made and as it is asked for (B11)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.plan import ChangeSet, Line, Plan
from contracts.reading.headlines import LONGEST, headline

from .plan_strategies import changed, key, plans

tried = settings(deadline=None, max_examples=150)
DUE = date(2026, 11, 30)


def named(*titles: str) -> Plan:
    """A plan whose lines cost $1,200.00 each, with their titles."""
    return Plan(tuple(Line(key(at), title, "", Decimal("1200.00"), DUE) for at, title in enumerate(titles, start=1)))


BEFORE = named("Sketch", "Design", "Build", "Ship")
SKETCH, DESIGN, BUILD, SHIP = BEFORE
FRESH = Line(key(9), "Test", "", Decimal("300.00"), None)


def said(*after: Line, before: Plan = BEFORE, asked: bool = False) -> str:
    return headline(ChangeSet(before, Plan(after)), asked=asked)


def raised(line: Line, by: str) -> Line:
    return replace(line, amount=line.amount + Decimal(by))


ONE = {
    "added": ((*BEFORE, FRESH), "added “Test” at $300.00"),
    "removed": ((SKETCH, DESIGN, BUILD), "removed “Ship” and its $1,200.00"),
    "moved": ((BUILD, SKETCH, DESIGN, SHIP), "moved “Build” from 3 to 1"),
    "raised": ((SKETCH, raised(DESIGN, "300"), BUILD, SHIP), "raised “Design” by $300.00"),
    "lowered": ((SKETCH, raised(DESIGN, "-99.50"), BUILD, SHIP), "lowered “Design” by $99.50"),
    "renamed": ((SKETCH, replace(DESIGN, title="Art"), BUILD, SHIP), "renamed “Design” to “Art”"),
    "due": (
        (SKETCH, replace(DESIGN, due_date=date(2027, 3, 12)), BUILD, SHIP),
        "changed the due date of “Design” to 12 Mar 2027",
    ),
    "not due": ((SKETCH, replace(DESIGN, due_date=None), BUILD, SHIP), "removed the due date of “Design”"),
    "described": (
        (SKETCH, replace(DESIGN, description="In ink"), BUILD, SHIP),
        "changed the description of “Design”",
    ),
    "moved and raised": (
        (raised(BUILD, "300"), SKETCH, DESIGN, SHIP),
        "moved “Build” from 3 to 1 and raised it by $300.00",
    ),
    "renamed and more": (
        (SKETCH, replace(DESIGN, title="Art", due_date=None, description="In ink"), BUILD, SHIP),
        "renamed “Design” to “Art”, removed its due date and changed its description",
    ),
}


@pytest.mark.parametrize(("after", "text"), ONE.values(), ids=ONE)
def test_b11_one_changed_milestone_is_named_with_what_changed(after, text):
    assert said(*after) == text


MANY = {
    "the example": ((BUILD, SHIP, raised(SKETCH, "300"), DESIGN), "moved 2 milestones and raised one by $300.00"),
    "all kinds of lines": (
        (raised(SKETCH, "300"), FRESH, replace(FRESH, key=key(8)), BUILD, SHIP),
        "added 2 milestones, removed one and raised one by $300.00",
    ),
    "raised and lowered": (
        (raised(SKETCH, "300"), raised(DESIGN, "0.50"), raised(BUILD, "-1000"), SHIP),
        "raised 2 milestones by $300.50 in total and lowered one by $1,000.00",
    ),
    "names": (
        (replace(SKETCH, title="One"), replace(DESIGN, title="Two"), BUILD, SHIP),
        "renamed 2 milestones",
    ),
    "one of each": (
        (replace(SKETCH, title="One"), raised(DESIGN, "5"), BUILD, SHIP),
        "raised one milestone by $5.00 and renamed one",
    ),
    "dates": (
        (*(replace(line, due_date=date(2027, 1, 2)) for line in (SKETCH, DESIGN)), BUILD, replace(SHIP, due_date=None)),
        "changed 2 due dates and removed one due date",
    ),
    "descriptions": (
        tuple(replace(line, description="In ink") for line in BEFORE),
        "changed 4 descriptions",
    ),
    "another plan": ((FRESH,), "added one milestone and removed 4"),
}


@pytest.mark.parametrize(("after", "text"), MANY.values(), ids=MANY)
def test_b11_several_changed_milestones_are_counted_kind_by_kind(after, text):
    assert said(*after) == text


def test_b11_a_first_plan_is_all_added():
    assert said(*BEFORE, before=Plan()) == "added 4 milestones"


def test_a_change_of_nothing_says_so():
    assert (said(*BEFORE), said(*BEFORE, asked=True)) == ("changed nothing", "change nothing")


@pytest.mark.parametrize(
    ("after", "text"),
    [
        (MANY["the example"][0], "move 2 milestones and raise one by $300.00"),
        (MANY["all kinds of lines"][0], "add 2 milestones, remove one and raise one by $300.00"),
        (MANY["names"][0], "rename 2 milestones"),
        (MANY["dates"][0], "change 2 due dates and remove one due date"),
        (ONE["added"][0], "add “Test” at $300.00"),
        (ONE["removed"][0], "remove “Ship” and its $1,200.00"),
        (ONE["lowered"][0], "lower “Design” by $99.50"),
        (ONE["moved and raised"][0], "move “Build” from 3 to 1 and raise it by $300.00"),
        (ONE["due"][0], "change the due date of “Design” to 12 Mar 2027"),
    ],
    ids=range(9),
)
def test_b09_a_request_reads_on_after_asks_to(after, text):
    assert said(*after, asked=True) == text


def test_what_does_not_fit_is_said_to_be_left_out():
    line = replace(DESIGN, title="A" * 120, amount=Decimal("1500.00"), due_date=date(2027, 3, 12), description="In ink")
    assert said(SKETCH, line, BUILD, SHIP) == (
        "raised “Design” by $300.00, renamed it to “AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA…”, and more"
    )


def test_a_title_is_short_and_has_no_line_breaks_or_control_characters():
    long = Line(
        key(9), "The landing page\r\nBcc: x@example.org, and all that leads to it\u202e\x07", "", DESIGN.amount, None
    )
    assert said(*BEFORE, long) == "added “The landing page Bcc: x@example…” at $1,200.00"


def test_a_title_from_right_to_left_is_isolated_from_the_words_around_it():
    assert said(*BEFORE, replace(FRESH, title="تصميم")) == "added “\u2068تصميم\u2069” at $300.00"


@given(plans().flatmap(lambda before: changed(before).map(lambda after: ChangeSet(before, after))), st.booleans())
@tried
def test_b11_a_headline_is_one_short_line_and_always_the_same(changes, asked):
    text = headline(changes, asked=asked)
    assert text == headline(ChangeSet.from_json(changes.to_json()), asked=asked)
    assert text.isprintable()
    assert 0 < len(text) <= LONGEST + len(", and more")
    assert "{" not in text


@given(plans().flatmap(lambda before: changed(before).map(lambda after: ChangeSet(before, after))))
@tried
def test_b11_what_is_asked_for_names_the_same_as_what_was_done(changes):
    def values(text: str) -> list[str]:
        return [word.strip(",") for word in text.split() if not word.strip(",").isalpha()]

    assert values(headline(changes)) == values(headline(changes, asked=True)) or "and more" in headline(changes)


def test_two_hundred_milestones_are_told_in_one_line():
    before = named(*(f"Step {at}" for at in range(1, 201)))
    after = tuple(replace(line, title="New", amount=line.amount + 10, due_date=None) for line in before.lines[::-1])
    assert said(*after, before=before) == (
        "moved 199 milestones, raised 200 by $2,000.00 in total, renamed 200, and more"
    )
