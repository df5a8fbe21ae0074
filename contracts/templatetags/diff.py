"""The rows of a diff as markup: two hundred of them cost little, where a template would resolve each value anew.

Knows a ChangeSet and what is wrong with its rows, and no query. The list around the rows is templates/contracts/_diff.html.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property

from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from contracts.plan import ChangeSet, FieldChange, Row, Value
from contracts.reading import words

register = template.Library()
NOTHING = SafeString()

ROW = '<li class="diff-row diff-{}">\n<p class="diff-head">{}{} {} {}</p>\n{}{}{}</li>\n'
MARK = '<span class="diff-{}"><span class="diff-kind">{}</span></span>\n'
WHAT = '<span class="diff-what"><bdi class="diff-title">{}</bdi> {}</span>'
FROM_TO = '<span class="diff-from-to">{}</span>'
FIELDS = '<dl class="diff-fields">\n{}</dl>\n'
FIELD = """<div class="diff-field-{}"><dt>{}</dt>
<dd><span class="visually-hidden">{} </span>{} <span class="visually-hidden">{} </span>{}</dd></div>
"""
OLD, NEW, NONE = "<del>{}</del>", "<ins>{}</ins>", '<span class="quiet">{}</span>'
FACTS, SUM, DUE = '<span class="diff-facts">{}{}</span>', '<span class="money">{}</span>', " <span>{}</span>"
DESCRIPTION = '<p class="diff-text"><bdi>{}</bdi></p>\n'
PROBLEMS, PROBLEM = '<ul class="diff-problems">{}</ul>\n', "<li>{}</li>"
TICK = """<label class="diff-tick"><input class="form-check-input" type="checkbox" name="line" value="{}"{}>\
<span class="visually-hidden">{} <bdi>{}</bdi></span></label>
"""


@register.simple_tag(takes_context=True)
def diff_rows(context: Context) -> SafeString:
    """The rows of `changes` that changed or are `unfinished`, each with a box to tick where there are `ticks`."""
    diff = _Diff(context.get("ticks"))
    return format_html_join("", "{}", ((row,) for row in diff.rows(context["changes"], context.get("unfinished"))))


class _Diff:
    """Writes rows; looks every word up once."""

    def __init__(self, ticks: Iterable | None) -> None:
        self.ticks = ticks
        self.old, self.new = _("from"), _("to")
        named = {"added": _("Added"), "removed": _("Removed"), "edited": _("Edited"), "moved": _("Moved")}
        named["unfinished"] = _("Unfinished")
        self.marks = {kind: format_html(MARK, kind, name) for kind, name in named.items()}

    @cached_property
    def labels(self) -> dict[str, str]:
        return {name: words.label(name) for name in words.LABELS}

    def rows(self, changes: ChangeSet, unfinished: dict | None) -> Iterator[SafeString]:
        for row in changes.rows:
            wrong = unfinished.get(row.line.key, []) if unfinished else []
            if wrong or not row.is_same:
                yield self.row(row, wrong)

    def row(self, row: Row, wrong: list[str]) -> SafeString:
        kinds = [kind for kind in row.kinds if kind != "same"]
        shown_as = kinds[0] if kinds else "unfinished"
        marks = SafeString("").join(self.marks[kind] for kind in [*kinds, *(["unfinished"] if wrong else [])])
        return format_html(
            ROW, shown_as, self.tick(row), SafeString(marks), self.what(row), self.facts(row),
            self.text(row), self.fields(row), _problems(wrong),
        )  # fmt: skip

    def tick(self, row: Row) -> SafeString:
        if self.ticks is None:
            return NOTHING
        checked = SafeString(" checked") if row.line.key in self.ticks else NOTHING
        return format_html(TICK, row.line.key, checked, _("Accept this change:"), row.line.title)

    def what(self, row: Row) -> SafeString:
        place = NOTHING
        if row.moved:
            place = format_html(FROM_TO, _("from %(old)s to %(new)s") % {"old": row.old_position, "new": row.new_position})
        elif row.is_added:
            place = format_html(FROM_TO, _("at %(new)s") % {"new": row.new_position})
        return format_html(WHAT, row.line.title or _("New milestone"), place)

    def facts(self, row: Row) -> SafeString:
        """What a line that is on one side alone comes to."""
        if not (row.is_added or row.is_removed):
            return NOTHING
        amount, due = row.line.amount, row.line.due_date
        return format_html(
            FACTS,
            format_html(SUM, words.money(amount)) if amount else NOTHING,
            format_html(DUE, _("due %(day)s") % {"day": words.day(due)}) if due else NOTHING,
        )

    def text(self, row: Row) -> SafeString:
        is_told = row.is_added and row.line.description
        return format_html(DESCRIPTION, row.line.description) if is_told else NOTHING

    def fields(self, row: Row) -> SafeString:
        if not row.fields:
            return NOTHING
        return format_html(FIELDS, format_html_join("", FIELD, map(self.field, row.fields)))

    def field(self, field: FieldChange) -> tuple[str, ...]:
        name, old, new = field
        was, now = format_html(OLD if old else NONE, _shown(old)), format_html(NEW if new else NONE, _shown(new))
        return name, self.labels[name], self.old, was, self.new, now


def _shown(value: Value) -> str:
    """A field's value, what a person typed set apart."""
    return format_html("<bdi>{}</bdi>", value) if value and isinstance(value, str) else words.in_words(value)


def _problems(wrong: list[str]) -> SafeString:
    if not wrong:
        return NOTHING
    return format_html(PROBLEMS, format_html_join("", PROBLEM, ((message,) for message in wrong)))
