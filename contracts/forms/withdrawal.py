"""The form behind Withdraw: how much, to which bank account. Knows no balance."""

import uuid
from decimal import Decimal
from typing import Self

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms.acting import PartyField, for_its_party
from contracts.forms.paying import DAMAGED, LARGEST, MethodField, has_damage, key_field
from escrow.models import MethodKind
from escrow.money import CENT, AmountField
from marketplace.models import Party


class WithdrawalForm(forms.Form):
    """An amount, at first all that is available, and one of the party's bank accounts."""

    party = PartyField()
    key = key_field()
    amount = AmountField(
        label=_("Amount"), minimum=CENT, maximum=LARGEST,
        error_messages={"required": _("Enter the amount to withdraw.")},
    )  # fmt: skip
    method = MethodField(label=_("Bank account"))

    def __init__(self, *args, party: Party, available: Decimal, acting: Party | None = None, **kwargs) -> None:
        self.party, self.available, self.acting = party, available, acting
        super().__init__(*args, **kwargs)
        self.fields["party"].open_for(party, acting)  # type: ignore[attr-defined]
        self.fields["amount"].initial = f"{available:.2f}"
        self.fields["amount"].help_text = _("In US dollars. This is all of it; enter less to leave the rest.")
        self.fields["method"].offer(party, MethodKind.BANK)

    def clean(self) -> dict:
        if has_damage(self):
            raise forms.ValidationError(DAMAGED)
        return for_its_party(self)

    def with_new_key(self) -> Self:
        """The same words once more, as nothing came of them under the old key."""
        data = {**self.data.dict(), "key": str(uuid.uuid4())}
        return type(self)(data, party=self.party, available=self.available, acting=self.acting)
