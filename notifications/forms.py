"""The form of how somebody wants to be told: one row for each topic that can be put off."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.models import How, Topic
from notifications.wishes import Wish

DESCRIPTIONS = {
    Topic.MESSAGES: _("What people write to you. An email waits until you have not read it for ten minutes."),
    Topic.REMINDERS: _("That a review or a change request still waits for you."),
    Topic.FEEDBACK: _("That the feedback on a contract can be read."),
}


class WishesForm(forms.Form):
    """By topic: email at once, once a day or not at all, and the bell or not."""

    def __init__(self, data: Mapping | None = None, *, wishes: Mapping[Topic, Wish]) -> None:
        super().__init__(data)
        for topic, wish in wishes.items():
            self.fields[f"{topic}-email"] = forms.ChoiceField(
                label=_("By email"),
                choices=How.choices,
                initial=wish.email,
                widget=forms.Select({"class": "form-select"}),
            )
            self.fields[f"{topic}-bell"] = forms.BooleanField(
                label=_("In the app"),
                required=False,
                initial=wish.bell,
                widget=forms.CheckboxInput({"class": "form-check-input"}),
            )

    @property
    def rows(self) -> list[dict]:
        """What the page shows of each topic."""
        return [
            {
                "topic": topic,
                "description": DESCRIPTIONS[topic],
                "email": self[f"{topic}-email"],
                "bell": self[f"{topic}-bell"],
            }
            for topic in Topic
        ]

    @property
    def wishes(self) -> dict[Topic, Wish]:
        """What was chosen, once the form is valid."""
        typed = self.cleaned_data
        return {topic: Wish(How(typed[f"{topic}-email"]), typed[f"{topic}-bell"]) for topic in Topic}
