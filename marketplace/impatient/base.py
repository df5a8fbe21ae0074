"""A connection that is given up when the database does not answer. Knows how long is long; of nothing else.

A statement that runs too long, the server ends itself (statement_timeout). It does not end the wait of a COMMIT for a
standby, and it cannot when its machine is gone without a word. Whoever gives up does not know whether it was done, and
closes the connection: nothing is cancelled, as that would let a COMMIT pass that no standby has (record 17).
"""

from types import SimpleNamespace
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class Connection(psycopg.Connection):
    """With the seconds after which an answer is given up, of a COMMIT and of anything else; None: never."""

    patience: float | None = None
    commit_patience: float | None = None

    def wait(self, *args: Any, timeout: float | None = None, **kwargs: Any) -> Any:
        """OperationalError, and the connection closed, when nothing came in time."""
        try:
            return super().wait(*args, timeout=self.patience if timeout is None else timeout, **kwargs)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:  # the server has not said a word
                self.pgconn.finish()  # not close(), which may come to cancel what runs
            raise

    def commit(self) -> None:
        """No row is touched any more, so this is short, or somebody is away."""
        patience, self.patience = self.patience, self.commit_patience
        try:
            super().commit()
        finally:
            self.patience = patience


class DatabaseWrapper(base.DatabaseWrapper):
    """With PATIENCE = (a statement's, a COMMIT's) in its settings; without, it waits for ever as ever."""

    Database = SimpleNamespace(**vars(psycopg) | {"connect": Connection.connect})

    def get_new_connection(self, conn_params: dict) -> Connection:
        made = super().get_new_connection(conn_params)
        made.patience, made.commit_patience = self.settings_dict.get("PATIENCE", (None, None))
        return made
