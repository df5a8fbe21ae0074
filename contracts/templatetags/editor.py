"""A row of the plan editor that was never opened, as markup: two hundred of them are written without a template.

Knows an EditorRow and no query. Its buttons are put in by the browser, from the template at the top of the form: they
do nothing without a script. A row with its fields is in templates/contracts/manage_milestones.html.
"""

from html import escape

from django import template
from django.utils.safestring import SafeString

from contracts.forms.rows import EditorRow
from contracts.reading import words

register = template.Library()


@register.filter
def slim(row: EditorRow) -> SafeString:
    """The row with its place in the shown revision, which is what it posts."""
    line, place = row.line, row.place
    state = " is-deleted" if row.is_deleted else ""
    deleted = f'<input type="hidden" name="delete-{place}" value="1">' if row.is_deleted else ""
    return SafeString(
        f'<li class="plan-row{state}"><input type="hidden" name="key" value="{place}">{deleted}'
        f'<button type="button" class="tool plan-handle icon-handle" aria-labelledby="w-move t{place}"></button>'
        f'<span class="plan-number"></span><bdi class="plan-title" id="t{place}">{escape(line.title)}</bdi>'
        f'<span class="plan-amount">{escape(words.money(line.amount))}</span>'
        f'<span class="plan-due">{escape(words.day(line.due_date)) if line.due_date else ""}</span>'
        '<span class="plan-tools"></span></li>\n'
    )
