"""The real worker, in a process forked from this one: it works off what waits, or dies at an instant of its sweep."""

import json
import os
import signal
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.core.management import call_command
from django.db import connections
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task

from contracts import tasks, timers
from notifications import tasks as telling
from proof import dying

KILLED = -signal.SIGKILL


def forked(work: Callable[[], None], log: Path) -> int:
    """Do it in a process of its own; answers how that ended, as subprocess does."""
    connections.close_all()
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    code = 1
    try:
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(out, 1)
        os.dup2(out, 2)
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def sweeping(log: Path, last: int = dying.NEVER, instants: Path | None = None) -> int:
    """A worker that finds a sweep to do, and dies at the instant `last` of it. It notes which instants there were."""
    to_do(tasks.sweep)

    def work() -> None:
        dying.watch_commits()
        real = timers.sweep

        def sweep() -> None:
            with dying.counting(last) as passed:
                real()
            if instants and not instants.exists():
                instants.write_text(json.dumps(passed.kinds))

        timers.sweep = sweep
        call_command("procrastinate", "worker", "--one-shot")

    return forked(work, log)


def to_do(task: Task) -> None:
    """It is time for it, as each minute; unless one waits already."""
    with suppress(AlreadyEnqueued):
        task.defer(timestamp=0)


def settle(log: Path) -> None:
    """Whatever the clock is to do by now is done by a worker, told, and sent."""
    to_do(tasks.sweep)
    to_do(telling.tell_rest)
    for _time in range(2):
        if code := forked(lambda: call_command("procrastinate", "worker", "--one-shot"), log):
            raise RuntimeError(f"The worker ended with {code}:\n{log.read_text()[-2000:]}")
