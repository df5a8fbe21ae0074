"""How long the hourly check reads in a ledger of so many transfers: each invariant of escrow once, without a timeout.

    CAIRN_MODE=test DATABASE_URL=... python benchmarks/checking.py [--transfers 1000000]

Makes a database of its own on that server and drops it. Its ledger is written past the door, as the server's superuser:
as many fundings as releases, of two transfers each, for ten milestones of each contract. It holds, and no contract is
behind it. One run, in seconds, on a machine that others use: an order of magnitude, and how many fit into the timeout.
"""

import argparse
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

import django

django.setup()

import footprint
from django.conf import settings
from django.db import connection, connections

from escrow.invariants import ask, registered

NAME = "cairn_checking"
# The shared accounts are 1 and 2; the nth of each other kind is contract n's. A milestone is funded, then released.
FILL = (
    "SET session_replication_role = replica",
    "INSERT INTO marketplace_party (id, kind, name) SELECT md5('talent ' || n)::uuid, 'freelancer', 'Talent ' || n"
    " FROM generate_series(1, {contracts}) AS n",
    "INSERT INTO escrow_account (kind, scope, balance) SELECT 'escrow', md5(n::text)::uuid, 0"
    " FROM generate_series(1, {contracts}) AS n",
    "INSERT INTO escrow_account (kind, party_id, balance) SELECT 'pending', md5('talent ' || n)::uuid, 900"
    " FROM generate_series(1, {contracts}) AS n",
    "INSERT INTO escrow_journal (key, cause, scope) SELECT"
    " CASE n % 2 WHEN 0 THEN 'charge:' ELSE 'release:' END || gen_random_uuid(),"
    " CASE n % 2 WHEN 0 THEN 'fund' ELSE 'release' END, md5((n / 2 % {contracts} + 1)::text)::uuid"
    " FROM generate_series(0, {contracts} * 20 - 1) AS n",
    "INSERT INTO escrow_transfer (journal_id, debit_id, credit_id, amount, debit_balance, credit_balance)"
    " SELECT 1 + n, CASE n % 2 WHEN 0 THEN 1 ELSE held END, CASE WHEN n % 2 = 0 THEN held WHEN part = 1 THEN 2"
    " ELSE {contracts} + held END, amount, CASE WHEN n % 2 = 1 THEN after END,"
    " CASE WHEN n % 2 = 0 THEN after WHEN part = 0 THEN 90 * (n / 2 / {contracts} + 1) END"
    " FROM generate_series(0, {contracts} * 20 - 1) AS n, LATERAL (SELECT 3 + n / 2 % {contracts} AS held) AS account,"
    " LATERAL (VALUES (0, 90, CASE n % 2 WHEN 0 THEN 90 ELSE 10 END),"
    " (1, 10, CASE n % 2 WHEN 0 THEN 100 ELSE 0 END)) AS move (part, amount, after) ORDER BY n, part",
    "SET session_replication_role = origin",
    "VACUUM (ANALYZE)",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--transfers", type=int, default=1_000_000)
    contracts = parser.parse_args().transfers // 40
    footprint.NAME = NAME
    footprint.make_database()
    try:
        fill(contracts)
        for name, seconds, rows in check():
            print(f"| {name} | {seconds:.1f} | {rows} |")
    finally:
        footprint.drop_database()


def fill(contracts: int) -> None:
    with connections["owner"].cursor() as cursor:
        for statement in FILL:
            cursor.execute(statement.format(contracts=contracts))


def check() -> list[tuple[str, float, int]]:
    """Each with its seconds, and how many rows it found: none, in a ledger that holds."""
    settings.DEBUG = False
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    found = []
    for invariant in registered(thorough=False):
        begun = time.monotonic()
        told = ask(invariant)
        found.append((invariant.name, time.monotonic() - begun, len(told.rows) if told else 0))
    return found


if __name__ == "__main__":
    main()
