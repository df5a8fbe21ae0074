"""The form that adds a payment method. What is typed goes to the payment provider and is kept nowhere."""

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from contracts.forms.acting import PartyField, for_its_party
from contracts.forms.paying import DAMAGED, has_damage
from escrow.gateways import chosen
from marketplace.fields import PlainTextField
from marketplace.models import Party

ENTRY_LENGTH = 200


class MethodForm(forms.Form):
    """A card's or a bank account's test number, or what the provider's own page answered. Says for which party."""

    party = PartyField()
    entry = PlainTextField(
        max_length=ENTRY_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter a number."),
            "max_length": _("That is too long to be one. Enter one of the numbers below."),
        },
    )

    def __init__(self, *args, party: Party, acting: Party | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].open_for(party, acting)  # type: ignore[attr-defined]
        self.fields["entry"].label, self.fields["entry"].help_text = _words(party)

    def clean(self) -> dict:
        if has_damage(self):
            raise forms.ValidationError(DAMAGED)
        return for_its_party(self)


def _words(party: Party) -> tuple[str, str]:
    if chosen() != "sandbox":
        return _t("Token of the card"), _t("What the payment provider's own page answered. It begins with pm_.")
    if party.is_client:
        return _t("Card number"), _t("A test number. Cairn keeps its last four digits only.")
    return _t("Account number"), _t("A test number. Cairn keeps its last four digits only.")
