"""Checking the books: every invariant in one snapshot, and what came of it written down, which may stop all money.

Knows what to ask and what to keep. Who is told of it, and when it is done, others know.
"""

import json
import logging
import time

from django.db import DatabaseError, connection, transaction

from escrow import ledger
from escrow.alarm import raise_alarm
from escrow.invariants import Broken, Invariant, ask, registered
from escrow.models import CheckRun, Seal
from marketplace.impatient.waiting import unhurried

logger = logging.getLogger(__name__)


def check_books(*, thorough: bool = False) -> CheckRun:
    """Ask every invariant as of one moment and keep the outcome; `thorough` asks those that read all of the past too.

    Journals are posted meanwhile as always. While something that stops money is broken, the ledger's door is shut; it
    opens with the first run that finds everything in order. Raises nothing for what is broken.
    """
    begun, asked = time.monotonic(), registered(thorough=thorough)
    with ledger.snapshot(), unhurried(connection):
        since = CheckRun.objects.order_by("-pk").values_list("pk", flat=True).first()
        found = [told for invariant in asked if (told := _told(invariant))]
    return _keep(since, len(asked), time.monotonic() - begun, found)


def lift_stop(reason: str, *, using: str) -> CheckRun | None:
    """Let money move although the books do not hold, for what is broken now; None when nothing is stopped.

    Only an owner of the database can.
    """
    with transaction.atomic(using), transaction.get_connection(using).cursor() as cursor:
        cursor.execute("SELECT escrow_lift(%s)", [reason])
        lifted = CheckRun.objects.using(using).filter(pk=cursor.fetchone()[0]).first()
    if lifted:
        raise_alarm(lifted)
    return lifted


def seal() -> Seal | None:
    """Seal what came since the last seal (I16); the newest seal. OperationalError while somebody posts for too long."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT escrow_seal()")
    return Seal.objects.order_by("-pk").first()


def _told(invariant: Invariant) -> dict | None:
    """What is to be kept of an invariant that does not hold or could not be asked; one too slow hides no other."""
    try:
        with transaction.atomic():
            found = ask(invariant)
    except DatabaseError as failure:
        logger.exception("%s could not be asked.", invariant.name)
        return _row(invariant, failed=str(failure).splitlines()[0])
    return _row(invariant, found) if found else None


def _row(invariant: Invariant, found: Broken | None = None, failed: str = "") -> dict:
    rows = [dict(zip(found.columns, map(str, row), strict=True)) for row in found.rows] if found else []
    return {
        "name": invariant.name, "says": invariant.says, "stops": invariant.stops, "rows": rows, "failed": failed
    }  # fmt: skip


def _keep(since: int | None, asked: int, seconds: float, found: list[dict]) -> CheckRun:
    for each in found:
        logger.error("Of the books, %s does not hold%s.", each["name"], ": money stops" if each["stops"] else "")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT escrow_checked(%s, %s, %s, %s)", [since, asked, round(seconds, 2), json.dumps(found)])
        run = CheckRun.objects.get(pk=cursor.fetchone()[0])
        raise_alarm(run)
    return run
