"""The forms in which work is handed in, and in which the client asks for changes to it (B30, B31)."""

import uuid
from typing import Self

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.forms.files import FilesField
from contracts.forms.paying import DAMAGED, has_damage, key_field
from contracts.models import LINK_LENGTH, LINKS, MESSAGE_LENGTH
from marketplace.fields import PlainTextField

TOO_LONG = gettext_lazy("It can have %(limit_value)d characters at most (this has %(show_value)d).")
is_address = URLValidator(schemes=["http", "https"])


class LinksField(PlainTextField):
    """Addresses, one per line; its value is a list of them, each once."""

    def __init__(self, **kwargs) -> None:
        super().__init__(lines=True, widget=forms.Textarea(attrs={"rows": 2}), **kwargs)

    def clean(self, value: object) -> list[str]:
        lines = (line.strip() for line in super().clean(value).splitlines())
        links = list(dict.fromkeys(filter(None, lines)))
        if len(links) > LINKS:
            raise forms.ValidationError(_("Give at most %(most)d links."), params={"most": LINKS})
        for link in links:
            self._check(link)
        return links

    def _check(self, link: str) -> None:
        shown = {"link": link[:80], "most": LINK_LENGTH}
        if len(link) > LINK_LENGTH:
            raise forms.ValidationError(_("A link has at most %(most)d characters: %(link)s…"), params=shown)
        try:
            is_address(link)
        except forms.ValidationError:
            raise forms.ValidationError(
                _("This is not the address of a page, beginning with https:// or http://: %(link)s"), params=shown
            ) from None


class SubmissionForm(forms.Form):
    """What the talent hands in. Its key is that of the submission, so that the same post twice submits once."""

    key = key_field()
    message = PlainTextField(
        label=gettext_lazy("Message"),
        lines=True,
        max_length=MESSAGE_LENGTH,
        error_messages={"required": gettext_lazy("Say what you hand in."), "max_length": TOO_LONG},
    )
    links = LinksField(
        label=gettext_lazy("Links"),
        required=False,
        help_text=gettext_lazy("One per line, beginning with https:// or http://."),
    )
    files = FilesField()  # type: ignore[assignment]

    def clean(self) -> dict:
        if has_damage(self):
            raise forms.ValidationError(DAMAGED)
        return super().clean() or self.cleaned_data

    def anew(self) -> Self:
        """The same words once more, for another submission than the one that was made with this form."""
        return type(self)({**dict(self.data.items()), "key": uuid.uuid4()}, self.files)

    @property
    def had_files(self) -> bool:
        """Whether files came with it, which a browser does not keep for a second try."""
        return bool(self.files)


class ChangesForm(forms.Form):
    """What is to be changed about the submission whose number the page showed."""

    submission = forms.IntegerField(min_value=1, max_value=10_000, widget=forms.HiddenInput)
    reason = PlainTextField(
        label=gettext_lazy("What is to be changed?"),
        lines=True,
        max_length=MESSAGE_LENGTH,
        error_messages={"required": gettext_lazy("Say what is to be changed."), "max_length": TOO_LONG},
    )

    def clean(self) -> dict:
        if has_damage(self):
            raise forms.ValidationError(DAMAGED)
        return super().clean() or self.cleaned_data
