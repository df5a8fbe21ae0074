"""What is written down of security events: which, and who by id. Never what somebody typed into a page."""

import logging

logger = logging.getLogger("cairn.security")


def security_event(event: str, **facts: str | int | None) -> None:
    """One line: the event's name, and facts that are ids, patterns or names of ours."""
    logger.info(event, extra={"facts": facts})
