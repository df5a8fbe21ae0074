"""The form in which a message is written, and put right. Knows no operation."""

import uuid
from typing import Self

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms.files import FilesField
from contracts.forms.paying import DAMAGED, has_damage, key_field
from marketplace.fields import PlainTextField
from notifications.models import POST_LENGTH

TOO_LONG = _("A message has at most %(limit_value)d characters (this one has %(show_value)d).")


def text_field() -> PlainTextField:
    return PlainTextField(
        label=_("Message"),
        lines=True,
        required=False,
        max_length=POST_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": TOO_LONG},
    )


class MessageForm(forms.Form):
    """A message and its files. Its key is that of the post, so that the same form twice posts once."""

    key = key_field()
    text = text_field()
    files = FilesField()  # type: ignore[assignment]

    def clean(self) -> dict:
        if has_damage(self):
            raise forms.ValidationError(DAMAGED)
        return super().clean() or self.cleaned_data

    def anew(self) -> Self:
        """The same words once more, for another message than the one that was posted with this form."""
        return type(self)({**dict(self.data.items()), "key": uuid.uuid4()}, self.files)

    @property
    def had_files(self) -> bool:
        """Whether files came with it, which a browser does not keep for a second try."""
        return bool(self.files)


class EditForm(forms.Form):
    """The text of a message, put right."""

    text = text_field()
