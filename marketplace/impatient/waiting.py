"""Work that may take as long as it takes, as nobody waits for it. Knows nothing of what it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def unhurried(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Within a transaction: no timeout of the server's ends a statement, and we do not give up either."""
    made: Any = connection.connection
    patience, made.patience = made.patience, None
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        yield
    finally:
        made.patience = patience
