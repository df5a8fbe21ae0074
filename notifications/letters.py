"""What one email says, as values: the same for its HTML and its plain text. Knows no markup, no header, no sending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, Event, EventKind
from contracts.plan import ChangeSet
from contracts.reading.sentences import Moment, Sentence, what_happened
from notifications.changes import left_out
from notifications.kinds import telling_of
from notifications.links import ASKING, ENDED, OFFERED, Place, place_of
from notifications.models import Post, Topic
from notifications.subjects import HEADLINE, subject_of, written

REVIEWED = frozenset({EventKind.WORK_SUBMITTED, EventKind.REVIEW_REMINDER})
REFUND = frozenset({EventKind.REFUND_REQUESTED, EventKind.REFUND_COUNTERED})
WITH_DEADLINE = OFFERED | REVIEWED | REFUND | ENDED
SAID = ASKING | {EventKind.PLAN_SAVED, EventKind.MILESTONE_ADDED}
UNTIL: Mapping[str, str] = {
    "offer": _("It can be accepted or declined until {moment}."),
    "review": _("Release it or request changes by {moment}. After that, {amount} is released without a review."),
    "refund": _("It waits for an answer until {moment}."),
    "feedback": _("Both sides can give feedback until {moment}."),
    "request": _("{by} waits for an answer. Until then the plan stays as it is."),
    "frozen": _("Cairn froze the contract on {moment}. Until it goes on, every deadline of it stands still."),
}


@dataclass(frozen=True)
class Letter:
    """One email about one contract.

    `heading` says the thing itself and is the subject as well; `lead` what happened, where that says more; `note` what
    somebody typed with it; `left_out` what was asked for and not accepted; `more` what follows from it. A `topic` can
    be switched off.
    """

    contract: Contract
    heading: Sentence
    place: Place
    lead: Sentence | None = None
    note: str = ""
    changes: ChangeSet | None = None
    left_out: ChangeSet | None = None
    more: Sequence[Sentence] = ()
    topic: Topic | None = None
    template: str = "event"

    @property
    def topics(self) -> tuple[Topic, ...]:
        """What of it can be switched off."""
        return (self.topic,) if self.topic else ()

    @property
    def subject(self) -> str:
        return f"{written(self.heading)} · {written(Sentence('{title}', {'title': self.contract.title}))}"


@dataclass(frozen=True)
class Messages(Letter):
    """The messages of a contract that somebody has not read for a while, oldest first."""

    posts: Sequence[Post] = ()
    template: str = "messages"


@dataclass(frozen=True)
class Digest:
    """What was put off to the next morning, in the order in which it happened: each with where it leads."""

    items: Sequence[Letter]
    place: Place
    template: str = "digest"

    @property
    def topics(self) -> tuple[Topic, ...]:
        return tuple(dict.fromkeys(topic for item in self.items for topic in item.topics))

    @property
    def subject(self) -> str:
        first = written(self.items[0].heading)
        return first if len(self.items) == 1 else str(_("Your day on Cairn: {first}, and more")).format(first=first)


def compose(event: Event, contract: Contract, changes: ChangeSet | None) -> Letter:
    """What is told of `event`, with the changes that it tells of, to the user for whom `contract` was loaded.

    It asks the database for nothing but an open refund request.
    """
    heading, lead = subject_of(event, changes), what_happened(event, changes)
    return Letter(
        contract=contract,
        heading=heading,
        place=place_of(event, contract),
        lead=None if _says_it(event, heading, lead) else lead,
        note=_note(event),
        changes=changes,
        left_out=left_out(event, changes),
        more=tuple(_standstill(event, contract) or _more(event, contract)),
        topic=telling_of(event).topic,
    )


def about_messages(posts: Sequence[Post], contract: Contract, place: Place) -> Messages:
    """The email of unread messages, of which there is at least one."""
    names = list(dict.fromkeys(post.by.name for post in posts if post.by))
    text = _("{by} wrote to you") if len(posts) == 1 else _("{by} wrote you {count} messages")
    if len(names) > 1:
        text = _("{by} and others wrote {count} messages")
    heading = Sentence(str(text), {"by": names[0], "count": str(len(posts))})
    return Messages(contract=contract, heading=heading, place=place, topic=Topic.MESSAGES, posts=posts)


def _says_it(event: Event, heading: Sentence, lead: Sentence) -> bool:
    """Whether the heading leaves the sentence about what happened nothing to add."""
    return (HEADLINE in heading.values and event.kind in SAID) or lead.text.rstrip(".") == heading.text


def _note(event: Event) -> str:
    """What was typed; with a reminder, what the request said."""
    return event.request.note if event.kind == EventKind.REQUEST_REMINDER and event.request else event.note


def _standstill(event: Event, contract: Contract) -> list[Sentence]:
    """Instead of a deadline, while staff have frozen the contract."""
    return _until("frozen", contract.frozen_at) if event.kind in WITH_DEADLINE else []


def _more(event: Event, contract: Contract) -> list[Sentence]:
    """What follows, with its deadline on the reader's clock."""
    kind = EventKind(event.kind)
    if kind in OFFERED:
        return _until("offer", contract.answer_by)
    if kind in REVIEWED and event.milestone:
        return _until("review", event.milestone.review_by, amount=event.milestone.amount)
    if kind in REFUND:
        asked = contract.refund_requests.exclude(answer_by=None).first()
        return _until("refund", asked.answer_by if asked else None)
    if kind in ENDED:
        return _until("feedback", contract.feedback_by)
    if kind in ASKING and event.request:
        return [Sentence(str(UNTIL["request"]), {"by": event.request.by.name})]
    return []


def _until(what: str, moment: datetime | None, **values: Decimal) -> list[Sentence]:
    if moment is None:
        return []
    return [Sentence(str(UNTIL[what]), {"moment": Moment(moment), **values})]
