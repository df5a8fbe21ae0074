"""The rows of a diff as markup: two hundred of them cost little, where a template would resolve each value anew.

Knows a ChangeSet and what is wrong with its rows, and no query. Whatever a row says goes through `escape`, but our own
words, which are looked up once. The list around the rows is templates/contracts/_diff.html.
"""

from collections.abc import Iterable, Iterator
from html import escape

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from contracts.plan import ChangeSet, FieldChange, Row, Value
from contracts.reading import words

register = template.Library()


@register.simple_tag(takes_context=True)
def diff_rows(context: Context) -> SafeString:
    """The rows of `changes` that changed or are `unfinished`, each with a box to tick where there are `ticks`."""
    diff = _Diff(context.get("ticks"))
    return SafeString("".join(diff.rows(context["changes"], context.get("unfinished") or {})))


class _Diff:
    """Writes rows; looks every word up once."""

    def __init__(self, ticks: Iterable | None) -> None:
        self.ticks = ticks
        self.added, self.moved, self.due = _("at %(new)s"), _("from %(old)s to %(new)s"), _("due %(day)s")
        self.before, self.after, self.untitled = _("from"), _("to"), _("New milestone")
        named = {"added": _("Added"), "removed": _("Removed"), "edited": _("Edited"), "moved": _("Moved")}
        named["unfinished"] = _("Unfinished")
        self.marks = {
            kind: f'<span class="diff-{kind}"><span class="diff-kind">{name}</span></span>\n'
            for kind, name in named.items()
        }
        self.labels = {name: words.label(name) for name in words.LABELS}

    def rows(self, changes: ChangeSet, unfinished: dict) -> Iterator[str]:
        for row in changes.rows:
            wrong = unfinished.get(row.line.key, ())
            if wrong or not row.is_same:
                yield self.row(row, wrong)

    def row(self, row: Row, wrong: Iterable[str]) -> str:
        kinds = [*(() if row.is_same else row.kinds), *(["unfinished"] if wrong else [])]
        head = f"{self.tick(row)}{''.join(self.marks[kind] for kind in kinds)}{self.what(row)}{self.facts(row)}"
        rest = f"{self.text(row)}{self.fields(row)}{_problems(wrong)}"
        return f'<li class="diff-row diff-{kinds[0]}">\n<p class="diff-head">{head}</p>\n{rest}</li>\n'

    def tick(self, row: Row) -> str:
        if self.ticks is None:
            return ""
        checked = " checked" if row.line.key in self.ticks else ""
        name = f"{_('Accept this change:')} <bdi>{escape(row.line.title)}</bdi>"
        return (
            '<label class="diff-tick">'
            f'<input class="form-check-input" type="checkbox" name="line" value="{row.line.key}"{checked}>'
            f'<span class="visually-hidden">{name}</span></label>\n'
        )

    def what(self, row: Row) -> str:
        place = ""
        if row.moved:
            place = self.moved % {"old": row.old_position, "new": row.new_position}
        elif row.is_added:
            place = self.added % {"new": row.new_position}
        title = f'<bdi class="diff-title">{escape(row.line.title or self.untitled)}</bdi>'
        return f'<span class="diff-what">{title}{place and f' <span class="diff-from-to">{place}</span>'}</span>'

    def facts(self, row: Row) -> str:
        """What a line that is on one side alone comes to."""
        if not (row.is_added or row.is_removed):
            return ""
        amount, day = row.line.amount, row.line.due_date
        money = f'<span class="money">{escape(words.money(amount))}</span>' if amount else ""
        due = f" <span>{self.due % {'day': escape(words.day(day))}}</span>" if day else ""
        return f'\n<span class="diff-facts">{money}{due}</span>'

    def text(self, row: Row) -> str:
        is_told = row.is_added and row.line.description
        return f'<p class="diff-text"><bdi>{escape(row.line.description)}</bdi></p>\n' if is_told else ""

    def fields(self, row: Row) -> str:
        return f'<dl class="diff-fields">\n{"".join(map(self.field, row.fields))}</dl>\n' if row.fields else ""

    def field(self, field: FieldChange) -> str:
        """Its old and its new value, told apart without colours too."""
        name, old, new = field
        was = f'<span class="visually-hidden">{self.before} </span>{_shown(old, "del")}'
        now = f'<span class="visually-hidden">{self.after} </span>{_shown(new, "ins")}'
        return f'<div class="diff-field-{name}"><dt>{self.labels[name]}</dt>\n<dd>{was} {now}</dd></div>\n'


def _shown(value: Value, tag: str) -> str:
    """A field's value, what a person typed set apart; that there is none is said quietly."""
    text = escape(words.in_words(value))
    if not value:
        return f'<span class="quiet">{text}</span>'
    return f"<{tag}><bdi>{text}</bdi></{tag}>" if isinstance(value, str) else f"<{tag}>{text}</{tag}>"


def _problems(wrong: Iterable[str]) -> str:
    return f'<ul class="diff-problems">{"".join(f"<li>{escape(text)}</li>" for text in wrong)}</ul>\n' if wrong else ""
