"""What people typed and what they changed, in templates of plain text. Knows no markup, no query and no rule."""

from django import template
from django.utils.translation import gettext as _

from contracts.plan import FieldChange, Value
from contracts.reading.plain import lines_of, on_one_line
from contracts.reading.words import in_words, label

register = template.Library()


@register.filter
def about(title: str, head: str) -> str:
    """Our words, and the title that they are about: on one line, if it fits."""
    return lines_of(on_one_line(title), f"{head}: ")


@register.filter
def barred(text: str) -> str:
    """What a person typed, each line behind a bar."""
    return lines_of(text)


@register.filter
def old_and_new(field: FieldChange) -> str:
    """A changed field in lines: words above each other, anything else on one line."""
    if not isinstance(field.old or field.new, str):
        return f"  {label(field.name)}: {in_words(field.old)} → {in_words(field.new)}"
    old, new = _("from"), _("to")
    width = max(len(old), len(new))
    sides = (_side(word.rjust(width), value) for word, value in ((old, field.old), (new, field.new)))
    return "\n".join((f"  {label(field.name)}:", *sides))


def _side(word: str, value: Value) -> str:
    """A value behind its word; an empty one, of which nobody typed anything, has no bar."""
    if not value:
        return f"    {word}: {in_words(value)}"
    return lines_of(str(value), f"    {word} | ", f"    {' ' * len(word)} | ")
