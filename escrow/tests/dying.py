"""A process that takes a payment and dies on the way, as if it were killed: run with a point, a direction and an id.

Points, in order: before the row is committed, after it, after the payment was marked as asked for, after the gateway
acted, after everything was recorded but before the commit, after the commit.
"""

import os
import signal
import sys
import uuid
from functools import partial

POINTS = ("row", "begun", "marked", "acted", "recorded", "settled")


def die(*args) -> None:
    """As `kill -9` does: at once, with nothing tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(point: str, direction: str, subject: str) -> None:
    import django

    django.setup()
    from django.db import transaction

    from escrow.models import PaymentMethod
    from escrow.operations import payments
    from escrow.tests import paying

    method = PaymentMethod.objects.latest("pk")
    act = {
        "charge": partial(paying.begun, method, subject=uuid.UUID(subject), scope=uuid.UUID(subject)),
        "gone": partial(paying.begun, method, subject=uuid.UUID(subject), scope=uuid.UUID(subject)),
        "payout": partial(paying.payout, method.party, method=method, subject=uuid.UUID(subject)),
    }[direction]
    if direction == "gone":
        paying.TOLD.gone.add(uuid.UUID(subject))
    with transaction.atomic():
        payment = act()
        if point == "row":
            die()
    if point == "begun":
        die()
    _arm(point, direction)
    payments.ask(payment.pk)
    die()


def _arm(point: str, direction: str) -> None:
    """Put death in the way: between what the operation does, never in place of it."""
    from escrow.gateways.sandbox import SandboxGateway
    from escrow.operations import payments, settling

    act = "payout" if direction == "payout" else "charge"
    real = getattr(SandboxGateway, act)
    if point == "marked":
        setattr(SandboxGateway, act, die)
    elif point == "acted":
        setattr(SandboxGateway, act, lambda *args: (real(*args), die()))
    elif point == "recorded":
        ending = settling._end
        settling._end = lambda *args: (ending(*args), die())
    elif point == "settled":
        recording = payments.record
        payments.record = lambda *args: (recording(*args), die())


if __name__ == "__main__":
    main(*sys.argv[1:])
