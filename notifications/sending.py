"""Sending what is due, one email after the other. Knows what a failure means, and not what an email says.

The operation that it tells of was committed long ago: nothing that goes wrong here can undo it.
"""

import logging
import math
import smtplib
import time
from contextlib import suppress
from uuid import UUID

from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend

from notifications import queue
from notifications.mail import compose_mail
from notifications.needed import Portion
from notifications.queue import Mail

logger = logging.getLogger(__name__)
PERMANENT = range(500, 600)
FRESH = 2  # seconds for which what was read of a portion counts: a server that hangs does not send what is old


def send_due(post: int | None = None, seconds: float = math.inf) -> int:
    """Send every email that is due, or those of one post; answers how many were taken.

    After so many `seconds` no other one is begun: a server that hangs holds up whoever calls.
    """
    taken, end = 0, time.monotonic() + seconds
    while time.monotonic() < end and (mails := queue.claim(post)):
        taken += _send_all(mails, min(end, time.monotonic() + FRESH))
    return taken


def _send_all(mails: list[Mail], end: float) -> int:
    """Over one connection; those that are not begun by the `end` are given back. Answers how many were taken."""
    portion, server, taken = Portion(mails), mailers.default, 0
    try:
        for place, mail in enumerate(mails):
            if place and time.monotonic() > end:
                queue.give_back(mails[place:])
                break
            taken += _send(mail, portion, server)
    finally:
        _hang_up(server)
    return taken


def _send(deliveries: Mail, portion: Portion, server: BaseEmailBackend) -> bool:
    """One email: whether it was taken. What its reader does not need any more is dropped before."""
    try:
        letter, needed = portion.letter(deliveries)
        queue.drop([each for each in deliveries if each not in needed])
        if letter is None:
            return False
        message = compose_mail(letter, to=needed[0].recipient, mail=_key(needed))
        server.open()
        server.send_messages([message])
    except Exception as failure:
        logger.warning("Mail %s was not sent: %r", deliveries[0].mail, failure)
        _hang_up(server)
        queue.failed(deliveries, f"{type(failure).__name__}: {failure}", for_good=is_for_good(failure))
        return False
    queue.sent(needed)
    return True


def _hang_up(server: BaseEmailBackend) -> None:
    """Whatever became of the connection: the next email opens another."""
    with suppress(OSError, smtplib.SMTPException):
        server.close()


def is_for_good(failure: Exception) -> bool:
    """Whether no other try could go better: the server refused this address, or this email, with a 5xx."""
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return all(code in PERMANENT for code, _reason in failure.recipients.values())
    return isinstance(failure, smtplib.SMTPDataError) and failure.smtp_code in PERMANENT


def _key(deliveries: Mail) -> UUID:
    assert deliveries[0].mail  # noqa: S101, every email has one
    return deliveries[0].mail
