"""The disk is full: PostgreSQL's while people write, and the one that uploads go to.

What people are told then is a refusal or a calm 503, and never a 500; what was acknowledged stays, and once there is
space again the same forms settle what is open.
"""

import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random

import psycopg

from launcher.postgres import Server
from launcher.progress import Stop
from proof import full_uploads
from proof.databases import migrated, working_on
from proof.elsewhere import served_on
from proof.living import Life, life
from proof.plan import Plan, Result
from proof.small_disk import MEGABYTE, NoSmallDisk, apart, full, small_disk
from proof.timed import Timed, Times

NAME = "proof_disk"
SIZE = 400  # megabytes; the server wants 200 of them to begin with
PAIRS, CLIENTS = 12, 5
ROUNDS, QUICK_ROUNDS = 10, 2
WRITING, WITHOUT = (2.0, 4.0), (3.0, 5.0)  # seconds with space and without, each time
LEFT = (0, 0, 64 * 1024, MEGABYTE)  # bytes
PATIENCE = 30
LOG = "PostgreSQL's disk is full, and its log needs room"


def prove(plan: Plan) -> Result:
    """A server of its own on a small disk, and then uploads to another one."""
    result = Result("disk")
    place = plan.data / "site"
    place.mkdir()
    try:
        apart()
        with small_disk(plan.data / "small", SIZE) as disk, served_on(disk / "server") as server:
            migrated()
            with working_on(NAME):
                full_database(plan, disk, server, place, result)
            with working_on(NAME):
                full_uploads.prove(NAME, plan.data, result)
    except NoSmallDisk as reason:
        result.skipped.append(f"{reason}.")
    return result


def full_database(plan: Plan, disk: Path, server: Server, place: Path, result: Result) -> None:
    """People write; again and again there is no space left for a while."""
    chance, times = plan.chance("disk"), Times()
    with life(NAME, place, PAIRS, result, browser=partial(Timed, times=times)) as lived:
        with lived.acting(plan, CLIENTS):
            for number in range(QUICK_ROUNDS if plan.quick else ROUNDS):
                time.sleep(chance.uniform(*WRITING))
                without_space(chance, disk, server, lived, log=number % 2 == 1)
                recovered(server, result)
            time.sleep(chance.uniform(*WRITING))
        told(lived, times)
        lived.judge("after the disk was full")


def without_space(chance: Random, disk: Path, server: Server, lived: Life, *, log: bool) -> None:
    """For some seconds. With `log` the server needs a new file for its log, without which it cannot go on."""
    with full(disk, 0 if log else chance.choice(LEFT)):
        lived.result.fault(LOG if log else "PostgreSQL's disk is full")
        if log:
            with suppress(psycopg.Error), psycopg.connect(server.url, autocommit=True, connect_timeout=5) as connection:
                for _file in range(8):
                    connection.execute("SELECT pg_switch_wal()")
                    connection.execute("SELECT pg_logical_emit_message(true, 'room', repeat('.', 100000))")
        time.sleep(chance.uniform(*WITHOUT))


def recovered(server: Server, result: Result) -> None:
    """There is space again: a server that gave up is started, as somebody would; then it answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with psycopg.connect(server.url, connect_timeout=5) as connection:
                connection.execute("SELECT 1")
                return
        except psycopg.Error:
            if not server.is_running():
                result.notes.append("PostgreSQL gave up without space, and was started again.")
                with suppress(Stop):
                    server.leave()
                    server.join()
            time.sleep(0.2)
    result.failures.append(f"PostgreSQL did not come back within {PATIENCE} s.")


def told(lived: Life, times: Times) -> None:
    """Somebody met the full disk, or the proof is worth nothing; and nobody met a 500."""
    met = lived.answered("503")
    lived.result.control("space on the disk", noticed=met > 0)
    wrong = [each for each in times.complaints if each.endswith("answers 500")]
    lived.result.failures += [f"{each}: {raised(lived.web.log)}" for each in wrong]
    lived.result.notes.append(f"{met} posts were answered 503; of all posts: {lived.told}.")


def raised(log: Path) -> str:
    """What ended the requests that were answered 500, for who looks into it."""
    ends = [part.splitlines() for part in log.read_text().split("Internal Server Error: ")[1:]]
    found = {next((line for line in lines[1:] if line[:1].isalpha() and line[:9] != "Traceback"), "") for lines in ends}
    return "; ".join(sorted(found))
