"""What staff type to act: why, and for a decided dispute how much the talent gets."""

import uuid
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms.ending import reason_field
from contracts.forms.paying import DAMAGED, has_damage, key_field
from escrow.money import AmountField

ZERO = Decimal("0.00")


class SplitForm(forms.Form):
    """How much of what is at stake the talent gets."""

    def __init__(self, *args, at_stake: Decimal, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_talent"] = AmountField(
            label=_("To the talent, before the fee"), minimum=ZERO, maximum=at_stake,
            error_messages={"required": _("Enter how much the talent gets: 0.00 if nothing.")},
        )  # fmt: skip


class ReasonForm(forms.Form):
    """Why: read for good by staff, and by both sides where the page says so."""

    reason = reason_field(_("Reason"), required=True)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = _("Say why. It stays with the act for good.")


class ActForm(ReasonForm):
    """The reason, and what the page showed: the mark of the effect, and the key under which it acts once."""

    key = key_field()
    shown = forms.CharField(widget=forms.HiddenInput, max_length=32)

    field_order = ["reason", "key", "shown"]

    @classmethod
    def showing(cls, mark: str, *args) -> "ActForm":
        """An empty form under a page that shows this effect, or what was posted to it."""
        return cls(*args, initial={"key": uuid.uuid4(), "shown": mark})

    def clean(self) -> dict:
        if has_damage(self):
            raise forms.ValidationError(DAMAGED)
        return super().clean() or self.cleaned_data
