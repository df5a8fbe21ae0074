"""The one clock that rules and deadlines go by: the database's. Knows nothing of time zones or pages.

`Now()` calls the SQL function `cairn_now()`, which a migration installs. It is the moment of the call, not the
start of the transaction, so that it can be read after a lock was waited for.
"""

from datetime import datetime

from django.db import connection
from django.db.models import DateTimeField, Func


class Now(Func):
    """`cairn_now()` in a query or as a column's default."""

    function = "cairn_now"
    template = "%(function)s()"
    output_field = DateTimeField()


def now() -> datetime:
    """The database's present moment, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cairn_now()")
        return cursor.fetchone()[0]
