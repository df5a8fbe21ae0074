"""The changes that events tell of: of the plan, or asked for. Knows no reader and no words."""

from collections.abc import Iterable, Mapping

from django.db.models import OuterRef, Subquery

from contracts.models import Event, EventKind, PlanRevision
from contracts.plan import ChangeSet, Plan


def changes_told(events: Iterable[Event]) -> Mapping[int, ChangeSet]:
    """By the event's id: what its revision changed in the one that both sides knew before, or what its request asks.

    One query for all revisions, and none for requests that were loaded with the base that they were made on.
    """
    events = tuple(events)
    made = _made(event.revision_id for event in events if event.revision_id)
    found = {event.pk: made[event.revision_id] for event in events if event.revision_id}
    return found | {event.pk: event.request.changes for event in events if event.request and not event.revision_id}


def left_out(event: Event, made: ChangeSet | None) -> ChangeSet | None:
    """What was asked for beyond what was `made` of it, where only a part was accepted (X4)."""
    if event.kind != EventKind.REQUEST_PARTLY_ACCEPTED or not (event.request and made):
        return None
    return ChangeSet(made.after, event.request.plan)


def _made(revisions: Iterable[int]) -> Mapping[int, ChangeSet]:
    wanted = set(revisions)
    if not wanted:
        return {}
    known = PlanRevision.objects.filter(
        contract=OuterRef("contract"), number__lt=OuterRef("number"), event__isnull=False
    )
    before = Subquery(known.order_by("-number").values("lines")[:1])
    rows = PlanRevision.objects.filter(pk__in=wanted).order_by().values_list("pk", "lines", before)
    return {key: ChangeSet(Plan.from_json(old or []), Plan.from_json(lines)) for key, lines, old in rows}
