"""The form that ends a contract: the client says what of the held money it pays, the talent gives it all back (B24)."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Self

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contracts.forms.paying import DAMAGED, has_damage, key_field, shown_amount
from contracts.models import REASON_LENGTH
from escrow.money import CENT, AmountField, parse_amount
from marketplace.fields import PlainTextField

ALL, PART, NONE = "all", "part", "none"
CHOICES = [(ALL, _("Pay all of it")), (PART, _("Pay a part of it")), (NONE, _("Pay nothing of it"))]
WHY = _("Say why. The other side reads it.")


def reason_field(label: str | Promise, *, required: bool = False) -> PlainTextField:
    return PlainTextField(
        label=label,
        lines=True,
        required=required,
        max_length=REASON_LENGTH,
        error_messages={
            "required": WHY,
            "max_length": _("It can have %(limit_value)d characters at most (this has %(show_value)d)."),
        },
    )


class EndForm(forms.Form):
    """What of the `held` money, as the page showed it, is paid, and why. Only who `pays` has something to choose."""

    key = key_field()
    held = shown_amount()
    choice = forms.ChoiceField(
        label=_("What of it do you pay?"),
        choices=CHOICES,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Choose what you pay."), "invalid_choice": _("Choose one of the three.")},
    )
    amount = AmountField(
        label=_("Amount to pay"), minimum=CENT, maximum=CENT, error_messages={"required": _("Enter what you pay.")}
    )
    reason = reason_field(_("Reason"))

    def __init__(self, data: Mapping | None = None, *, held: Decimal, pays: bool) -> None:
        self.shown, self.pays = held, pays
        super().__init__(data, initial={"held": held})
        self.fields["amount"].maximum = held  # type: ignore[attr-defined]
        if not (pays and held):
            del self.fields["choice"], self.fields["amount"]
        else:
            self.fields["reason"].help_text = _("Needed if you ask for money back; the other side reads it.")

    @classmethod
    def posted(cls, data: QueryDict, *, held: Decimal, pays: bool) -> Self:
        """The form as it was shown: about the money that its page named, or what is `held` if it names none."""
        try:
            return cls(data, held=parse_amount(data.get("held", "")), pays=pays)
        except forms.ValidationError:
            return cls(data, held=held, pays=pays)

    def anew(self, held: Decimal) -> Self:
        """The same words, about what is held now."""
        data = {**dict(self.data.items()), "held": held, "key": uuid.uuid4()}
        return type(self)(data, held=held, pays=self.pays)

    def mended(self) -> Self:
        """The form with what is wrong with it; what nobody typed, and arrived damaged, is made good."""
        if not has_damage(self):
            return self
        form = self.anew(self.shown)
        form.add_error(None, DAMAGED)
        return form

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("choice") != PART:
            self.errors.pop("amount", None)
        is_sent = self.pays and "preview" not in self.data
        if is_sent and not self.errors and self.asked_back and not cleaned.get("reason"):
            self.add_error("reason", WHY)
        return cleaned

    @property
    def pay(self) -> Decimal:
        """What is paid of the held money, once the form is valid."""
        part = self.cleaned_data.get("amount") or Decimal("0.00")
        return {ALL: self.shown, PART: part}.get(self.cleaned_data.get("choice", NONE), Decimal("0.00"))

    @property
    def asked_back(self) -> Decimal:
        return self.shown - self.pay
