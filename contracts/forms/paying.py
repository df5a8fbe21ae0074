"""What every form that moves money has: its key, the figures that its page showed, what to pay with."""

import uuid
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from escrow.gateways import chosen
from escrow.models import MethodKind, PaymentMethod
from escrow.money import AmountField
from marketplace.models import Party

LARGEST = Decimal("9999999999.99")
DAMAGED = _("Part of this form did not arrive as it was sent. Open it again.")


class MethodField(forms.ModelChoiceField):
    """One of the cards that a party can pay with, or of its bank accounts; its default is chosen at first."""

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("label", _("Payment method"))
        kwargs.setdefault("empty_label", None)
        super().__init__(PaymentMethod.objects.none(), **kwargs)
        self.error_messages |= {
            "required": _("Choose what to pay with."),
            "invalid_choice": _("This payment method cannot be used here. Choose another one."),
        }

    def offer(self, party: Party, kind: MethodKind = MethodKind.CARD) -> None:
        """Offer those of `party`, its default first."""
        self.queryset = PaymentMethod.objects.usable().filter(party=party, kind=kind, gateway=chosen())


def key_field() -> forms.UUIDField:
    """The id of what the form makes, new for each page: the same post twice does it once."""
    return forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


def shown_amount() -> AmountField:
    """An amount as the page showed it."""
    return AmountField(minimum=Decimal("0.00"), maximum=LARGEST, widget=forms.HiddenInput)


def has_damage(form: forms.Form) -> bool:
    """Whether something is wrong with what nobody typed."""
    return any(field.name in form.errors for field in form.hidden_fields())
