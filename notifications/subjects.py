"""The one sentence that an event's email and its bell begin with: the thing itself (B11). Knows no reader, no link."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from contracts.models import Event, EventKind
from contracts.plan import ChangeSet
from contracts.reading.headlines import headline
from contracts.reading.plain import isolated, on_one_line
from contracts.reading.sentences import Sentence, what_happened
from contracts.reading.words import in_words

# What is said of a change: how, and whether it was made or is asked for.
MADE, ASKED = False, True
HEADLINE = "headline"
OF_CHANGES: Mapping[EventKind, tuple[str, bool]] = {
    EventKind.PLAN_SAVED: (lazy("{by} {headline}"), MADE),
    EventKind.MILESTONE_ADDED: (lazy("{by} {headline}"), MADE),
    EventKind.REQUEST_SENT: (lazy("{by} asks to {headline}"), ASKED),
    EventKind.REQUEST_REVISED: (lazy("{by} now asks to {headline}"), ASKED),
    EventKind.REQUEST_COUNTERED: (lazy("{by} asks instead to {headline}"), ASKED),
    EventKind.REQUEST_WITHDRAWN: (lazy("{by} no longer asks to {headline}"), ASKED),
    EventKind.REQUEST_ACCEPTED: (lazy("{by} agreed to {headline}"), ASKED),
    EventKind.REQUEST_PARTLY_ACCEPTED: (lazy("{by} accepted a part, and {headline}"), MADE),
    EventKind.REQUEST_DECLINED: (lazy("{by} declined to {headline}"), ASKED),
    EventKind.REQUEST_REMINDER: (lazy("Your answer is awaited: {by} asks to {headline}"), ASKED),
}
OTHERWISE: Mapping[EventKind, str] = {
    EventKind.OFFER_SENT: lazy("{by} offers you a contract"),
    EventKind.OFFER_CHANGED: lazy("{by} changed the offer"),
    EventKind.OFFER_ACCEPTED: lazy("{by} accepted the offer"),
    EventKind.PROPOSAL_SENT: lazy("{by} proposes a contract"),
    EventKind.REVIEW_REMINDER: lazy("{title} waits for your review"),
    EventKind.REQUEST_SUPERSEDED: lazy("The change request is over, as the contract ended"),
}


def subject_of(event: Event, changes: ChangeSet | None) -> Sentence:
    """One sentence without a full stop: who, and what."""
    kind, happened = EventKind(event.kind), what_happened(event)
    if changes and kind in OF_CHANGES:
        text, asked = OF_CHANGES[kind]
        return Sentence(text, {**happened.values, "by": _who(event), HEADLINE: headline(changes, asked=asked)})
    first = str(happened.text).partition(". ")[0].rstrip(".")
    return Sentence(OTHERWISE.get(kind, first), happened.values)


def written(sentence: Sentence) -> str:
    """A sentence in plain text, on one line, what a person typed isolated; in a headline it is so already."""
    values = {
        name: isolated(on_one_line(value)) if isinstance(value, str) and name != HEADLINE else in_words(value)
        for name, value in sentence.values.items()
    }
    return str(sentence.text).format(**values)


def _who(event: Event) -> str:
    """Whoever did it; a reminder is of what somebody asked."""
    person = event.request.by if event.kind == EventKind.REQUEST_REMINDER and event.request else event.by
    return person.name if person else _("Cairn")
