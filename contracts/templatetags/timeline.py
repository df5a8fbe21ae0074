"""The rows of a contract's timeline: up to 200 on every Overview (B3). Knows no query and no rule.

One function writes them, not a template: a template asks its conditions through a few thousand nodes, which takes
longer than all the rest of the page. What a person typed, and every label, is escaped here by hand.
"""

from collections.abc import Iterable
from functools import partial
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from contracts.models import Milestone
from contracts.reading import words
from contracts.reading.overview import Stone
from contracts.states import MilestoneStatus

register = template.Library()

ROW = """
<li class="step step-{kind}">
<div class="step-body"><span class="step-number">{position}</span> {about}</div>
<div class="step-side"><span class="step-due">{due}</span> {state} <span class="money">{amount}</span>{paid}</div>
</li>"""
TITLE = '<h3 class="step-title"><bdi>{title}</bdi></h3>'
DETAILS = f"""<details class="step-details" id="about-{{key}}"><summary id="sum-{{key}}">{TITLE}</summary>
<p><bdi>{{description}}</bdi></p></details>"""
STATE = '<span class="state state-{status}">{label}</span>'
PAID = ' <span class="step-sum quiet" data-money="paid_for" data-of="{key}">{text}</span>'


@register.filter
def timeline(stones: Iterable[Stone]) -> SafeString:
    """The `<li>` of each, in their order. What is the same in many rows is translated once for all of them."""
    states = {status.value: _state(status) for status in MilestoneStatus}
    row = partial(_row, states=states, due=_("due %(day)s"), past_due=_("due %(day)s, past due"))
    return mark_safe("".join(map(row, stones)))  # noqa: S308, of pieces that were escaped


def _row(stone: Stone, *, states: dict[str, str], due: str, past_due: str) -> str:
    milestone, day = stone.milestone, stone.milestone.due_date
    return ROW.format(
        kind=stone.kind,
        position=milestone.position,
        about=_about(milestone),
        due=escape((past_due if stone.is_past_due else due) % {"day": words.day(day)}) if day else "",
        state=states[milestone.status],
        amount=escape(words.money(milestone.amount)),
        paid=_paid(milestone) if stone.is_paid_otherwise else "",
    )


def _about(milestone: Milestone) -> str:
    """The title; one with a description opens."""
    title, description = escape(milestone.title), milestone.description
    if not description:
        return TITLE.format(title=title)
    return DETAILS.format(key=milestone.pk, title=title, description=escape(description))


def _state(status: MilestoneStatus) -> str:
    return STATE.format(status=status.value, label=escape(capfirst(status.label)))


def _paid(milestone: Milestone) -> str:
    text = _("%(amount)s paid") % {"amount": words.money(milestone.paid)}
    return PAID.format(key=milestone.pk, text=escape(text))
