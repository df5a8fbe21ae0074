"""What happened on a contract, newest first, and what two revisions of its plan differ in (X1). Knows no request.

Two queries for a page: the events with the change requests that they are about, and all the revisions that their
diffs need; one more for what can be compared.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from django.db.models import Max, Min, Q, QuerySet

from contracts.models import ChangeRequest, Contract, Event, EventKind, PlanRevision
from contracts.plan import ChangeSet, Plan
from contracts.policy import role_of
from contracts.reading.sent import sent_revisions
from contracts.reading.sentences import Sentence, summary, what_happened

PAGE_SIZE = 20
MOST_NEWS = 100  # of an open page that was away for long


@dataclass(frozen=True)
class Entry:
    """One event. `changes` is what it did to the plan or what its change request asks for, or None.

    `number` is that of the revision it made, or None.
    """

    event: Event
    number: int | None
    changes: ChangeSet | None

    @property
    def sentence(self) -> Sentence:
        return what_happened(self.event, self.changes)

    @property
    def request(self) -> ChangeRequest | None:
        return self.event.request

    @property
    def summary(self) -> str:
        return summary(self.changes.counts) if self.changes else ""


class Ends(NamedTuple):
    """The numbers of the first and the last revision that the viewer may compare."""

    first: int
    last: int


@dataclass(frozen=True)
class ActivityPage:
    """Some events of `contract`, and the id of the last one if there are older ones."""

    contract: Contract
    entries: tuple[Entry, ...]
    after: int | None

    @cached_property
    def ends(self) -> Ends:
        return _ends(self.contract)


@dataclass(frozen=True)
class Comparison:
    """Two revisions of `contract` and what changed from the one to the other."""

    contract: Contract
    old: PlanRevision
    new: PlanRevision

    @cached_property
    def ends(self) -> Ends:
        return _ends(self.contract)

    @property
    def revisions(self) -> tuple[PlanRevision, PlanRevision]:
        return self.old, self.new

    @property
    def changes(self) -> ChangeSet:
        return ChangeSet(self.old.plan, self.new.plan)


def activity_page(contract: Contract, after: int | None = None) -> ActivityPage:
    """The newest events of `contract`, or those older than the event `after`."""
    events = _newest(contract)
    if after is not None:
        events = events.filter(pk__lt=after)
    found = list(events[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return ActivityPage(contract, _entries(contract, shown), shown[-1].pk if len(found) > PAGE_SIZE else None)


def entries_since(contract: Contract, event: int) -> tuple[Entry, ...]:
    """What happened after the event with this id, newest first; of very much, the newest."""
    return _entries(contract, list(_newest(contract).filter(pk__gt=event)[:MOST_NEWS]))


def known_entries(contract: Contract, most: int) -> tuple[tuple[Entry, ...], int]:
    """The latest `most` events that the viewer's side may know of, oldest first, and how many came before those."""
    events = list(_newest(contract)[:most])
    earlier = _told(contract).filter(pk__lt=events[-1].pk).count() if len(events) == most else 0
    return _entries(contract, events)[::-1], earlier


def all_entries(contract: Contract) -> tuple[Entry, ...]:
    """Every event, oldest first, with what it changed in the plan, sent or not: for staff."""
    events = contract.events.select_related("by", "revision", "milestone", "request__base", "request__by")
    revisions = contract.revisions.order_by("number")
    plans = [(0, Plan()), *((each.number, each.plan) for each in revisions)]
    changes = {number: ChangeSet(before, plan) for (_number, before), (number, plan) in pairwise(plans)}
    return tuple(_entry(event, changes) for event in events.order_by("id"))


def changes_of(revision: PlanRevision) -> ChangeSet:
    """What this revision changed in the one before it, sent or not: for staff."""
    before = revision.contract.revisions.filter(number=revision.number - 1).first()
    return ChangeSet(before.plan if before else Plan(), revision.plan)


def comparison(contract: Contract, old: int | None, new: int | None) -> Comparison | None:
    """Revision `old` against `new`, with one query; None where the viewer may not compare one of them."""
    found = _comparable(contract).filter(number__in={old, new} - {None}).select_related("by")
    revisions = {revision.number: revision for revision in found}
    if old not in revisions or new not in revisions:
        return None
    return Comparison(contract, revisions[old], revisions[new])


def _newest(contract: Contract) -> QuerySet[Event]:
    about = _told(contract).select_related("by", "revision", "milestone", "request__base")
    return about.defer("revision__lines").order_by("-id")


def _entries(contract: Contract, events: list[Event]) -> tuple[Entry, ...]:
    changes = _changes(contract, {event.revision.number for event in events if event.revision})
    return tuple(_entry(event, changes) for event in events)


def _told(contract: Contract) -> QuerySet[Event]:
    """The events that the viewer's side may know of.

    The client's card is its own affair; that the other side gave feedback is hidden until it can be read (B43).
    """
    is_client, events = role_of(contract).is_client_side, contract.events.all()
    if not is_client:
        events = events.exclude(kind=EventKind.FUNDING_FAILED)
    if contract.revealed_at:
        return events
    own = contract.feedback.filter(party=contract.client_id if is_client else contract.talent_id)
    return events.exclude(~Q(by__in=own.values("by")), kind=EventKind.FEEDBACK_GIVEN)


def _entry(event: Event, changes: dict[int, ChangeSet]) -> Entry:
    if event.revision is None:
        return Entry(event, None, event.request.changes if event.request else None)
    return Entry(event, event.revision.number, changes[event.revision.number])


def _changes(contract: Contract, numbers: set[int]) -> dict[int, ChangeSet]:
    """What these revisions, which follow each other, changed in the one sent before; before the first is no plan."""
    if not numbers:
        return {}
    latest = sent_revisions(contract).filter(number__lte=max(numbers)).order_by("-number")
    found = [(0, Plan()), *((each.number, each.plan) for each in reversed(latest[: len(numbers) + 1]))]
    return {number: ChangeSet(before, plan) for (_number, before), (number, plan) in pairwise(found)}


def _comparable(contract: Contract) -> QuerySet[PlanRevision]:
    """All revisions for the client, who wrote them; for the talent those that it was sent."""
    return contract.revisions.all() if role_of(contract).is_client_side else sent_revisions(contract)


def _ends(contract: Contract) -> Ends:
    return Ends(**_comparable(contract).aggregate(first=Min("number"), last=Max("number")))
