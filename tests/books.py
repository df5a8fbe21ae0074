"""Whether the books hold: for the end of every test that moved money."""

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from escrow.invariants import broken


def books_hold(using: str = DEFAULT_DB_ALIAS) -> None:
    """Fail unless every invariant holds and everything that waits for the commit would pass it."""
    as_at_commit(using)
    found = "\n".join(map(str, broken(using)))
    assert not found, found


def as_at_commit(using: str = DEFAULT_DB_ALIAS) -> None:
    """Check what is deferred now, and leave it deferred."""
    connection = connections[using]
    if connection.in_atomic_block:
        with transaction.atomic(using), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True, using)
