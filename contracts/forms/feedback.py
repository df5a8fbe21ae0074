"""The form in which one side of an ended contract says what it was like (B43)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.models import FEEDBACK_LENGTH
from marketplace.fields import PlainTextField

RATINGS = [(5, _("5, excellent")), (4, _("4, very good")), (3, _("3, good")), (2, _("2, fair")), (1, _("1, poor"))]


class FeedbackForm(forms.Form):
    """A rating of 1 to 5, and a text if there is something to say."""

    rating = forms.TypedChoiceField(
        label=_("Rating"),
        choices=RATINGS,
        coerce=int,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Choose a rating from 1 to 5."), "invalid_choice": _("Choose one of the five.")},
    )
    text = PlainTextField(
        label=_("What was it like to work together?"),
        lines=True,
        required=False,
        max_length=FEEDBACK_LENGTH,
        error_messages={"max_length": _("It can have %(limit_value)d characters at most (this has %(show_value)d).")},
    )
