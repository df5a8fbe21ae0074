"""A base copy and the kept log bring back any moment: one server runs with deploy/archive.yaml's settings, a second
comes back to just before a mistake, as docs/restoring.md says.
"""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import yaml

from launcher.postgres import account, binaries, cluster
from marketplace import vitals
from tests.layout.composed import ROOT
from tests.succession import until

PATIENCE = 60
FOUND = binaries.find()
MOST = ["-c", "archive_timeout=0", "-c", "fsync=off", "-c", "listen_addresses=", "-c", "timezone=UTC"]


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder of the server's own account, with a path that is short enough for sockets in it."""
    with tempfile.TemporaryDirectory(prefix="cairn-", dir="/tmp", ignore_cleanup_errors=True) as name:
        account.choose(Path(name)).owns(Path(name))
        yield Path(name)


def archiving(place: Path) -> list[str]:
    """What archive.yaml tells PostgreSQL, with the folders of this machine."""
    said = yaml.safe_load((ROOT / "deploy" / "archive.yaml").read_text())["services"]["database"]["command"]
    assert said[0] == "postgres"
    return [word.replace("/deploy/", f"{ROOT}/deploy/").replace("/var/lib/postgresql", str(place)) for word in said[1:]]


@contextmanager
def server(place: Path, data: Path, *settings: str) -> Iterator[psycopg.Connection]:
    """A server on this folder, once it lets us in to write; it ends with the block."""
    sockets = place / f"{data.name}-run"
    who = account.choose(place)
    words = [FOUND.program("postgres"), "-D", str(data), "-c", f"unix_socket_directories={sockets}", *MOST, *settings]
    who.owns(sockets)
    with (place / f"{data.name}.log").open("w") as log:
        process = subprocess.Popen([*who.prefix, *words], stdout=log, stderr=log, cwd="/", **who.become)
    try:
        with connected(sockets, process) as connection:
            yield connection
    finally:
        process.terminate()
        process.wait(PATIENCE)


def connected(sockets: Path, process: subprocess.Popen) -> psycopg.Connection:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            made = psycopg.connect(host=str(sockets), user=cluster.OWNER, dbname="postgres", autocommit=True)
            if not made.execute("SELECT pg_is_in_recovery()").fetchone()[0]:
                return made
            made.close()
        except psycopg.OperationalError:
            pass
        assert time.monotonic() < until, "the server did not come up"
        assert process.poll() is None, "the server ended"
        time.sleep(0.1)


def base_copy(place: Path) -> Path:
    who, copy = account.choose(place), place / "copy"
    words = [FOUND.program("pg_basebackup"), "-h", str(place / "data-run"), "-U", cluster.OWNER, "-D", str(copy)]
    subprocess.run([*who.prefix, *words, "--checkpoint=fast"], check=True, cwd="/", capture_output=True, **who.become)
    return copy


def test_any_moment_since_the_base_copy_can_be_come_back_to(place):
    who, data = account.choose(place), place / "data"
    cluster.create(data, FOUND, who, hasty=True)
    with server(place, data, *archiving(place)) as before:
        before.execute("CREATE TABLE kept AS SELECT 1 AS number")
        copy = base_copy(place)
        before.execute("INSERT INTO kept VALUES (2)")
        moment = before.execute("SELECT clock_timestamp()").fetchone()[0]
        before.execute("DELETE FROM kept")
        before.execute("SELECT pg_switch_wal()")
    (copy / "recovery.signal").touch()
    back = (
        "-c", f"restore_command=cp {place}/archive/%f %p", "-c", f"recovery_target_time={moment.isoformat()}",
        "-c", "recovery_target_action=promote",
    )  # fmt: skip
    with server(place, copy, *back) as after:
        assert after.execute("SELECT array_agg(number ORDER BY number) FROM kept").fetchone()[0] == [1, 2]


def test_a_log_that_cannot_be_archived_is_said_until_it_is(place):
    who, data = account.choose(place), place / "data"
    cluster.create(data, FOUND, who, hasty=True)
    (place / "archive").write_text("in its way")
    with server(place, data, *archiving(place)) as running:

        def failing() -> int:
            return running.execute(vitals.ARCHIVE_FAILING).fetchone()[0]

        assert failing() == 0
        running.execute("CREATE TABLE kept AS SELECT 1 AS number")
        running.execute("SELECT pg_switch_wal()")
        until(lambda: failing() == 1, "say so")
        (place / "archive").unlink()
        running.execute("INSERT INTO kept VALUES (2)")
        running.execute("SELECT pg_switch_wal()")
        until(lambda: failing() == 0, "archive again")


def test_a_segment_is_kept_once_and_whole(tmp_path):
    (tmp_path / "segment").write_text("first")
    words = [ROOT / "deploy" / "archive.sh", tmp_path / "segment", "000001", tmp_path / "archive"]
    for _again in range(2):  # after a crash PostgreSQL may not know that it was
        assert subprocess.run(words, check=False).returncode == 0
    (tmp_path / "segment").write_text("other")
    assert subprocess.run(words, check=False).returncode != 0
    assert [(each.name, each.read_text()) for each in (tmp_path / "archive").iterdir()] == [("000001", "first")]
