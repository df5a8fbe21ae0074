"""The form that releases money for a milestone: a quick pick, or another amount (B22)."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.forms.paying import LARGEST
from contracts.reading.review import OTHER, Review
from escrow.models import SMALLEST
from escrow.money import AmountField


class ReleaseForm(forms.Form):
    """What of the held money is released. A pick and another amount typed beside it contradict each other."""

    pick = forms.ChoiceField(
        label=gettext_lazy("How much do you release?"),
        error_messages={
            "required": gettext_lazy("Choose how much you release."),
            "invalid_choice": gettext_lazy("Choose one of these."),
        },
    )
    amount = AmountField(label=gettext_lazy("Amount"), required=False, minimum=SMALLEST, maximum=LARGEST)

    def __init__(self, *args, review: Review, **kwargs) -> None:
        self.review = review
        self.excess: Decimal | None = None
        super().__init__(*args, **kwargs)
        self.initial = {"pick": review.picks[0].name}
        names = [pick.name for pick in review.picks]
        self.fields["pick"].choices = [(name, name) for name in (*names, OTHER)]  # type: ignore[attr-defined]

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self._agree(cleaned)
        return cleaned

    def _agree(self, cleaned: dict) -> None:
        """Let pick and amount say one thing, of which there is enough."""
        picked = {pick.name: pick.sums.gross for pick in self.review.picks}.get(cleaned["pick"])
        typed, held = cleaned["amount"], self.review.milestone.amount
        if picked is None and typed is None:
            self.add_error("amount", _("Enter the amount to release."))
        elif picked is not None and typed not in {None, picked}:
            self.add_error("amount", _("You chose one amount and typed another. Choose “Another amount”, or clear it."))
        elif picked is None and typed > held:
            self.excess = typed - held
            self.add_error("amount", _("That is more than is held for this milestone."))
        else:
            cleaned["amount"] = picked or typed

    @property
    def picked(self) -> str:
        return self["pick"].value()
