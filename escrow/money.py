"""Amounts of money: how a column keeps them and how a person types them. Knows no account.

An amount is a `Decimal` with two places in the one currency of the site; a float never is.
"""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

CENT = Decimal("0.01")
TYPED = re.compile(r"\$?\s?(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?:\.(?P<cents>[0-9]{1,2}))?")


class MoneyField(models.DecimalField):
    """A column of dollars and cents, up to ten digits before the point."""

    def __init__(self, *args, **kwargs) -> None:
        kwargs |= {"max_digits": 12, "decimal_places": 2}
        super().__init__(*args, **kwargs)


def parse_amount(text: str) -> Decimal:
    """The amount that a person typed, exact to the cent; ValidationError says what is wrong with it.

    Plain ASCII digits, thousands commas in their places, at most two decimals: `5`, `5.0`, ` 5 `, `1,200.50`.
    Everything a number could otherwise be (`1e3`, `5_0`, other scripts' digits, `5,00`) is refused.
    """
    match = TYPED.fullmatch(text.strip(" \t"))
    if not match:
        raise ValidationError(_("Enter an amount in dollars and cents, such as 250 or 1,250.50."), code="invalid")
    return Decimal(match["whole"].replace(",", "")) + Decimal((match["cents"] or "0").ljust(2, "0")) * CENT


class AmountField(forms.CharField):
    """A form's field for an amount between `minimum` and `maximum`, both included."""

    def __init__(self, *, minimum: Decimal, maximum: Decimal, **kwargs) -> None:
        self.minimum, self.maximum = minimum, maximum
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=40, strip=False, **kwargs)

    def clean(self, value: str | None) -> Decimal | None:
        text = super().clean(value)
        return self._within(parse_amount(text)) if text else None

    def _within(self, amount: Decimal) -> Decimal:
        if amount < self.minimum:
            raise ValidationError(_("The least amount is $%(least)s."), params={"least": f"{self.minimum:,.2f}"})
        if amount > self.maximum:
            raise ValidationError(_("The largest amount is $%(most)s."), params={"most": f"{self.maximum:,.2f}"})
        return amount
