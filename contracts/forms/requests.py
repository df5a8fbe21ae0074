"""What is typed beside the plan of a change request: the note with it, and how it is answered. Knows no plan."""

import uuid
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.forms.milestone import MilestoneForm
from contracts.models import REQUEST_NOTE_LENGTH
from contracts.plan import FIELDS, Line
from contracts.reading.cursors import read_key
from marketplace.fields import PlainTextField

TOO_LONG = _("It can have %(limit_value)d characters at most (this has %(show_value)d).")


def note_field() -> PlainTextField:
    """What the other side reads above the changes."""
    return PlainTextField(
        label=_("Note"),
        lines=True,
        required=False,
        max_length=REQUEST_NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": TOO_LONG},
    )


class NoteForm(forms.Form):
    """The note with a request, and the key that makes the same form twice one request."""

    request_key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Part of this form did not arrive as it was sent. Open it again.")
        ),
    )
    note = note_field()

    @classmethod
    def blank(cls, note: str = "") -> "NoteForm":
        """Nothing sent yet, with a key of its own."""
        return cls(initial={"request_key": uuid.uuid4(), "note": note})

    def with_new_key(self) -> "NoteForm":
        """The same words for another request than the one that the key stands for."""
        return type(self)({**self.data.dict(), "request_key": uuid.uuid4()})


class ProposalForm(MilestoneForm):
    """One new milestone that the talent proposes, for the end of the plan of this `revision` (B12)."""

    revision = forms.IntegerField(min_value=1, max_value=10**9, widget=forms.HiddenInput)
    note = note_field()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = _("The client reads it with the milestone.")
        self.helper.layout.extend(["note", "revision"])

    @classmethod
    def blank(cls, *, today: date, revision: int) -> "ProposalForm":
        return cls(today=today, initial={"key": uuid.uuid4(), "revision": revision})

    def on_revision(self, revision: int) -> "ProposalForm":
        """The same words, for the end of a newer plan."""
        return type(self)({**self.data.dict(), "revision": revision}, today=self.today)

    @property
    def line(self) -> Line:
        """The milestone as a line of the plan, once the form is valid."""
        return Line(**{name: self.cleaned_data[name] for name in ("key", *FIELDS)})


class DeclineRequestForm(forms.Form):
    """Why not, if there is something to say."""

    reason = PlainTextField(
        label=_("Reason"),
        lines=True,
        required=False,
        max_length=REQUEST_NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other side reads it."),
        error_messages={"max_length": TOO_LONG},
    )


def ticked(texts: Iterable[str]) -> frozenset[UUID]:
    """The keys of the lines that were ticked; whatever is no key is nobody's line."""
    return frozenset(key for text in texts if (key := read_key(text)))
