"""How an installation is: figures that are asked of its database, each with how much of it is still well.

Knows those that belong to no floor above; the floors register theirs. Who shows them is health.py.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

logger = logging.getLogger(__name__)
type Ask = Callable[[], float | None]


@dataclass(frozen=True)
class Vital:
    """A figure, under the `name` that machines read. `ask` answers None when there should be one and is not: unwell.

    More than `most` is unwell; a figure without one is only looked at. While one that is `needed` is unwell, no page
    can be served.
    """

    name: str
    says: str
    ask: Ask
    most: float | None = None
    needed: bool = False


@dataclass(frozen=True)
class Reading:
    """What a vital answered."""

    vital: Vital
    figure: float | None

    @property
    def is_well(self) -> bool:
        return self.figure is not None and (self.vital.most is None or self.figure <= self.vital.most)


# 0 where nothing is archived.
ARCHIVE_FAILING = """
SELECT count(*) FROM pg_stat_archiver
WHERE current_setting('archive_mode') <> 'off' AND last_failed_time > coalesce(last_archived_time, '-infinity')
"""

_registered: list[Vital] = []
_complete: list[bool] = []


def register(name: str, says: str, ask: Ask, *, most: float | None = None, needed: bool = False) -> None:
    """Called by each floor for what it knows, once."""
    _registered.append(Vital(name, says, ask, most, needed))


def read() -> Iterator[Reading]:
    """All of them as they are now; what could not be asked has no figure.

    Once one that is needed could not be, nothing else is asked: each would wait as long, and nobody waits for all.
    """
    is_away = False
    for vital in _registered:
        figure = None if is_away else _asked(vital)
        is_away = is_away or (vital.needed and figure is None)
        yield Reading(vital, figure)


def answer(query: str) -> Ask:
    """Asks for the one figure that the query answers."""

    def ask() -> float | None:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]

    return ask


def _asked(vital: Vital) -> float | None:
    try:
        figure = vital.ask()
    except DatabaseError:
        logger.warning("%s could not be asked.", vital.name, exc_info=True)
        return None
    return None if figure is None else float(figure)


def _migrations_missing() -> float:
    """Reads every migration's file, so it is asked until nothing is missing, and never again in this process."""
    if not _complete:
        executor = MigrationExecutor(connection)
        if missing := len(executor.migration_plan(executor.loader.graph.leaf_nodes())):
            return missing
        _complete.append(True)
    return 0


register("database_away", "1 while the database cannot be asked.", answer("SELECT 0"), most=0, needed=True)
register("migrations_missing", "Migrations that the database lacks.", _migrations_missing, most=0, needed=True)
register(
    "worker_silent_seconds", "Since a worker last showed that it lives.",
    answer("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"), most=60,
)  # fmt: skip
register(
    "jobs_waiting", "Jobs that could begin and wait for a worker.",
    answer("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()"),
)  # fmt: skip
register(
    "jobs_failed", "Jobs that were given up.",
    answer("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"), most=0,
)  # fmt: skip
register("archive_failing", "1 while the database's log cannot be archived.", answer(ARCHIVE_FAILING), most=0)
