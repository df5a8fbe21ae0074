"""How money, dates and fields are written, wherever they are read. Knows no markup."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.dateformat import format as dated
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contracts.plan import Value
from contracts.reading.sentences import Moment, Sentence, Word

MINUS = "\N{MINUS SIGN}"
LABELS = {
    "title": gettext_lazy("Title"),
    "description": gettext_lazy("Description"),
    "amount": gettext_lazy("Amount"),
    "due_date": gettext_lazy("Due date"),
}


def label(field: str) -> str:
    """What a field of a line is called."""
    return str(LABELS[field])


def money(amount: Decimal) -> str:
    """Dollars and cents: $1,200.00, with a minus sign before the dollar below zero. Nothing but a Decimal is money."""
    if not isinstance(amount, Decimal):
        raise TypeError(f"{amount!r} is not a Decimal.")
    return f"{MINUS if amount < 0 else ''}${abs(amount):,.2f}"


def day(value: date | datetime) -> str:
    """A date as 12 Mar 2027; of a moment, the day that it is for the viewer."""
    return dated(timezone.localtime(value) if isinstance(value, datetime) else value, "j M Y")


def moment(value: datetime) -> str:
    """A moment as 12 Mar 2027, 14:05 (Europe/Lisbon): on the viewer's clock, for where no page says whose that is."""
    local = timezone.localtime(value)
    return f"{dated(local, 'j M Y, H:i')} ({timezone.get_current_timezone_name()})"


def in_words(value: Value | Word) -> str:
    """A field's value, or a sentence's; an empty one is said to be so."""
    if isinstance(value, Moment):
        return moment(value.at)
    if isinstance(value, Decimal):
        return money(value)
    return day(value) if isinstance(value, date) else value or _("none")


def in_plain_words(sentence: Sentence) -> str:
    """A sentence as plain text, its values as they are written everywhere."""
    return sentence.text.format(**{name: in_words(value) for name, value in sentence.values.items()})


def time_left(seconds: float) -> str:
    """How long until a moment: 4 days 3 hours left, 3 hours 20 minutes left. news.js says it the same way."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return _("less than a minute left")
    days, hours = divmod(minutes // 60, 24)
    parts = [_days(days), _hours(hours)] if days else [_hours(hours), _minutes(minutes % 60)]
    return _("{left} left").format(left=" ".join(filter(None, parts)))


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count} if count else ""


def _hours(count: int) -> str:
    return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count} if count else ""


def _minutes(count: int) -> str:
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count} if count else ""
