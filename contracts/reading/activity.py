"""What happened on a contract, newest first, and what any two revisions of its plan differ in (X1). Knows no request.

Two queries for a page: the events, and all the revisions that their diffs need.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.models import Contract, Event, PlanRevision
from contracts.plan import ChangeSet, Plan
from contracts.reading.sentences import Sentence, summary, what_happened

PAGE_SIZE = 20


@dataclass(frozen=True)
class Entry:
    """One event. `changes` is what it did to the plan, or None; `number` that of the revision it made, or None."""

    event: Event
    number: int | None
    changes: ChangeSet | None

    @property
    def sentence(self) -> Sentence:
        return what_happened(self.event, self.changes)

    @property
    def summary(self) -> str:
        return summary(self.changes.counts) if self.changes else ""


@dataclass(frozen=True)
class ActivityPage:
    """Some events, and the id of the last one if there are older ones."""

    entries: tuple[Entry, ...]
    after: int | None


@dataclass(frozen=True)
class Comparison:
    """Two revisions of one contract and what changed from the one to the other."""

    old: PlanRevision
    new: PlanRevision

    @property
    def revisions(self) -> tuple[PlanRevision, PlanRevision]:
        return self.old, self.new

    @property
    def changes(self) -> ChangeSet:
        return ChangeSet(self.old.plan, self.new.plan)


def activity_page(contract: Contract, after: int | None = None) -> ActivityPage:
    """The newest events of `contract`, or those older than the event `after`."""
    events = contract.events.select_related("by", "revision", "milestone").defer("revision__lines").order_by("-id")
    if after is not None:
        events = events.filter(pk__lt=after)
    found = list(events[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    plans = _plans_for(contract, {event.revision.number for event in shown if event.revision})
    entries = tuple(_entry(event, plans) for event in shown)
    return ActivityPage(entries, shown[-1].pk if len(found) > PAGE_SIZE else None)


def changes_of(revision: PlanRevision) -> ChangeSet:
    """What this revision changed in the plan before it."""
    plans = _plans_for(revision.contract, {revision.number})
    return ChangeSet(plans[revision.number - 1], plans[revision.number])


def comparison(contract: Contract, old: int | None, new: int | None) -> Comparison | None:
    """Revision `old` against `new`, with one query; None when the contract lacks one of them."""
    revisions = {revision.number: revision for revision in _revisions(contract, {old, new} - {None})}
    if old not in revisions or new not in revisions:
        return None
    return Comparison(revisions[old], revisions[new])


def _entry(event: Event, plans: dict[int, Plan]) -> Entry:
    if event.revision is None:
        return Entry(event, None, None)
    number = event.revision.number
    return Entry(event, number, ChangeSet(plans[number - 1], plans[number]))


def _plans_for(contract: Contract, numbers: set[int]) -> dict[int, Plan]:
    """The plans of these revisions and of those before them; before the first one there is none."""
    wanted = numbers | {number - 1 for number in numbers}
    return {0: Plan()} | {revision.number: revision.plan for revision in _revisions(contract, wanted)}


def _revisions(contract: Contract, numbers: Iterable[int]) -> Iterable[PlanRevision]:
    return contract.revisions.filter(number__in=numbers).select_related("by")
