"""The four fields of a milestone as people type them: one instance each, shared by every form (B2).

They know what a value must be by itself. What depends on another value (a new due date in the past) is asked of
`due_date_problem`, which knows the date that was there before.
"""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from contracts.plan import DESCRIPTION_LENGTH, MAXIMUM_AMOUNT, MINIMUM_AMOUNT, TITLE_LENGTH
from escrow.money import AmountField
from marketplace.fields import PlainTextField

ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class DueDateField(forms.DateField):
    """A date as the browser's date field sends it: 2027-03-31, in ASCII digits."""

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)

    def to_python(self, value: object) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return value or None
        text = str(value).strip()
        try:
            return date.fromisoformat(text if ISO_DATE.fullmatch(text) else "")
        except ValueError:
            raise ValidationError(_("Enter a date such as 2027-03-31."), code="invalid") from None


def title_field() -> PlainTextField:
    return PlainTextField(
        label=_("Title"),
        max_length=TITLE_LENGTH,
        error_messages={
            "required": _("Give the milestone a title."),
            "max_length": _("A title has at most %(limit_value)d characters (this one has %(show_value)d)."),
        },
    )


def description_field() -> PlainTextField:
    return PlainTextField(
        label=_("Description"),
        lines=True,
        required=False,
        max_length=DESCRIPTION_LENGTH,
        error_messages={
            "max_length": _("A description has at most %(limit_value)d characters (this one has %(show_value)d)."),
        },
    )


def amount_field() -> AmountField:
    return AmountField(
        label=_("Amount"),
        minimum=MINIMUM_AMOUNT,
        maximum=MAXIMUM_AMOUNT,
        error_messages={"required": _("Enter the amount to be paid for this milestone.")},
    )


def due_date_field() -> DueDateField:
    return DueDateField(label=_("Due date"), required=False)


def due_date_problem(new: date | None, old: date | None, today: date) -> str:
    """Why `new` cannot be set, or nothing: a new date lies ahead, one that has become past may stay (B2)."""
    return str(_("This date has passed. Choose today or later.")) if new and new != old and new < today else ""


MILESTONE_FIELDS: dict[str, forms.Field] = {
    "title": title_field(),
    "description": description_field(),
    "amount": amount_field(),
    "due_date": due_date_field(),
}
