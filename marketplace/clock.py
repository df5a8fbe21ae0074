"""The one clock that rules and deadlines go by: the database's. Knows nothing of time zones or pages.

`Now()` calls the SQL function `cairn_now()`, which migrations install. It is the moment of the call, not the
start of the transaction, so that it can be read after a lock was waited for. Since every call answers anew, no index
can be searched with it: who looks for what is due reads `now()` first and asks with that.

The demo and tests may put this clock forward; it never goes back, but that a demo may `begin` in the past, as long as
nobody is there: while it is loaded, the clock is behind. How far it is ahead stands in a row that the
application's role can read and not write. The one way to it is the function `cairn_advance()`, and `manage.py migrate`
gives the role that function in the demo and in tests, and takes it away in production: there, nothing that runs as the
application's role can move time.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, connections
from django.db.models import DateTimeField, Func

FURTHEST = timedelta(days=366)


class ClockIsFixed(Exception):
    """In production nobody moves time."""

    def __str__(self) -> str:
        return "The clock can be put forward in the demo and in tests only."


class Now(Func):
    """`cairn_now()` in a query or as a column's default."""

    function = "cairn_now"
    template = "%(function)s()"
    output_field = DateTimeField()


def now() -> datetime:
    """The database's present moment, in UTC."""
    return _moment("SELECT cairn_now()")


def advance(by: timedelta) -> datetime:
    """Put the clock forward for everybody, together with the transaction if one is open; the moment it is then.

    Raises ClockIsFixed in production and ValueError for a way back or for more than FURTHEST.
    """
    if settings.MODE not in {"demo", "test"}:
        raise ClockIsFixed
    if by < timedelta(0):
        raise ValueError("Time does not go back.")
    if by > FURTHEST:
        raise ValueError("Time goes forward by a year at most.")
    return _moment("SELECT cairn_advance(%s * interval '1 microsecond')", by // timedelta(microseconds=1))


def begin(ago: timedelta) -> None:
    """Let the history of a demo begin so long ago: as the database's owner, and before there is anybody.

    Raises ClockIsFixed in production.
    """
    if settings.MODE not in {"demo", "test"}:
        raise ClockIsFixed
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE marketplace_clock SET ahead = make_interval(secs => %s)", [-ago.total_seconds()])


def behind() -> timedelta:
    """How far this clock is behind the machine's; more than nothing only while a demo is being loaded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest('0', -ahead) FROM marketplace_clock")
        return cursor.fetchone()[0]


def _moment(question: str, *values: int) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0]
