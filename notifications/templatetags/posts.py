"""How what people wrote reads on a page. Knows no query and no rule."""

import re
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.dateformat import format as dated
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
# A joiner shows nothing: an address with one in it would not be the address that one reads.
ADDRESS = re.compile("(https?://[^\\s<>\"'\u200c\u200d]+)", re.IGNORECASE)
AFTER = ".,;:!?\u2026]}\u00bb\u201d"
LINK = '<a href="{}" dir="ltr" rel="nofollow noopener noreferrer" target="_blank">{}</a>'


@register.filter
def linked(text: str) -> SafeString:
    """Text as it was typed, escaped, with its http and https addresses to follow; each link says where it leads."""
    pieces = ADDRESS.split(text)
    return mark_safe("".join(_piece(piece, bool(place % 2)) for place, piece in enumerate(pieces)))  # noqa: S308


def _piece(piece: str, is_address: bool) -> str:
    if not is_address:
        return conditional_escape(piece)
    address = _without_end(piece)
    if "://" not in address or not address.partition("://")[2]:
        return conditional_escape(piece)
    return format_html(LINK, address, address) + conditional_escape(piece[len(address) :])


def _without_end(address: str) -> str:
    """The address without the marks of the sentence around it; a bracket stays where it was opened inside."""
    while address and (address[-1] in AFTER or (address[-1] == ")" and address.count("(") < address.count(")"))):
        address = address[:-1]
    return address


@register.filter
def clock(value: datetime) -> SafeString:
    """The time of a moment, 14:05 on the viewer's clock, readable by machines with its day."""
    local = timezone.localtime(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), dated(local, "H:i"))
