"""The form that pays a bonus: how much, what for, and with what (B22, B24)."""

import uuid
from typing import Self

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms.paying import DAMAGED, MethodField, has_damage, key_field
from contracts.models import NOTE_LENGTH, Contract
from contracts.plan import MAXIMUM_AMOUNT
from escrow.models import SMALLEST
from escrow.money import AmountField
from marketplace.fields import PlainTextField


class BonusForm(forms.Form):
    """Its key is that of the payment, so that the same post twice pays once."""

    key = key_field()
    amount = AmountField(
        label=_("Amount"),
        minimum=SMALLEST,
        maximum=MAXIMUM_AMOUNT,
        help_text=_("In US dollars, on top of what was agreed."),
        error_messages={"required": _("Enter the amount of the bonus.")},
    )
    note = PlainTextField(
        label=_("Note to the talent"),
        lines=True,
        required=False,
        max_length=NOTE_LENGTH,
        error_messages={"max_length": _("It can have %(limit_value)d characters at most (this has %(show_value)d).")},
    )
    method = MethodField()

    def __init__(self, *args, contract: Contract, **kwargs) -> None:
        self.contract = contract
        super().__init__(*args, **kwargs)
        self.fields["method"].offer(contract.client)  # type: ignore[attr-defined]

    def clean(self) -> dict:
        if has_damage(self):
            raise forms.ValidationError(DAMAGED)
        return super().clean() or self.cleaned_data

    def anew(self) -> Self:
        """The same words once more, for another bonus than the one that was tried with this form."""
        return type(self)({**dict(self.data.items()), "key": uuid.uuid4()}, contract=self.contract)
