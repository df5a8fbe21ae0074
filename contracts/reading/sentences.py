"""Sentences that the pages say about a contract: the words, and apart from them the values that they name.

Knows no markup. Whoever shows a sentence formats its values, and keeps what a person typed apart from our own words.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.models import EventKind
from contracts.plan import ChangeSet, Counts

type Word = str | Decimal | date | None


class Sentence(NamedTuple):
    """`text` names each of `values` in braces."""

    text: str
    values: Mapping[str, Word]


WHAT_HAPPENED = {
    EventKind.CONTRACT_OPENED: gettext_lazy("{by} opened the contract."),
    EventKind.PLAN_SAVED: gettext_lazy("{by} saved a changed plan."),
    EventKind.MILESTONE_ADDED: gettext_lazy("{by} added the milestone {title}."),
}


def what_happened(kind: EventKind, *, by: str, changes: ChangeSet | None) -> Sentence:
    """One event as a sentence; `title` is that of the first changed milestone."""
    title = changes.changed[0].line.title if changes else ""
    return Sentence(WHAT_HAPPENED[kind], {"by": by, "title": title})


def summary(counts: Counts) -> str:
    """A change in a few words: "1 added, 2 edited"."""
    parts = (
        (counts.added, _("%(count)d added")),
        (counts.removed, _("%(count)d removed")),
        (counts.edited, _("%(count)d edited")),
        (counts.moved, _("%(count)d moved")),
    )
    return ", ".join(text % {"count": count} for count, text in parts if count) or _("nothing changed")
