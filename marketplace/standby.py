"""Pages that are read from a standby where there is one: which they are, and when it can be believed.

It can when it has replayed all that the primary had on disk as the request came. So whoever was told that something is
done, and whoever heard of it, sees it: whatever is acknowledged, and every notice, is of before. Sessions, users, forms
and money pages are read from the primary alone. Knows no page; nothing of this runs without CAIRN_READ_DATABASE_URL.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connections
from django.http import HttpRequest, HttpResponse

from marketplace import vitals
from marketplace.metrics import page_of_standby
from marketplace.trouble import AWAY, retry_after

ALIAS = "standby"
TRIES, PAUSE = 3, 0.004  # seconds between two looks at how far it is; by the third, asking the primary is sooner
REST = 5.0  # seconds without it, once it was away
SEGMENT = 16 * 1024 * 1024  # bytes of log
FLUSHED = "SELECT pg_current_wal_flush_lsn()"
REPLAYED = "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() >= %s::pg_lsn END"
BEHIND = """
SELECT CASE WHEN pg_is_in_recovery() THEN greatest(0, pg_wal_lsn_diff(%s::pg_lsn, pg_last_wal_replay_lsn())) END
"""
MISSING = """
SELECT (current_setting('synchronous_standby_names') <> '' AND NOT EXISTS (SELECT FROM pg_stat_replication))::int
"""

type View = Callable[..., HttpResponse]
_read: ContextVar[bool] = ContextVar("read from a standby", default=False)


def from_standby(view: View) -> View:
    """For a view that only shows something: it may be read from a standby, and be called again if that goes wrong."""
    view.from_standby = True
    return view


def is_read() -> bool:
    """Whether rows are being read from the standby just now, in this thread."""
    return _read.get()


class FromStandby:
    """Answers a page from the standby; whatever goes wrong there, the primary is asked as if nothing had been."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if ALIAS not in settings.DATABASES:
            raise MiddlewareNotUsed
        self.get_response, self.rests_until = get_response, 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: tuple, kwargs: dict) -> HttpResponse | None:
        if request.method not in {"GET", "HEAD"} or not getattr(view, "from_standby", False):
            return None
        if time.monotonic() < self.rests_until:
            return None
        try:
            answer = self._answer(lambda: view(request, *args, **kwargs))
        except Exception as met:  # a 404 is the primary's to say as well
            self._look_into(met)
            return None
        page_of_standby("read" if answer else "behind")
        return answer

    def _answer(self, view: Callable[[], HttpResponse]) -> HttpResponse | None:
        if not is_fresh():
            return None
        with reading():
            return view()

    def _look_into(self, met: Exception) -> None:
        """A standby that is away is left alone for a while; one that was in the way of itself is not."""
        seconds = retry_after(met)
        if seconds is not None:
            page_of_standby("failed")
        if seconds == AWAY:
            connections[ALIAS].close()
            self.rests_until = time.monotonic() + REST


@contextmanager
def reading() -> Iterator[None]:
    """What is read within comes from the standby."""
    token = _read.set(True)
    try:
        yield
    finally:
        _read.reset(token)


def is_fresh() -> bool:
    """Whether the standby shows all that was acknowledged by now; DatabaseError when one of the two cannot be asked.

    One that is no standby any more never does.
    """
    flushed = _asked("default", FLUSHED)
    for attempt in range(TRIES):
        if attempt:
            time.sleep(PAUSE)
        shows = _asked(ALIAS, REPLAYED, flushed)
        if shows or shows is None:
            return bool(shows)
    return False


def _asked(alias: str, question: str, *values: str) -> object:
    with connections[alias].cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0]


def behind() -> float | None:
    """Bytes of log that the standby which pages are read from has still to replay; 0 where there is none."""
    if ALIAS not in settings.DATABASES:
        return 0
    return _asked(ALIAS, BEHIND, _asked("default", FLUSHED))


vitals.register(
    "standby_missing", "1 while commits wait for a standby, and none is there.", vitals.answer(MISSING), most=0
)
vitals.register(
    "standby_behind_bytes", "Log that the standby which pages are read from has not replayed.", behind, most=SEGMENT
)
