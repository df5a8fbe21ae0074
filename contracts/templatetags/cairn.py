"""How amounts, dates and changed values read on a page. Knows no query and no rule.

What a person typed is set apart in <bdi>, so that its direction and its marks cannot upset the sentence around it.
"""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as dated
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from contracts.models import Contract, Milestone
from contracts.policy import decides_about_money
from contracts.reading import words
from contracts.reading.doors import ABOUT_CURRENT
from contracts.reading.sentences import Moment, Sentence, Word
from contracts.reading.sentences import summary as sentence_of_counts

register = template.Library()


@register.filter
def money(amount: Decimal | None) -> str:
    """Dollars and cents, or nothing for no amount."""
    return "" if amount is None else words.money(amount)


@register.filter
def difference(amount: Decimal) -> str:
    """An amount with its sign: a plus or a minus; $0.00 has none."""
    return f"+{money(amount)}" if amount > 0 else money(amount)


@register.filter
def day(value: date | datetime | None) -> str:
    """A date, or nothing for none."""
    return "" if value is None else words.day(value)


@register.filter
def moment(value: datetime) -> SafeString:
    """A moment as 12 Mar 2027, 14:05 on the viewer's clock, readable by machines too."""
    local = timezone.localtime(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), dated(local, "j M Y, H:i"))


@register.filter
def left(until: datetime, now: datetime) -> SafeString:
    """How long until then, which news.js keeps so: 4 days 3 hours left."""
    seconds = (until - now).total_seconds()
    return format_html(
        '<span data-left="{}" data-text="{}" data-soon="{}">{}</span>',
        max(0, int(seconds)), _("{left} left"), _("less than a minute left"), words.time_left(seconds),
    )  # fmt: skip


@register.filter
def said(sentence: Sentence) -> SafeString:
    """A sentence with its values put in."""
    return format_html(sentence.text, **{name: _word(value) for name, value in sentence.values.items()})


def _word(value: Word) -> str:
    if isinstance(value, Decimal):
        return money(value)
    if isinstance(value, Moment):
        return words.moment(value.at)
    return day(value) if isinstance(value, date) else format_html("<bdi>{}</bdi>", value)


@register.simple_tag
def page_address(contract: Contract, page: str, milestone: Milestone | None = None) -> str:
    """The address of one of the contract's pages, by its name; some are about a milestone."""
    about = [milestone.pk] if milestone and page in ABOUT_CURRENT else []
    return reverse(f"contracts:{page}", args=[contract.pk, *about])


register.filter("summary", sentence_of_counts)
register.filter(decides_about_money)
