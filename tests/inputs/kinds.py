"""What each kind of field is sent: what it must refuse, what it must take. Knows Django's fields and ours, no page."""

import uuid
from collections.abc import Iterator
from decimal import Decimal
from functools import singledispatch
from typing import NamedTuple

from django import forms

from contracts.forms.fields import DueDateField
from contracts.forms.submission import LinksField
from escrow.money import CENT, AmountField
from marketplace.fields import PlainTextField
from tests.inputs import values

TYPICAL = Decimal(1200)


class Try(NamedTuple):
    """One text for a field; `is_fine` is None where either answer will do, as long as it is one."""

    typed: str
    is_fine: bool | None = False


@singledispatch
def tries(field: forms.Field) -> Iterator[Try]:
    """What a field is sent. A field of a kind without a list fails the test that asks."""
    raise AssertionError(f"{type(field).__name__} has no list of inputs.")


@tries.register
def _(field: AmountField) -> Iterator[Try]:
    is_hidden = field.widget.is_hidden
    yield from map(Try, values.NO_AMOUNTS[:: 4 if is_hidden else 1])  # one field reads them, typed or shown
    yield from _nothing(field)
    yield from map(Try, _beyond(field))
    if not is_hidden:
        yield from (Try(text, True) for text in _spelled(min(field.maximum, max(field.minimum, TYPICAL))))
        yield Try(f"{field.minimum:.2f}", True)


def _beyond(field: AmountField) -> Iterator[str]:
    """Just outside of the limits."""
    yield f"{field.maximum + CENT:.2f}"
    yield f"{field.maximum + CENT:,.2f}"
    if field.minimum:
        yield from (f"{field.minimum - CENT:.2f}", "0", "0.00")


def _spelled(amount: Decimal) -> Iterator[str]:
    """How this amount can be typed."""
    exact = f"{amount:.2f}"
    yield from (f" {exact} ", f"${exact}", f"{amount:,.2f}\t")
    if exact.endswith("0"):
        yield exact[:-1]
    if exact.endswith("00"):
        yield exact[:-3]


@tries.register
def _(field: PlainTextField) -> Iterator[Try]:
    most = field.max_length or 5_000
    yield from (Try(text) for text in values.UNSEEN if field.required)
    yield Try("".join(values.UNSEEN), False if field.required else None)
    yield from (Try(text, True) for text in _together(values.TEXTS, most, "\n" if field.lines else " "))
    if field.max_length:
        yield from (Try("x" * (most + more)) for more in (1, 10_000))
        yield Try("\N{SNOWMAN}" * most, True)


def _together(texts: list[str], most: int, between: str) -> Iterator[str]:
    """All of the texts in as few as can be, each with at most so many characters: a post that is taken costs most."""
    filled = ""
    for text in texts:
        if len(filled) + len(between) + len(text) > most:
            yield filled
            filled = ""
        filled += between + text if filled else text
    yield filled


@tries.register
def _(field: LinksField) -> Iterator[Try]:
    yield from map(Try, values.NO_LINKS)
    yield from (Try(text, True) for text in values.LINKS)


@tries.register
def _(field: DueDateField) -> Iterator[Try]:
    yield from map(Try, [*values.NO_DATES, *values.PAST_DATES])
    yield from (Try(text, True) for text in values.DATES)


@tries.register
def _(field: forms.UUIDField) -> Iterator[Try]:
    yield from map(Try, [*values.NO_UUIDS, ""])
    yield Try(str(uuid.uuid4()), None)


class RowKeys(forms.Field):
    """The keys of the rows of a plan, one after another, which no Django field stands behind."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput)


class Loose(forms.Field):
    """What a view reads by itself and does without when it makes no sense."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)


@tries.register
def _(field: Loose) -> Iterator[Try]:
    yield from (Try(text, None) for text in ("x", "-1", "1e3", str(values.HUGE), "9" * 10_000, values.NUL, "", "1"))


@tries.register
def _(field: RowKeys) -> Iterator[Try]:
    yield from map(Try, [*values.NO_UUIDS, ""])


@tries.register
def _(field: forms.IntegerField) -> Iterator[Try]:
    yield from map(Try, [*values.NO_NUMBERS, *([""] * field.required)])
    yield from (Try(text, None) for text in ("0", "999", "1 ", "\N{ARABIC-INDIC DIGIT ONE}"))


@tries.register
def _(field: forms.ModelChoiceField) -> Iterator[Try]:
    yield from map(Try, [*values.NO_IDS, str(values.NOWHERE), *([""] * field.required)])


@tries.register
def _(field: forms.ModelMultipleChoiceField) -> Iterator[Try]:
    yield from map(Try, [*values.NO_IDS, str(values.NOWHERE)])


@tries.register
def _(field: forms.ChoiceField) -> Iterator[Try]:
    yield from map(Try, values.NO_CHOICES)
    yield from _nothing(field)


@tries.register
def _(field: forms.BooleanField) -> Iterator[Try]:
    yield from (Try(text, None) for text in (*values.NO_CHOICES, "", "false", "on"))


@tries.register
def _(field: forms.EmailField) -> Iterator[Try]:
    yield from map(Try, values.NO_EMAILS)
    yield from _nothing(field)


@tries.register
def _(field: forms.CharField) -> Iterator[Try]:
    """Passwords, codes, and whatever else is compared with something and never shown."""
    yield from (Try(text, None) for text in (*values.UNSEEN[1:], *values.TEXTS, "x" * 10_000))
    yield from _nothing(field)


def _nothing(field: forms.Field) -> list[Try]:
    return [Try("")] if field.required else []
