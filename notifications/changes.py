"""The change that an event tells of: of the plan, or asked for. Knows no reader, no words."""

from contracts.models import Event
from contracts.plan import ChangeSet, Plan


def changes_told(event: Event) -> ChangeSet | None:
    """What the event's revision changed in the one that both sides knew before, or what its request asks for.

    One query for a revision, none for a request that was loaded with its base.
    """
    if event.revision:
        known = event.contract.revisions.filter(number__lt=event.revision.number, event__isnull=False)
        before = known.order_by("-number").first()
        return ChangeSet(before.plan if before else Plan(), event.revision.plan)
    return event.request.changes if event.request else None
