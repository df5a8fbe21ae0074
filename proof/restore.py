"""A dump of the database while people write, and what is restored from it: the books, the seal, and a site that works.

The dump and the hashes that it is compared with are of one snapshot. Knows pg_dump; what a table means others know.
"""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connections, transaction

from conftest import server
from contracts.tests.dealing import Deal
from escrow.checking import seal
from launcher.postgres import binaries, cluster
from proof import books, restored
from proof.databases import address, drop, migrated, point_at, working_on
from proof.elsewhere import served_on
from proof.living import Life, life
from proof.plan import Plan, Result

NAME, OTHER = "proof_restore", "proof_restored"
PAIRS, CLIENTS = 12, 6
DUMPS, QUICK_DUMPS = 6, 2
BETWEEN = 4  # seconds of writing before each dump
TABLES = """
SELECT c.oid::regclass::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
"""
HASH = "SELECT count(*), md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) FROM {} AS t"

type Hashes = dict[str, tuple[int, str]]


def prove(plan: Plan) -> Result:
    """Some dumps while people write; then each of them is restored and looked at."""
    result = Result("restore")
    migrated()
    place = plan.data / "site"
    place.mkdir()
    settings.SANDBOX_DIR = place / "sandbox"
    with working_on(NAME):
        deal = restored.waiting()
        with life(NAME, place, PAIRS, result) as lived:
            dumps = dumped(plan, lived, place, result)
            lived.judge("where the dumps were made")
        for number, (file, hashes) in enumerate(dumps, start=1):
            with restored_from(file, NAME):
                look(f"dump {number}", hashes, result)
        with served_on(plan.data / "elsewhere", hasty=True):
            on_a_new_server(*dumps[-1], deal, place, result)
    rows = [sum(count for count, _hash in hashes.values()) for _file, hashes in dumps]
    result.notes.insert(0, f"{len(dumps)} dumps of {min(rows):,} to {max(rows):,} rows, restored row for row.")
    return result


def on_a_new_server(file: Path, hashes: Hashes, deal: Deal, place: Path, result: Result) -> None:
    """As docs/restoring.md says it: nothing is there but the server, and the site works afterwards."""
    with server() as connection:
        connection.execute(f"CREATE ROLE {settings.APPLICATION_ROLE} NOLOGIN")
    with restored_from(file, NAME):
        look("the last dump on a new server", hashes, result)
        restored.controls(partial(differing, hashes), result)
        call_command("migrate", verbosity=0)
        restored.works(OTHER, deal, place, result)
    result.notes.append("The last dump was restored on a new server too, and people signed in there and released.")


def dumped(plan: Plan, lived: Life, place: Path, result: Result) -> list[tuple[Path, Hashes]]:
    """Dump after dump while people write; each with its tables' hashes in the very snapshot that it is of."""
    found = []
    with lived.acting(plan, CLIENTS):
        for number in range(QUICK_DUMPS if plan.quick else DUMPS):
            time.sleep(BETWEEN)
            sealed()
            file, before = place / f"{number}.dump", lived.result.operations
            found.append((file, dump(NAME, file)))
            result.fault("a dump while people write")
            result.notes.append(f"{lived.result.operations - before} operations began during dump {number + 1}.")
    return found


def sealed() -> None:
    """Now, unless somebody is in the middle of a journal for too long."""
    try:
        seal()
    except OperationalError:
        connections.close_all()


def dump(name: str, file: Path) -> Hashes:
    """Write the database to the file; answers what its tables were."""
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={file}", f"--dbname={url(name)}")
        return hashes_of(cursor)


def hashes_of(cursor: object) -> Hashes:
    """How many rows each table has, and a hash over all of them in no order."""
    cursor.execute(TABLES)
    tables = [row[0] for row in cursor.fetchall()]
    found = {}
    for table in tables:
        cursor.execute(HASH.format(table))
        found[table] = cursor.fetchone()
    return found


@contextmanager
def restored_from(file: Path, before: str) -> Iterator[None]:
    """A new database with what is in the file, which this process talks to until it goes again."""
    connections.close_all()
    drop(OTHER)
    with server() as connection:
        connection.execute(f"CREATE DATABASE {OTHER}")
    run("pg_restore", "--exit-on-error", f"--dbname={url(OTHER)}", str(file))
    point_at(OTHER)
    try:
        yield
    finally:
        connections.close_all()
        point_at(before)
        drop(OTHER)


def look(name: str, hashes: Hashes, result: Result) -> None:
    """The same rows; every invariant, the seals of all time among them."""
    result.failures += [f"{name}: {each}" for each in differing(hashes)]
    books.check(result, f"restored from {name}", alarms=False, thorough=True)


def differing(hashes: Hashes) -> list[str]:
    with connections["owner"].cursor() as cursor:
        found = hashes_of(cursor)
    names = sorted(hashes.keys() | found.keys())
    return [f"{n}: {hashes.get(n)} dumped, {found.get(n)} there" for n in names if hashes.get(n) != found.get(n)]


def run(program: str, *words: str) -> None:
    """One of the programs that come with the server."""
    command = [binaries.find().program(program), *words]
    done = subprocess.run(command, capture_output=True, text=True, env=cluster.environment(), check=False)
    if done.returncode or done.stderr.strip():
        raise RuntimeError(f"{program}: {done.stderr.strip()[-500:]}")


def url(name: str) -> str:
    """As libpq writes it."""
    return address(name).replace("postgres://", "postgresql://", 1)
