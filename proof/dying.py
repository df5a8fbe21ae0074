"""Counts the instants of a piece of work at which a process can die, and lets it die at one of them, as kill -9 does.

An instant lies before each SQL statement, before and after each COMMIT, and after the last of all: between two
statements nothing happens, so that after the one is before the other. COMMIT passes no wrapper of Django's, so that
`_commit` itself is wrapped. Counts in its own thread alone.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

_HERE = threading.local()
NEVER = 0


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Instants:
    """`passed` of them so far; at number `last` the process dies. `kinds` says what each was before or after."""

    def __init__(self, last: int = NEVER) -> None:
        self.last, self.kinds = last, list[str]()

    @property
    def passed(self) -> int:
        return len(self.kinds)

    def pass_one(self, kind: str) -> None:
        self.kinds.append(kind)
        if self.passed == self.last:
            die()

    def statement(self, execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        self.pass_one(f"before {' '.join(str(sql).split()[:1])}")
        return execute(sql, params, many, context)


@contextmanager
def counting(last: int = NEVER) -> Iterator[Instants]:
    """Within it, each instant of this thread's work is passed; after it is the last one."""
    there = _HERE.instants = Instants(last)
    try:
        with connection.execute_wrapper(there.statement):
            yield there
        there.pass_one("at the end")
    finally:
        _HERE.instants = None


def watch_commits() -> None:
    """From now on COMMIT is counted too: once for each process."""
    real = BaseDatabaseWrapper._commit

    def commit(self: BaseDatabaseWrapper) -> None:
        there = getattr(_HERE, "instants", None)
        if there and self.connection is not None:
            there.pass_one("before COMMIT")
        real(self)
        if there and self.connection is not None:
            there.pass_one("after COMMIT")

    BaseDatabaseWrapper._commit = commit
