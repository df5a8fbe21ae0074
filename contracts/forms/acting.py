"""Which party a form was opened for: what was typed for one is never done in the name of another. Knows no act.

The party acted for is the session's, and the session may have gone on to another one in another tab.
"""

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.models import Party

OTHER_PARTY = _("You act for another party now than when this page was opened. Look whom you act for, and try again.")


class PartyField(forms.UUIDField):
    """The id of the party that the page was opened for."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput)

    def open_for(self, party: Party, acting: Party | None) -> None:
        """The page is that of `party`; `acting` is the one acted for now, None where the session does not say it."""
        self.initial, self.acting = party.pk, acting or party


def for_its_party(form: forms.Form) -> dict:
    """What was posted, but for its field `party`, which was read. Raises ValidationError when another is acted for."""
    if form.cleaned_data.pop("party") != form.fields["party"].acting.pk:  # type: ignore[attr-defined]
        raise forms.ValidationError(OTHER_PARTY)
    return form.cleaned_data
