"""The form for the days that a statement is about. Knows no statement."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Self

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contracts.reading.statement import Period, this_month
from marketplace.fields import plain_text

FIRST, LAST = date(2000, 1, 1), date(2999, 12, 31)
LONGEST = 366
FAR_OFF = _("Choose a date between 2000 and 2999.")


def _day(label: Promise) -> forms.DateField:
    return forms.DateField(
        label=label, input_formats=["%Y-%m-%d"],
        validators=[MinValueValidator(FIRST, FAR_OFF), MaxValueValidator(LAST, FAR_OFF)],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": _("Choose a date."),
            "invalid": _("That is not a date. Enter it as year, month and day: 2027-03-12."),
        },
    )  # fmt: skip


class PeriodForm(forms.Form):
    """The first and the last day, both included, at most a year apart. In the address they are `from` and `to`."""

    since = _day(_("From"))
    until = _day(_("To"))

    @classmethod
    def asked(cls, query: Mapping[str, str], today: date) -> Self:
        """The form for the days in the query; without any, for the month that `today` is in."""
        month = this_month(today)
        days = query if {"from", "to"} & set(query) else {"from": str(month.since), "to": str(month.until)}
        return cls({name: plain_text(days.get(name, "")) for name in ("from", "to")})

    def add_prefix(self, field_name: str) -> str:
        return {"since": "from", "until": "to"}.get(field_name, field_name)

    def clean(self) -> dict:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("This is before the first day. Choose the same day or a later one."))
        if since and until and until - since >= timedelta(days=LONGEST):
            self.add_error("until", _("That is more than a year. Choose a shorter period."))
        return self.cleaned_data

    @property
    def period(self) -> Period:
        """The days that were chosen; only of a valid form."""
        if not self.is_valid():
            raise ValidationError(self.errors)
        return Period(self.cleaned_data["since"], self.cleaned_data["until"])
