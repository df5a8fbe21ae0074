"""Several people at the same moment: threads with a database connection each, and ways to force their order.

Knows nothing of contracts but how an operation refuses.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from django.db import DatabaseError, connection, connections

from contracts.refusals import ContractError
from escrow.ledger import LedgerError
from escrow.operations.refusals import PaymentError
from marketplace.operations import PeopleError

PATIENCE = 60
WRITES = ("UPDATE", "INSERT", "DELETE", "SELECT escrow_account", "SELECT posted")  # the last two are the ledger's doors


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all of it at the same moment, each in a thread of its own; what each answered, or how it was refused."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            start.wait(PATIENCE)
            return act()
        except (ContractError, PaymentError, PeopleError, LedgerError, DatabaseError) as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [running.result(PATIENCE) for running in [pool.submit(run, act) for act in acts]]


@contextmanager
def before_first_write(wait: Callable[[], object], writes: tuple[str, ...] = WRITES) -> Iterator[None]:
    """Within it, this thread calls `wait` once: after everything was read, before anything is written.

    `writes` says which statements count, for what reads once more after its first one.
    """
    waiting = [wait]

    def hold(execute, sql, params, many, context):
        if waiting and sql.lstrip().startswith(writes):
            waiting.pop()()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(hold):
        yield


def both_read_first(*acts: Callable[[], object], writes: tuple[str, ...] = WRITES) -> list[object]:
    """What each answers when all have read before any writes. Without a lock only: a waiting one never gets there."""
    all_read = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        with before_first_write(lambda: all_read.wait(PATIENCE), writes):
            return act()

    return at_once(*(partial(run, act) for act in acts))


def wait_for_a_waiter() -> None:
    """Until some other connection waits for what this one holds."""
    pause = threading.Event()
    with connection.cursor() as cursor:
        for _try in range(PATIENCE * 50):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone()[0]:
                return
            pause.wait(0.02)
    raise TimeoutError("Nobody waited for the lock.")


def kinds(answers: list[object]) -> Counter:
    return Counter(type(answer).__name__ for answer in answers)


def refusals(answers: list[object]) -> list[str]:
    """How those who lost were refused: by the database's own code, or by the name of ours."""
    lost = (answer for answer in answers if isinstance(answer, Exception))
    return sorted(
        cause.diag.sqlstate if hasattr(cause := answer.__cause__, "diag") else type(answer).__name__ for answer in lost
    )
