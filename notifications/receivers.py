"""Listens to contracts' one signal. What is made of an event stands in telling."""

from contracts.models import Event
from notifications.telling import tell


def on_event(sender: type[Event], event: Event, **kwargs: object) -> None:
    """The event was committed: pass it on. If that fails, the sweep does it."""
    tell(event.pk)
