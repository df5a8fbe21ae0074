"""What the worker does to tell: sends, and picks up what a crash forgot. Knows no content."""

import logging
from datetime import timedelta

from procrastinate.contrib.django import app

from contracts.models import Event
from marketplace import clock
from notifications.sending import send_due
from notifications.telling import tell

logger = logging.getLogger(__name__)
FORGOTTEN = timedelta(seconds=10)
BATCH = 500
SENDING = 40  # seconds of each minute: one sweep is over before the next, however long a server keeps each email
LAST = -1  # behind all other work: no clock waits for a server that hangs (B31)


@app.task(name="send_post", priority=LAST)
def send_post(post: int) -> None:
    """Send the emails of a post that was just told."""
    send_due(post)


@app.periodic(cron="* * * * *")
@app.task(name="tell_rest", queueing_lock="tell_rest")
def tell_rest(timestamp: int) -> None:
    """Tell what was not told, and send what is due: messages that stayed unread, digests, and further tries."""
    tell_forgotten()
    send_due(seconds=SENDING)


def tell_forgotten() -> None:
    """Each event that nobody has told in time; one that fails is left to the next sweep."""
    rest = Event.objects.filter(told_at=None, at__lt=clock.now() - FORGOTTEN).order_by("pk")
    for key in rest.values_list("pk", flat=True)[:BATCH]:
        try:
            tell(key)
        except Exception:
            logger.exception("Event %s could not be told.", key)
