"""Sentences that the pages say about a contract: the words, and apart from them the values that they name.

Knows no markup. Whoever shows a sentence formats its values, and keeps what a person typed apart from our own words.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.models import Event, EventKind
from contracts.plan import ChangeSet, Counts


class Moment(NamedTuple):
    """A deadline: money may move then, so it is written with its time and zone; a bare datetime is written as a day."""

    at: datetime


type Word = str | Decimal | date | Moment | None


class Sentence(NamedTuple):
    """`text` names each of `values` in braces."""

    text: str
    values: Mapping[str, Word]


WHAT_HAPPENED = {
    EventKind.OFFER_SENT: gettext_lazy("{by} sent the offer and paid the deposit, {charged} with the initiation fee."),
    EventKind.OFFER_CHANGED: gettext_lazy("{by} changed the offer."),
    EventKind.OFFER_ACCEPTED: gettext_lazy("{by} accepted the offer. The first milestone is active."),
    EventKind.OFFER_DECLINED: gettext_lazy("{by} declined the offer. {returned} goes back to the client."),
    EventKind.OFFER_WITHDRAWN: gettext_lazy("{by} withdrew the offer. {returned} goes back to the client."),
    EventKind.OFFER_EXPIRED: gettext_lazy("The offer expired without an answer. {returned} goes back to the client."),
    EventKind.PLAN_SAVED: gettext_lazy("{by} saved a changed plan."),
    EventKind.MILESTONE_ADDED: gettext_lazy("{by} added the milestone {title}."),
    EventKind.MILESTONE_FUNDED: gettext_lazy("{by} funded {title} with a charge of {charged}. It is active."),
    EventKind.FUNDING_FAILED: gettext_lazy(
        "The charge of {charged} for {title} failed or was given back, so it was not funded."
    ),
    EventKind.WORK_SUBMITTED: gettext_lazy("{by} submitted work for {title}."),
    EventKind.CHANGES_REQUESTED: gettext_lazy("{by} requested changes to {title}."),
    EventKind.REVIEW_REMINDER: gettext_lazy("A reminder went out: {title} waits for a review."),
    EventKind.RELEASED: gettext_lazy("{by} released {paid} for {title}."),
    EventKind.BONUS_PAID: gettext_lazy("{by} paid a bonus of {paid}."),
    EventKind.REFUND_REQUESTED: gettext_lazy("{by} ended the contract and asked for {returned} back."),
    EventKind.REFUND_APPROVED: gettext_lazy("{by} agreed to return {returned}. The contract ended."),
    EventKind.REFUND_COUNTERED: gettext_lazy("{by} offered to return {returned} instead."),
    EventKind.REFUND_LAPSED: gettext_lazy("Nobody answered in time, so {returned} goes back. The contract ended."),
    EventKind.COUNTER_ACCEPTED: gettext_lazy("{by} accepted {returned} back and paid {paid}. The contract ended."),
    EventKind.COUNTER_LAPSED: gettext_lazy(
        "Nobody answered in time, so {returned} goes back and {paid} was paid. The contract ended."
    ),
    EventKind.MONEY_BACK_ASKED: gettext_lazy("{by} asked for {returned} back. The contract goes on."),
    EventKind.MONEY_BACK_AGREED: gettext_lazy("{by} agreed to give {returned} back. The contract goes on."),
    EventKind.MONEY_BACK_DECLINED: gettext_lazy("{by} declined to give {returned} back."),
    EventKind.MONEY_BACK_WITHDRAWN: gettext_lazy("{by} no longer asks for {returned} back."),
    EventKind.MONEY_BACK_OVER: gettext_lazy("The request for {returned} back is over without an answer."),
    EventKind.DISPUTE_OPENED: gettext_lazy("{by} opened a dispute. The money is frozen until it is decided."),
    EventKind.DISPUTE_WITHDRAWN: gettext_lazy("{by} withdrew the dispute. The contract goes on from where it was."),
    EventKind.DISPUTE_DECIDED: gettext_lazy(
        "Cairn decided the dispute: {paid} to the talent, {returned} back to the client. The contract ended."
    ),
    EventKind.SPLIT_OFFERED: gettext_lazy(
        "{by} offered to split the money in dispute: {paid} to the talent, {returned} back to the client."
    ),
    EventKind.SPLIT_WITHDRAWN: gettext_lazy("{by} withdrew the offer of {paid} to the talent and {returned} back."),
    EventKind.SPLIT_ACCEPTED: gettext_lazy(
        "{by} accepted the split: {paid} to the talent, {returned} back to the client. The contract ended."
    ),
    EventKind.RELEASE_REVERSED: gettext_lazy(
        "Cairn reversed the release of {returned} for {title}. It is held again, or on its way back to the client."
    ),
    EventKind.CONTRACT_FROZEN: gettext_lazy("Cairn froze the contract. Until it is let go, no money of it moves."),
    EventKind.CONTRACT_UNFROZEN: gettext_lazy(
        "Cairn let the contract go on. Every deadline is as far away as it was when it was frozen."
    ),
    EventKind.CONTRACT_ENDED: gettext_lazy("{by} ended the contract."),
    EventKind.CHARGED_BACK: gettext_lazy("The client's bank took {returned} back."),
    EventKind.REQUEST_SENT: gettext_lazy("{by} asks to change the plan."),
    EventKind.REQUEST_REVISED: gettext_lazy("{by} revised the change request."),
    EventKind.REQUEST_COUNTERED: gettext_lazy("{by} sent the change request back with other changes."),
    EventKind.REQUEST_WITHDRAWN: gettext_lazy("{by} withdrew the change request. The plan stays as it is."),
    EventKind.REQUEST_ACCEPTED: gettext_lazy("{by} accepted the change request. The plan is changed."),
    EventKind.REQUEST_PARTLY_ACCEPTED: gettext_lazy("{by} accepted a part of the change request, and not the rest."),
    EventKind.REQUEST_DECLINED: gettext_lazy("{by} declined the change request. The plan stays as it is."),
    EventKind.REQUEST_SUPERSEDED: gettext_lazy("The contract ended before the change request was answered."),
    EventKind.REQUEST_REMINDER: gettext_lazy("A reminder went out: a change request waits for an answer."),
    EventKind.PROPOSAL_SENT: gettext_lazy("{by} proposed this contract."),
    EventKind.PROPOSAL_ACCEPTED: gettext_lazy(
        "{by} accepted the proposed contract and paid {charged}. The first milestone is active."
    ),
    EventKind.PROPOSAL_DECLINED: gettext_lazy("{by} declined the proposed contract."),
    EventKind.PROPOSAL_WITHDRAWN: gettext_lazy("{by} withdrew the proposed contract."),
    EventKind.FEEDBACK_GIVEN: gettext_lazy("{by} gave feedback."),
    EventKind.FEEDBACK_REVEALED: gettext_lazy("Both sides gave feedback, and can read it now."),
    EventKind.MEMBERS_ASSIGNED: gettext_lazy("{by} chose who of the agency works on the contract."),
}


def _was_proposed(event: Event) -> bool:
    """Whether an offer was made of what its talent had proposed: its first version is not the client's (B41)."""
    if event.revision is None or event.revision.number == 1:
        return False
    return event.contract.events.filter(kind=EventKind.PROPOSAL_SENT).exists()


