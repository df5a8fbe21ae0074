"""How sentences and names read in the plain text of an email. Knows no query."""

from django import template

from contracts.reading.plain import isolated, on_one_line
from notifications.subjects import written

register = template.Library()
register.filter(written)


@register.filter
def one_line(text: str) -> str:
    """What a person typed, on one line and isolated."""
    return isolated(on_one_line(text))
