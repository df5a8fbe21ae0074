"""The form that answers a refund request (B24)."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms.ending import reason_field
from contracts.forms.paying import DAMAGED, has_damage
from escrow.money import CENT, AmountField

APPROVE, COUNTER, ACCEPT = "approve", "counter", "accept"
DECISIONS = [(each, each) for each in (APPROVE, COUNTER, ACCEPT)]


class AnswerForm(forms.Form):
    """Which answer; the talent's counter names what it would return of `asked`, which is less than all."""

    decision = forms.ChoiceField(choices=DECISIONS, widget=forms.HiddenInput)
    answer = reason_field(_("What you say to it"))

    def __init__(self, *args, asked: Decimal, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = AmountField(
            label=_("Amount to return"),
            minimum=Decimal("0.00"),
            maximum=asked - CENT,
            error_messages={"required": _("Enter what you would return.")},
        )

    def clean(self) -> dict:
        if has_damage(self):
            raise forms.ValidationError(DAMAGED)
        if self.cleaned_data["decision"] != COUNTER:
            self.errors.pop("amount", None)
        return super().clean() or self.cleaned_data
