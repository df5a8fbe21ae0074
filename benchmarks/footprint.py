"""What one contract leaves in the database: rows and bytes of each table, what is written for it, its share of the log.

    CAIRN_MODE=test DATABASE_URL=... python benchmarks/footprint.py [--contracts 100] [--milestones 10]

Makes a database of its own on that server and drops it. The contracts are lived through the operations
(`footprint_life.py` says what happens in one), vacuumed after each round as autovacuum would in time. Everything is
counted, nothing timed, so it may run beside other work. `docs/scaling.md` has the figures and what follows from them.
"""

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
KEPT = tempfile.TemporaryDirectory(prefix="cairn-footprint-")  # the sandbox gateway's, gone with this process
os.environ["CAIRN_DATA"] = KEPT.name

import django

django.setup()

from django.core.management import call_command
from django.db import connection, connections
from footprint_life import Lives
from psycopg import connect, sql

NAME = "cairn_footprint"
ROWS = """
SELECT c.relname, pg_table_size(c.oid), pg_indexes_size(c.oid), n_live_tup, n_tup_ins, n_tup_upd, n_tup_hot_upd,
    n_tup_del, (SELECT count(*) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped),
    (SELECT count(*) FROM pg_index WHERE indrelid = c.oid)
FROM pg_class AS c JOIN pg_stat_user_tables AS s ON s.relid = c.oid
WHERE c.relname ~ '^(contracts|escrow|notifications|marketplace|procrastinate)_'
"""
WRITES = re.compile("INSERT|UPDATE|DELETE|escrow_post|escrow_account|pg_notify|procrastinate_defer|cairn_advance")
COMMITS = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
LOG = "SELECT wal_records, wal_fpi, wal_bytes FROM pg_stat_get_backend_wal(pg_backend_pid())"
TOLD = """SELECT count(*) FILTER (WHERE channel = 'bell'), count(*) FILTER (WHERE channel = 'email'),
    count(DISTINCT mail) FILTER (WHERE channel = 'email' AND status = 'sent') FROM notifications_delivery"""
HEAD = "| table | columns | indexes | rows | row | its indexes | inserted | updated | of that HOT | deleted | bytes |"


class Table(NamedTuple):
    """What a table holds, and what was ever done to it. Sizes in bytes; `heap` with its TOAST."""

    heap: int
    indexes: int
    live: int
    inserted: int
    updated: int
    hot: int
    deleted: int
    columns: int
    keys: int


class Seen:
    """How many statements Django sent, and how many transactions wrote or locked a row, so that they were numbered."""

    def __init__(self) -> None:
        self.statements = self.writing = 0
        self.writes = False
        connection.ensure_connection()
        self._after("_commit", self.over)
        self._after("_rollback", self.undone)

    def __call__(self, execute, statement: str, params, many: bool, context: dict):
        self.statements += 1
        self.writes = self.writes or bool(WRITES.search(statement))
        answer = execute(statement, params, many, context)
        if not connection.in_atomic_block:
            self.over()
        return answer

    def over(self) -> None:
        self.writing += self.writes
        self.writes = False

    def undone(self) -> None:
        self.writes = False

    def _after(self, name: str, then: Callable[[], None]) -> None:
        inner = getattr(connection, name)

        def wrapped() -> None:
            inner()
            then()

        setattr(connection, name, wrapped)


def main() -> None:
    options = arguments()
    make_database()
    try:
        lives = Lives(options.contracts, options.milestones)
        before, log, commits, seen = tables(), one(LOG), one(COMMITS), Seen()
        with connection.execute_wrapper(seen):
            for _round in lives.rounds():
                vacuum()
        report(options.contracts, before, tables())
        whole(options.contracts, "log records, full page images, bytes", log, one(LOG))
        whole(options.contracts, "transactions, reading ones included", commits, one(COMMITS))
        whole(options.contracts, "transactions that write, statements", (0, 0), (seen.writing, seen.statements))
        whole(options.contracts, "deliveries in the app, by email, emails sent", (0, 0, 0), one(TOLD))
        print("full_page_writes:", *one("SHOW full_page_writes"), "| server:", *one("SHOW server_version"))
    finally:
        drop_database()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contracts", type=int, default=100)
    parser.add_argument("--milestones", type=int, default=10, choices=range(2, 201), metavar="2..200")
    return parser.parse_args()


def tables() -> dict[str, Table]:
    """Every table of ours as it is now, with what this process has done to it."""
    one("SELECT 1")
    vacuum()
    with connections["owner"].cursor() as cursor:
        cursor.execute(ROWS)
        return {name: Table(*figures) for name, *figures in cursor.fetchall()}


def one(question: str) -> tuple:
    """Asked on the connection that does the work: its own share of the log is what counts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(question)
        return cursor.fetchone()


def vacuum() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM (ANALYZE)")


def report(contracts: int, before: dict[str, Table], after: dict[str, Table]) -> None:
    """A line for each table that grew or was written to, the largest first, everything for one contract."""
    print(HEAD, "|---" * 11 + "|", sep="\n")
    grown = {name: (before[name], table) for name, table in after.items() if table.inserted > before[name].inserted}
    sizes = {name: (now.heap + now.indexes - was.heap - was.indexes) / contracts for name, (was, now) in grown.items()}
    for name in sorted(grown, key=sizes.__getitem__, reverse=True):
        was, now = grown[name]
        rows = max(1, now.live - was.live)
        moved = [(new - old) / contracts for old, new in zip(was[3:7], now[3:7], strict=True)]
        heap, indexes = (now.heap - was.heap) / rows, (now.indexes - was.indexes) / rows
        print(
            f"| {name} | {now.columns} | {now.keys} | {(now.live - was.live) / contracts:.2f} | {heap:.0f} |"
            f" {indexes:.0f} | {' | '.join(f'{each:.1f}' for each in moved)} | {sizes[name]:.0f} |"
        )
    print(f"| all | | | | | | | | | | {sum(sizes.values()):.0f} |")


def whole(contracts: int, what: str, before: tuple, after: tuple) -> None:
    grown = (float(new) - float(old) for old, new in zip(before, after, strict=True))
    print(f"{what}:", *(f"{each / contracts:,.1f}" for each in grown))


def on_server(statement: str) -> None:
    known = connections["owner"].get_connection_params()
    where = {name: known[name] for name in ("host", "port", "user", "password") if name in known}
    with connect(**where, dbname="postgres", autocommit=True) as server:
        server.execute(sql.SQL(statement).format(sql.Identifier(NAME)))


def make_database() -> None:
    drop_database()
    on_server("CREATE DATABASE {}")
    for alias in ("default", "owner"):
        connections[alias].settings_dict["NAME"] = NAME
    call_command("migrate", verbosity=0)


def drop_database() -> None:
    connections.close_all()
    on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)")


if __name__ == "__main__":
    main()
