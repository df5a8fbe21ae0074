"""Text that people type: made safe and plain before anything else sees it. Knows no form of its own."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Letters and symbols by their category that yet draw nothing.
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
UNSEEN = frozenset({"Cc", "Cf", "Cs"})  # control, format, surrogate
JOINERS = frozenset("\u200c\u200d")
LINE_BREAK = re.compile("\r\n|[\r\u2028\u2029]")


def plain_text(text: str, *, lines: bool = False) -> str:
    """`text` in NFC without control and invisible characters; line breaks stay only where `lines` is true.

    The zero-width joiners stay: emoji and several scripts need them between visible characters.
    """
    if text.isascii() and text.isprintable():
        return text.strip()  # most text by far, and nothing that follows would change it
    text = LINE_BREAK.sub("\n", text)
    if not lines:
        text = text.replace("\n", " ").replace("\t", " ")
    kept = (c for c in text if c in JOINERS or c in "\n\t" or unicodedata.category(c) not in UNSEEN)
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def is_visible(text: str) -> bool:
    """Whether anything in `text` can be seen."""
    return any(c not in BLANK and unicodedata.category(c)[0] in "LNPS" for c in text)


class PlainTextField(forms.CharField):
    """A form's text field whose value is plain, visible when required, and no longer than `max_length`."""

    def __init__(self, *, lines: bool = False, **kwargs) -> None:
        self.lines = lines
        if lines:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(strip=False, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict:
        """No maxlength: a browser would cut off what is pasted without a word; the message says it instead."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def to_python(self, value: object) -> str:
        text = plain_text(str(value or ""), lines=self.lines)
        if text and not is_visible(text):
            raise ValidationError(_("There is nothing in it that can be seen. Type some text."), code="invisible")
        return text
