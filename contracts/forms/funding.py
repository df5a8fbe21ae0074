"""The form that activates and funds the next milestone. It posts the figures that its page showed (B21)."""

import uuid
from collections.abc import Mapping
from typing import Self

from django import forms

from contracts.forms.paying import DAMAGED, MethodField, has_damage, key_field, shown_amount
from contracts.models import Contract
from contracts.reading.funding import NextFunding


class FundingForm(forms.Form):
    """What to pay with, when there is something to charge."""

    key = key_field()
    amount = shown_amount()
    charge = shown_amount()
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    method = MethodField()

    def __init__(self, data: Mapping | None = None, *, contract: Contract, funding: NextFunding) -> None:
        self.contract, self.funding = contract, funding
        super().__init__(data, initial=self._shown())
        if funding.charge:
            self.fields["method"].offer(contract.client)  # type: ignore[attr-defined]
        else:
            del self.fields["method"]

    @property
    def can_pay(self) -> bool:
        """Whether there is nothing to charge, or something to charge it to."""
        return "method" not in self.fields or bool(self.fields["method"].queryset)  # type: ignore[attr-defined]

    def anew(self, funding: NextFunding) -> Self:
        """The same choice once more, with the figures of now and a key of its own."""
        self.funding = funding
        data = {**self._shown(), "key": uuid.uuid4(), "method": self.data.get("method", "")}
        return type(self)(data, contract=self.contract, funding=funding)

    def mended(self) -> Self:
        """The form with what is wrong with it; what nobody typed, and arrived damaged, is made good."""
        if not has_damage(self):
            return self
        form = self.anew(self.funding)
        form.add_error(None, DAMAGED)
        return form

    def _shown(self) -> dict:
        funding = self.funding
        return {"amount": funding.milestone.amount, "charge": funding.charge, "version": funding.version}
