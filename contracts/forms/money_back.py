"""The forms about money back on a live contract: the client asks, either side decides about what was asked (B24)."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Self

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms.ending import ALL, PART, reason_field
from contracts.forms.paying import DAMAGED, has_damage, key_field, shown_amount
from contracts.models import RefundRequest
from contracts.reading.money_back import MoneyBack
from escrow.money import CENT, AmountField, parse_amount

ASK, WITHDRAW, AGREE, DECLINE = "ask", "withdraw", "agree", "decline"
CHOICES = [(PART, _("What is left over, or a part of it")), (ALL, _("All that is held"))]


class AskForm(forms.Form):
    """What of the `held` money, as the page showed it, is asked for, and why.

    There is something to choose only if some of it is left over and a current milestone claims the rest.
    """

    decision = forms.CharField(initial=ASK, widget=forms.HiddenInput)
    key = key_field()
    held = shown_amount()
    choice = forms.ChoiceField(
        label=_("What do you ask for?"),
        choices=CHOICES,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Choose what you ask for."), "invalid_choice": _("Choose one of the two.")},
    )
    amount = AmountField(
        label=_("Amount"), minimum=CENT, maximum=CENT, error_messages={"required": _("Enter what you ask for.")}
    )
    reason = reason_field(_("Reason"), required=True)

    def __init__(self, data: Mapping | None = None, *, standing: MoneyBack) -> None:
        self.standing = standing
        super().__init__(data, initial={"held": standing.held})
        self.fields["amount"].maximum = standing.left_over  # type: ignore[attr-defined]
        self.fields["reason"].help_text = _("The other side reads it.")
        if not standing.left_over:
            del self.fields["amount"]
        if not (standing.left_over and standing.claimed):
            del self.fields["choice"]

    def clean(self) -> dict:
        if has_damage(self):
            raise forms.ValidationError(DAMAGED)
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("choice") == ALL:
            self.errors.pop("amount", None)
        return cleaned

    @property
    def is_stale(self) -> bool:
        """Whether its page showed other money than is held."""
        return self.shown not in {None, self.standing.held}

    @property
    def shown(self) -> Decimal | None:
        """What its page said is held; None when that arrived damaged."""
        try:
            return parse_amount(self.data.get("held", ""))
        except forms.ValidationError:
            return None

    @property
    def asked(self) -> Decimal:
        """What is asked for, once the form is valid."""
        is_part = "amount" in self.fields and self.cleaned_data.get("choice", PART) == PART
        return self.cleaned_data["amount"] if is_part else self.standing.held

    def repeats(self, known: RefundRequest) -> bool:
        """Whether it asks for just what it asked for before, whatever is held or left over by now."""
        is_part = "amount" in self.data and self.data.get("choice", PART) == PART
        try:
            amount = parse_amount(self.data["amount"]) if is_part else self.shown
            return (amount, self.fields["reason"].clean(self.data.get("reason", ""))) == (known.amount, known.reason)
        except forms.ValidationError:
            return False

    def anew(self, standing: MoneyBack) -> Self:
        """The same words, about what is held now."""
        data = {**dict(self.data.items()), "held": standing.held, "key": uuid.uuid4(), "decision": ASK}
        return type(self)(data, standing=standing)


class DecisionForm(forms.Form):
    """What becomes of a request: the client withdraws it; the talent agrees to what its page showed, or declines."""

    decision = forms.ChoiceField(
        choices=[(each, each) for each in (WITHDRAW, AGREE, DECLINE)], widget=forms.HiddenInput
    )
    request = forms.UUIDField(widget=forms.HiddenInput)
    amount = shown_amount()
    answer = reason_field(_("Why not"))

    def clean(self) -> dict:
        if self.cleaned_data.get("decision") in {WITHDRAW, DECLINE}:
            self.errors.pop("amount", None)
        if has_damage(self):
            raise forms.ValidationError(DAMAGED)
        return super().clean() or self.cleaned_data
