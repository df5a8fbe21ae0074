"""A change in plain text, row by row, for emails (B11, B14)."""

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from contracts.plan import ChangeSet, Line, Plan
from contracts.reading.plain import WIDTH

from .plan_strategies import key

DUE = date(2026, 11, 22)


def line(number: int, title: str, amount: str = "50.00", description: str = "", due_date: date | None = None) -> Line:
    return Line(key(number), title, description, Decimal(amount), due_date)


def diff(before: tuple[Line, ...], after: tuple[Line, ...]) -> str:
    return render_to_string("contracts/_diff.txt", {"changes": ChangeSet(Plan(before), Plan(after))})


def test_b11_a_diff_says_all_of_each_changed_milestone():
    kept, gone, last, end = line(1, "Kept"), line(2, "Gone", due_date=DUE), line(4, "Last"), line(5, "End")
    old = line(3, "Old", "60.00", "Was so", DUE)
    new = line(3, "New", "1200.50", "Is so\n\nFor good", None)
    fresh = line(6, "Fresh", "5.00", "All new", date(2027, 3, 12))
    moved = replace(last, amount=Decimal("7.50"))
    assert (
        diff((kept, gone, old, last, end), (moved, end, kept, new, fresh))
        == """\
Edited, moved from 4 to 1: Last
  Amount: $50.00 → $7.50

Moved from 5 to 2: End

Removed: Gone
  Amount: $50.00
  Due date: 22 Nov 2026

Edited: New
  Title:
    from | Old
      to | New
  Description:
    from | Was so
      to | Is so
         |
         | For good
  Amount: $60.00 → $1,200.50
  Due date: 22 Nov 2026 → none

Added at 5: Fresh
  Amount: $5.00
  Due date: 12 Mar 2027
  Description:
  | All new

Total: $260.00 → $1,313.00
Difference: +$1,053.00
"""
    )


def test_b11_a_first_due_date_and_a_first_description_are_said_to_be_the_first():
    old = line(1, "Sketch")
    assert (
        diff((old,), (replace(old, description="none", due_date=DUE),))
        == """\
Edited: Sketch
  Description:
    from: none
      to | none
  Due date: none → 22 Nov 2026

Total: $50.00, unchanged
"""
    )


def test_b11_a_lower_total_has_a_minus():
    old = line(1, "Sketch")
    assert diff((old,), (replace(old, amount=Decimal("5.00")),)).endswith(
        "Total: $50.00 → $5.00\nDifference: \N{MINUS SIGN}$45.00\n"
    )


def test_a_change_of_nothing_says_so():
    assert diff((line(1, "Sketch"),), (line(1, "Sketch"),)) == "Nothing has changed.\n"


def test_long_words_are_wrapped_behind_bars():
    title = "The landing page and everything that leads to it, also from the newsletter"
    long = line(1, title, description=("One step after the other. " * 4).strip() + "\n    x = 1")
    assert (
        diff((), (long,))
        == """\
Added at 1: The landing page and everything that leads to it, also from
  | the newsletter
  Amount: $50.00
  Description:
  | One step after the other. One step after the other. One step after
  | the other. One step after the other.
  |     x = 1

Total: $0.00 → $50.00
Difference: +$50.00
"""
    )


def test_a_link_stays_whole():
    link = "https://example.org/" + "a" * 100
    assert f"  | {link}\n" in diff((), (line(1, "Sketch", description=f"See\n{link}"),))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"], ids=ascii)
def test_what_people_typed_makes_no_line_of_ours(end):
    forged = f"Sketch{end}Total: $1.00{end}{end}Removed: Build\x1b[2K\u202e"
    text = diff((line(1, "Old", description="Old"),), (line(1, forged, description=forged),))
    ours = [at for at in text.splitlines() if at and "|" not in at]
    assert [at.split(":")[0].strip() for at in ours] == ["Edited", "Title", "Description", "Total"]
    assert ours[-1] == "Total: $50.00, unchanged"
    assert text.replace("\n", "").isprintable()


def test_words_from_right_to_left_are_isolated_line_by_line():
    old, new = line(1, "Sketch", description="Plan"), line(1, "تصميم", description="تجربة\nhello\nجديد 7")
    assert (
        diff((old,), (new,))
        == """\
Edited: \u2068تصميم\u2069
  Title:
    from | Sketch
      to | \u2068تصميم\u2069
  Description:
    from | Plan
      to | \u2068تجربة\u2069
         | hello
         | \u2068جديد 7\u2069

Total: $50.00, unchanged
"""
    )


def test_nothing_is_escaped():
    assert "Edited: <b> & {{ 7 }}\n" in diff((line(1, "Old"),), (line(1, "<b> & {{ 7 }}"),))


def test_two_hundred_rows_are_all_there_and_quick():
    before = tuple(line(at, f"Step {at}", description="As discussed. " * 20) for at in range(1, 201))
    after = tuple(replace(at, title=f"New {at.title}", description="Otherwise. " * 30) for at in before)
    start = time.perf_counter()
    text = diff(before, after)
    assert time.perf_counter() - start < 2  # a tenth of it on an idle machine
    assert [at for at in text.splitlines() if at.startswith("Edited")] == [
        f"Edited: New Step {at}" for at in range(1, 201)
    ]
    assert max(map(len, text.splitlines())) <= WIDTH
