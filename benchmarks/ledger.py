"""How fast the ledger posts, as ratios: from Python against pgbench, and onto one shared account against spread ones.

    CAIRN_MODE=test DATABASE_URL=... python benchmarks/ledger.py [--rounds 5] [--seconds 3] [--clients 4]

Makes a database of its own on that server and drops it. The arms alternate within each round, and only their ratio
within a round counts: absolute figures follow the machine's mood. Needs pgbench, here or named by PGBENCH.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connections, transaction
from psycopg import connect, sql

from escrow import ledger
from escrow.ledger import Move

NAME = "cairn_benchmark"
SCOPES = 1_000
FEES = 2  # the shared accounts are 1 and 2; then come the escrow and then the fee account of each scope
WORLD = (
    "SELECT escrow_account('escrow', NULL, md5(n::text)::uuid) FROM generate_series(1, {scopes}) AS n",
    "SELECT escrow_account('initiation_fee', NULL, md5(n::text)::uuid) FROM generate_series(1, {scopes}) AS n",
    "SELECT escrow_post('fund:' || n, 'fund', NULL, ARRAY[1], ARRAY[2 + n], ARRAY[1000000])"
    " FROM generate_series(1, {scopes}) AS n",
)
CALL = """\\set n random(1, {scopes})
BEGIN;
SELECT posted, created FROM escrow_post('release:' || gen_random_uuid(), 'release', NULL::uuid,
    ARRAY[2 + :n]::bigint[], ARRAY[2 + {scopes} + :n]::bigint[], ARRAY[0.01]::numeric[]);
COMMIT;
"""


def main() -> None:
    options = arguments()
    make_database()
    try:
        rounds = [one_round(options) for _round in range(options.rounds)]
    finally:
        drop_database()
    report("Python in atomic() / pgbench, same statements", [each["python"] / each["pgbench"] for each in rounds])
    report("all on one shared account / spread", [each["shared"] / each["python"] for each in rounds])
    report("journals a second: Python, spread", [each["python"] for each in rounds])


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=4)
    return parser.parse_args()


def one_round(options: argparse.Namespace) -> dict[str, float]:
    """Journals a second of each arm, in a random order."""
    arms = {"pgbench": pgbench, "python": partial(python, shared=False), "shared": partial(python, shared=True)}
    order = random.sample(sorted(arms), len(arms))
    return {name: arms[name](options) for name in order}


def python(options: argparse.Namespace, *, shared: bool) -> float:
    """As many processes as clients, each posting one journal a transaction through `ledger.post`."""
    with ProcessPoolExecutor(options.clients, initializer=point_at, initargs=(NAME,)) as pool:
        working = [pool.submit(post_for, options.seconds, shared) for _client in range(options.clients)]
        return sum(each.result() for each in working)


def post_for(seconds: int, shared: bool) -> float:
    post_one(shared)  # connects
    begun, posted = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        post_one(shared)
        posted += 1
    return posted / (time.perf_counter() - begun)


def post_one(shared: bool) -> None:
    scope = random.randint(1, SCOPES)
    move = Move(2 + scope, FEES if shared else 2 + SCOPES + scope, Decimal("0.01"))
    with transaction.atomic():
        ledger.post(key=f"release:{uuid.uuid4()}", cause="release", transfers=[move])


def pgbench(options: argparse.Namespace) -> float:
    """The same transactions without Python."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(CALL.format(scopes=SCOPES))
        script.flush()
        run = subprocess.run(
            [os.environ.get("PGBENCH", "pgbench"), "-n", "-f", script.name, "-T", str(options.seconds),
             "-c", str(options.clients), "-j", str(options.clients), *address(), NAME],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    (line,) = (line for line in run.stdout.splitlines() if line.startswith("tps = "))
    return float(line.split()[2])


def address() -> list[str]:
    known = connections["owner"].get_connection_params()
    return [
        f"--{key}={known[name]}"
        for key, name in (("host", "host"), ("port", "port"), ("username", "user"))
        if known.get(name)
    ]


def on_server(statement: str) -> None:
    known = connections["owner"].get_connection_params()
    names = ("host", "port", "user", "password")
    with connect(**{name: known.get(name) for name in names}, dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(NAME)))


def make_database() -> None:
    drop_database()
    on_server("CREATE DATABASE {}")
    point_at(NAME)
    call_command("migrate", verbosity=0)
    with connections["owner"].cursor() as cursor:
        for statement in WORLD:
            cursor.execute(statement.format(scopes=SCOPES))
        cursor.execute("ANALYZE")
    connections.close_all()


def drop_database() -> None:
    connections.close_all()
    on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)")


def point_at(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].settings_dict["NAME"] = name


def report(what: str, figures: list[float]) -> None:
    least, middle, most = min(figures), statistics.median(figures), max(figures)
    print(f"{what:48}  min {least:8.2f}  median {middle:8.2f}  max {most:8.2f}")


if __name__ == "__main__":
    main()
