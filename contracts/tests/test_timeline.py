"""The rows of a timeline as they are written: by hand, so what was typed has to be seen to stay text. No database."""

from datetime import date
from decimal import Decimal

import pytest

from contracts.models import Milestone
from contracts.reading.overview import Stone
from contracts.states import MilestoneStatus
from contracts.templatetags.timeline import timeline

TYPED = """<script>alert("7")</script> & 'x' {title} {0} %(day)s %s"""
ESCAPED = "&lt;script&gt;alert(&quot;7&quot;)&lt;/script&gt; &amp; &#x27;x&#x27; {title} {0} %(day)s %s"


def written(kind: str = "future", *, late: bool = False, **values) -> str:
    milestone = Milestone(**{"position": 1, "title": "One", "amount": Decimal("5.00")} | values)
    return str(timeline([Stone(milestone, kind, late)]))


@pytest.mark.parametrize("description", ["", TYPED])
def test_what_was_typed_is_text(description):
    row = written(title=TYPED, description=description)
    assert row.count(ESCAPED) == 1 + bool(description)
    assert "<script" not in row
    assert ("<details" in row) == bool(description)


@pytest.mark.parametrize("status", MilestoneStatus)
def test_each_state_has_its_name(status):
    name = status.label[0].upper() + status.label[1:]
    assert f'<span class="state state-{status.value}">{name}</span>' in written(status=status)


def test_a_day_is_said_and_whether_it_is_past():
    day = date(2027, 3, 12)
    assert '<span class="step-due"></span>' in written()
    assert '<span class="step-due">due 12 Mar 2027</span>' in written(due_date=day)
    assert '<span class="step-due">due 12 Mar 2027, past due</span>' in written(due_date=day, late=True)


def test_what_was_paid_is_said_where_it_is_not_the_amount():
    assert "paid_for" not in written("paid", paid=Decimal("5.00"), status="paid")
    assert ">$4.00 paid</span>" in written("paid", paid=Decimal("4.00"), status="paid")
