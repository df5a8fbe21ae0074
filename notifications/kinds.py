"""Of each kind of event: whom it concerns, and whether they may put it off. One table. Knows no user and no channel."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import NamedTuple

from contracts.models import Event, EventKind
from notifications.models import Audience, Topic


class Who(Enum):
    """Who is told. Never whoever did it, and never a viewer, who may read it all the same (domain.md, roles)."""

    OTHER = auto()  # the side that did not do it; both, where the clock did
    OTHER_AND_ASSIGNED = auto()  # and the members of the agency who work on it, whoever did it
    BOTH = auto()  # both sides
    CLIENT = auto()  # the client's side, whoever did it: its bank may have, long after somebody pressed the button
    ANSWERING = auto()  # the side that has to answer the change request
    ASSIGNED = auto()  # the members of the agency who work on it
    NOBODY = auto()  # it stands in the Messages of the side that did it


class Telling(NamedTuple):
    """`topic` is what it can be put off or switched off under; None is told at once by every channel (B11)."""

    who: Who
    topic: Topic | None = None


_OTHER, _BOTH = Telling(Who.OTHER), Telling(Who.BOTH)
TELLING: Mapping[EventKind, Telling] = {
    EventKind.OFFER_SENT: _OTHER,
    EventKind.OFFER_CHANGED: _OTHER,
    EventKind.OFFER_ACCEPTED: Telling(Who.OTHER_AND_ASSIGNED),
    EventKind.OFFER_DECLINED: _OTHER,
    EventKind.OFFER_WITHDRAWN: _OTHER,
    EventKind.OFFER_EXPIRED: _BOTH,
    EventKind.PLAN_SAVED: _OTHER,
    EventKind.MILESTONE_ADDED: _OTHER,
    EventKind.MILESTONE_FUNDED: _OTHER,
    EventKind.FUNDING_FAILED: Telling(Who.CLIENT),
    EventKind.WORK_SUBMITTED: _OTHER,
    EventKind.CHANGES_REQUESTED: _OTHER,
    EventKind.REVIEW_REMINDER: Telling(Who.CLIENT, Topic.REMINDERS),
    EventKind.RELEASED: _OTHER,
    EventKind.BONUS_PAID: _OTHER,
    EventKind.REFUND_REQUESTED: _OTHER,
    EventKind.REFUND_APPROVED: _BOTH,
    EventKind.REFUND_COUNTERED: _OTHER,
    EventKind.REFUND_LAPSED: _BOTH,
    EventKind.COUNTER_ACCEPTED: _BOTH,
    EventKind.COUNTER_LAPSED: _BOTH,
    EventKind.MONEY_BACK_ASKED: _OTHER,
    EventKind.MONEY_BACK_AGREED: _OTHER,
    EventKind.MONEY_BACK_DECLINED: _OTHER,
    EventKind.MONEY_BACK_WITHDRAWN: _OTHER,
    EventKind.MONEY_BACK_OVER: _BOTH,
    EventKind.DISPUTE_OPENED: _OTHER,
    EventKind.DISPUTE_WITHDRAWN: _OTHER,
    EventKind.DISPUTE_DECIDED: _BOTH,
    EventKind.SPLIT_OFFERED: _OTHER,
    EventKind.SPLIT_WITHDRAWN: _OTHER,
    EventKind.SPLIT_ACCEPTED: _BOTH,
    EventKind.RELEASE_REVERSED: _BOTH,
    EventKind.CONTRACT_FROZEN: _BOTH,
    EventKind.CONTRACT_UNFROZEN: _BOTH,
    EventKind.CONTRACT_ENDED: _BOTH,
    EventKind.CHARGED_BACK: _BOTH,
    EventKind.REQUEST_SENT: _OTHER,
    EventKind.REQUEST_REVISED: _OTHER,
    EventKind.REQUEST_COUNTERED: _OTHER,
    EventKind.REQUEST_WITHDRAWN: _OTHER,
    EventKind.REQUEST_ACCEPTED: _OTHER,
    EventKind.REQUEST_PARTLY_ACCEPTED: _OTHER,
    EventKind.REQUEST_DECLINED: _OTHER,
    EventKind.REQUEST_SUPERSEDED: _BOTH,
    EventKind.REQUEST_REMINDER: Telling(Who.ANSWERING, Topic.REMINDERS),
    EventKind.PROPOSAL_SENT: _OTHER,
    EventKind.PROPOSAL_ACCEPTED: Telling(Who.OTHER_AND_ASSIGNED),
    EventKind.PROPOSAL_DECLINED: _OTHER,
    EventKind.PROPOSAL_WITHDRAWN: _OTHER,
    EventKind.FEEDBACK_GIVEN: Telling(Who.NOBODY),
    EventKind.FEEDBACK_REVEALED: Telling(Who.BOTH, Topic.FEEDBACK),
    EventKind.MEMBERS_ASSIGNED: Telling(Who.ASSIGNED),
}


def telling_of(event: Event) -> Telling:
    return TELLING[EventKind(event.kind)]


def audience_of(event: Event, did: Audience | None) -> Audience:
    """Whose Messages tell of `event`, which the side `did`: none, where the clock did it."""
    who = telling_of(event).who
    if who is Who.ANSWERING and event.request:
        return Audience.TALENT if event.request.from_client else Audience.CLIENT
    if who is Who.NOBODY:
        return did or Audience.BOTH
    return {Who.CLIENT: Audience.CLIENT, Who.ASSIGNED: Audience.TALENT}.get(who, Audience.BOTH)
