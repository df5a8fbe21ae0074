"""The forms of a dispute: opening it, offering a split, and what is decided about either (B44)."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Self

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms.ending import reason_field
from contracts.forms.paying import DAMAGED, LARGEST, has_damage, key_field, shown_amount
from escrow.money import AmountField, parse_amount

OPEN, OFFER, ACCEPT, TAKE_BACK, WITHDRAW = "open", "offer", "accept", "take_back", "withdraw"
DECISIONS = [(each, each) for each in (ACCEPT, TAKE_BACK, WITHDRAW)]


class DisputeForm(forms.Form):
    """Why the held money is disputed."""

    reason = reason_field(_("What happened, and what would be fair?"), required=True)


class SplitForm(forms.Form):
    """What the talent gets of what is `at_stake`, as the page showed it; the rest goes back to the client."""

    decision = forms.CharField(initial=OFFER, widget=forms.HiddenInput)
    key = key_field()
    at_stake = shown_amount()
    amount = AmountField(
        label=_("To the talent, before the service fee"),
        minimum=Decimal("0.00"),
        maximum=LARGEST,
        error_messages={"required": _("Enter what the talent would get; 0 is possible.")},
    )
    note = reason_field(_("What you say to it"))

    def __init__(self, data: Mapping | None = None, *, at_stake: Decimal) -> None:
        self.at_stake_now = at_stake
        super().__init__(data, initial={"at_stake": at_stake})
        self.fields["amount"].maximum = at_stake  # type: ignore[attr-defined]
        self.fields["note"].help_text = _("The other side reads it, and so do the staff.")

    def clean(self) -> dict:
        if has_damage(self):
            raise forms.ValidationError(DAMAGED)
        return super().clean() or self.cleaned_data

    @property
    def is_stale(self) -> bool:
        """Whether its page showed other money than is at stake now; damage is another matter."""
        try:
            return parse_amount(self.data.get("at_stake", "")) != self.at_stake_now
        except forms.ValidationError:
            return False

    def anew(self, at_stake: Decimal) -> Self:
        """The same words, about what is at stake now."""
        data = {**dict(self.data.items()), "at_stake": at_stake, "key": uuid.uuid4(), "decision": OFFER}
        return type(self)(data, at_stake=at_stake)


class DecisionForm(forms.Form):
    """Which offer is accepted, with the figures that the page showed, or taken back; or the dispute is withdrawn."""

    decision = forms.ChoiceField(choices=DECISIONS, widget=forms.HiddenInput)
    about = forms.UUIDField(widget=forms.HiddenInput)
    to_talent = shown_amount()
    to_client = shown_amount()

    def clean(self) -> dict:
        if self.cleaned_data.get("decision") != ACCEPT:
            self.errors.pop("to_talent", None)
            self.errors.pop("to_client", None)
        if has_damage(self):
            raise forms.ValidationError(DAMAGED)
        return super().clean() or self.cleaned_data
