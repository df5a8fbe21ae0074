"""How a talent answers an offer: the version that it read, or a reason. Knows no operation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms.paying import DAMAGED
from contracts.models import REASON_LENGTH
from marketplace.fields import PlainTextField


class AcceptForm(forms.Form):
    """The number of the version that the page showed."""

    version = forms.IntegerField(
        min_value=1, max_value=10**9, widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), DAMAGED),
    )  # fmt: skip


class DeclineForm(forms.Form):
    """Why not, if there is something to say."""

    reason = PlainTextField(
        label=_("Reason"),
        lines=True,
        required=False,
        max_length=REASON_LENGTH,
        help_text=_("The client reads it. A word on price, time or scope helps them to make a better offer."),
        error_messages={"max_length": _("It can have %(limit_value)d characters at most (this has %(show_value)d).")},
    )
