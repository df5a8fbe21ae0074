"""Processes whose clock is wrong: libfaketime says how late it is to them alone. Knows no rule of the site.

Run as a module it is a worker that goes by the machine's clock and not the database's: a control.
"""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from glob import glob
from pathlib import Path

from proof.databases import address

LIBRARIES = "/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/local/lib/faketime/libfaketimeMT.so.1"
ROOT = Path(__file__).resolve().parent.parent
SITE_WORKER = ["manage.py", "procrastinate", "worker", "--one-shot"]
NAIVE_WORKER = ["-m", "proof.wrong_clock"]
PATIENCE = 60


def library() -> str:
    """Where libfaketime is; empty if it is not installed."""
    found = [path for pattern in LIBRARIES for path in glob(pattern)]
    return found[0] if found else ""


def wrong_by(offset: timedelta) -> dict[str, str]:
    """The environment of a process whose clock is so far ahead, or behind.

    All its clocks are, the monotonic one too: where that is left out, the library makes sleeping impossible (0.9.10).
    """
    return {"LD_PRELOAD": library(), "FAKETIME": f"{offset.total_seconds():+.0f}s"} if offset else {}


def work(name: str, data: Path, offset: timedelta, command: list[str] = SITE_WORKER) -> None:
    """A worker with such a clock does what waits, on this database, and ends."""
    where = {"DATABASE_URL": address(name), "CAIRN_DATA": str(data)}
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=os.environ | where | wrong_by(offset), capture_output=True, text=True,
        timeout=PATIENCE, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"The worker ended with {done.returncode}: {done.stderr[-1000:]}")


def go_by_the_machine() -> None:
    """One sweep of a site whose deadlines come from its own machine's clock, ahead as far as the database's is."""
    import django

    django.setup()
    from django.db import connection
    from django.db.models import Value

    from contracts import timers
    from contracts.models import contract
    from marketplace import clock

    with connection.cursor() as cursor:
        cursor.execute("SELECT ahead FROM marketplace_clock")
        (ahead,) = cursor.fetchone()
    clock.now = lambda: datetime.now(UTC) + ahead
    contract.Now = lambda: Value(clock.now())  # what is read together with a contract
    timers.sweep()


if __name__ == "__main__":
    go_by_the_machine()