# What differs in what happened: who did it, or which money moved.
OTHERWISE: tuple[tuple[EventKind, Callable[[Event], object], str], ...] = (
    (
        EventKind.OFFER_SENT,
        _was_proposed,
        gettext_lazy(
            "{by} made an offer of the proposed contract and paid the deposit, {charged} with the initiation fee."
        ),
    ),
    (
        EventKind.OFFER_CHANGED,
        lambda event: not event.revision_id,
        gettext_lazy("{by} paid the deposit of the offer again."),
    ),
    (EventKind.OFFER_DECLINED, lambda event: not event.returned, gettext_lazy("{by} declined the offer.")),
    (EventKind.OFFER_WITHDRAWN, lambda event: not event.returned, gettext_lazy("{by} withdrew the offer.")),
    (
        EventKind.OFFER_EXPIRED,
        lambda event: not event.returned,
        gettext_lazy("The offer expired without an answer."),
    ),
    (
        EventKind.MILESTONE_FUNDED,
        lambda event: not event.charged,
        gettext_lazy("{by} activated {title}; the money for it was held already."),
    ),
    (
        EventKind.RELEASED,
        lambda event: not event.by_id,
        gettext_lazy("Nobody reviewed {title} in time, so {paid} was released."),
    ),
    (
        EventKind.REFUND_REQUESTED,
        lambda event: event.paid,
        gettext_lazy("{by} paid {paid}, ended the contract and asked for {returned} back."),
    ),
    (
        EventKind.MONEY_BACK_AGREED,
        lambda event: event.milestone_id,
        gettext_lazy("{by} agreed to give {returned} back. {title} is refunded, and the contract goes on."),
    ),
    (
        EventKind.DISPUTE_WITHDRAWN,
        lambda event: not event.milestone_id,
        gettext_lazy("{by} withdrew the dispute. The refund request waits for an answer again."),
    ),
    (
        EventKind.DISPUTE_DECIDED,
        lambda event: event.milestone_id,
        gettext_lazy(
            "Cairn decided the dispute about {title}: {paid} to the talent, {returned} back to the client. "
            "The contract goes on."
        ),
    ),
    (
        EventKind.SPLIT_ACCEPTED,
        lambda event: event.milestone_id,
        gettext_lazy(
            "{by} accepted the split for {title}: {paid} to the talent, {returned} back to the client. "
            "The contract goes on."
        ),
    ),
    (
        EventKind.CONTRACT_ENDED,
        lambda event: event.paid and event.returned,
        gettext_lazy("{by} paid {paid} and ended the contract. {returned} goes back to the client."),
    ),
    (EventKind.CONTRACT_ENDED, lambda event: event.paid, gettext_lazy("{by} paid {paid} and ended the contract.")),
    (
        EventKind.CONTRACT_ENDED,
        lambda event: event.returned,
        gettext_lazy("{by} ended the contract. {returned} goes back to the client."),
    ),
    (
        EventKind.RELEASE_REVERSED,
        lambda event: not event.milestone_id,
        gettext_lazy("Cairn reversed what the talent was paid, {returned}. It is on its way back to the client."),
    ),
    (
        EventKind.FEEDBACK_REVEALED,
        lambda event: not event.by_id,
        gettext_lazy("The time for feedback is over. Whatever was given can be read now."),
    ),
)
ZERO = Decimal("0.00")


def what_happened(event: Event, changes: ChangeSet | None = None) -> Sentence:
    """One event as a sentence; `title` is that of the first changed milestone, or of the event's own."""
    title = changes.changed[0].line.title if changes else _title(event)
    values = {
        "by": event.by.name if event.by else _("Cairn"), "title": title,
        "charged": event.charged or ZERO, "paid": event.paid or ZERO, "returned": event.returned or ZERO,
    }  # fmt: skip
    return Sentence(_words_for(event), values)


def _words_for(event: Event) -> str:
    fitting = (words for kind, holds, words in OTHERWISE if kind == event.kind and holds(event))
    return next(fitting, WHAT_HAPPENED[EventKind(event.kind)])


def _title(event: Event) -> str:
    if event.milestone:
        return event.milestone.title
    return _("a milestone that was deleted") if event.milestone_id else ""


def summary(counts: Counts) -> str:
    """A change in a few words: "1 added, 2 edited"."""
    parts = (
        (counts.added, _("%(count)d added")),
        (counts.removed, _("%(count)d removed")),
        (counts.edited, _("%(count)d edited")),
        (counts.moved, _("%(count)d moved")),
    )
    return ", ".join(text % {"count": count} for count, text in parts if count) or _("nothing changed")
