"""What is written down of security events: which, who by id, at which request. Never what somebody typed."""

import logging

from django.http import HttpRequest

logger = logging.getLogger("cairn.security")


def security_event(event: str, request: HttpRequest | None = None, **facts: str | int) -> None:
    """One line: the event's name, the user's id, and facts that are ids or names of ours."""
    user = getattr(request, "user", None)
    known = {"user": user.pk if user is not None and user.is_authenticated else None} if request else {}
    logger.info(event, extra={"facts": known | facts})
