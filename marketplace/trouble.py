"""A database that is busy, away, or in the way of itself: what is told apart, and what is simply done again.

Knows no request; `marketplace.busy` answers those.
"""

import errno
import random
import time
from collections.abc import Callable
from functools import partial, wraps

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError, connection

TRIES = 5
PAUSE = 0.02  # seconds; at most so long before the second try, and twice as long before each further one
CONFLICTS = frozenset({"40001", "40P01"})  # a serialization failure, a deadlock
AWAY, BUSY = 15, 5  # seconds after which it is worth asking again
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
# The last one is a standby's, which is about to be what it is taken for.
AWAY_STATES = ("08", "57P01", "57P02", "57P03", "25006")
# Those of the driver too: whoever closes a cursor of the server's meets them as they are.
LOST = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
BUSY_STATES = ("40", "53", "55P03", "57014", "58", "25P03", "25P04")


class Unavailable(Exception):
    """This cannot be done now, and nothing happened; `trouble` names the sentence that says so."""

    trouble = "busy"
    retry_after = BUSY


def again[Answer](work: Callable[[], Answer], *, failed: int = 0) -> Answer:
    """What `work` answers, a whole transaction or several, begun anew when another one got in its way.

    At most TRIES times, of which so many `failed` before, with a pause of random length between them. Whatever else
    goes wrong is not tried again, and nothing is within a transaction: only the whole of it can be.
    """
    for attempt in range(failed, TRIES):
        if attempt:
            time.sleep(random.uniform(0, PAUSE * 2**attempt))  # noqa: S311, spreads those who met
        try:
            return work()
        except DatabaseError as met:
            if not is_conflict(met) or attempt == TRIES - 1 or connection.in_atomic_block:
                raise
    raise ValueError("It failed too often before.")


def persistent[**Given, Answer](work: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """For a function that is one whole transaction: `again`, whenever it is called."""

    @wraps(work)
    def whole(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        return again(partial(work, *args, **kwargs))

    return whole


def is_conflict(error: BaseException | None) -> bool:
    """Whether the database chose this transaction to give way to another: begun anew, it may well pass."""
    return isinstance(error, DatabaseError) and state_of(error) in CONFLICTS


def retry_after(error: BaseException | None) -> int | None:
    """In how many seconds it is worth trying again; None when this is no matter of time but a bug.

    A matter of time is a database that is away or busy, and a disk without room for a file.
    """
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return AWAY
    if not isinstance(error, DatabaseError | InterfaceError | psycopg.Error):
        return None
    state = state_of(error)
    if state.startswith(AWAY_STATES) or (not state and isinstance(error, LOST)):
        return AWAY
    return BUSY if state.startswith(BUSY_STATES) else None


def state_of(error: BaseException) -> str:
    """The database's own code for what went wrong; empty when it could not even be asked."""
    cause = error.__cause__ or error
    return getattr(cause, "sqlstate", None) or getattr(getattr(cause, "diag", None), "sqlstate", None) or ""
