"""The worker's own work: real worker processes on a database that they commit to."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as site
from django.db import connection, connections, transaction
from procrastinate.contrib.django.utils import connector_params

from contracts.models import Contract
from contracts.tasks import retry_stalled, sweep
from marketplace import clock
from tests.books import books_hold
from tests.factories import offered
from tests.processes import environment

WORKER = [sys.executable, "manage.py", "procrastinate", "worker"]
PATIENCE = 150  # seconds: what a worker does each minute may just have been missed


@pytest.fixture(autouse=True)
def committed(own_database) -> None:
    """Workers see only what was committed."""


@pytest.fixture
def start() -> Iterator[Callable[[], subprocess.Popen]]:
    """Starts a worker, which works until the test kills it or ends."""
    started: list[subprocess.Popen] = []

    def begin() -> subprocess.Popen:
        started.append(subprocess.Popen(WORKER, cwd=site.BASE_DIR, env=environment()))
        return started[-1]

    yield begin
    for worker in started:
        kill(worker)


def kill(worker: subprocess.Popen) -> None:
    worker.kill()
    worker.wait(PATIENCE)


def work_off() -> None:
    """A worker does the jobs that wait, then another one those that they left."""
    for _time in range(2):
        done = subprocess.run(
            [*WORKER, "--one-shot"], cwd=site.BASE_DIR, env=environment(), timeout=PATIENCE, check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


def jobs() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status::text FROM procrastinate_jobs ORDER BY id")
        return cursor.fetchall()


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, jobs()
        time.sleep(0.05)


def overdue() -> Contract:
    """An offer that nobody answered in time."""
    contract = offered(1).contract
    clock.advance(contract.answer_by - clock.now())
    return contract


def ways_of(contract: Contract) -> list[str]:
    return list(contract.events.order_by("pk").values_list("kind", flat=True))


def test_a_worker_sweeps_by_itself_and_leaves_no_rows_behind(start):
    contract = overdue()
    start()
    wait_until(lambda: ways_of(contract)[-1] == "offer_expired")
    wait_until(lambda: jobs() == [])
    books_hold()


def test_a_sweep_whose_worker_was_killed_is_done_by_another_one(start):
    contract = overdue()
    with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("LOCK TABLE contracts_milestone")
        worker = start()
        wait_until(lambda: ("sweep", "doing") in jobs())
        kill(worker)
    assert ("sweep", "doing") in jobs()
    execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '31 seconds'")
    async_to_sync(retry_stalled.func)(0)
    assert ("sweep", "todo") in jobs()
    work_off()
    assert jobs() == []
    assert ways_of(contract)[-1:] == ["offer_expired"]
    assert ways_of(contract).count("offer_expired") == 1
    books_hold()


def test_of_a_stalled_sweep_and_one_that_waits_one_remains():
    sweep.defer(timestamp=0)
    execute("UPDATE procrastinate_jobs SET status = 'doing'")
    sweep.defer(timestamp=60)
    async_to_sync(retry_stalled.func)(0)
    assert jobs() == [("sweep", "todo")]


def test_a_job_of_a_worker_that_lives_is_left_to_it():
    sweep.defer(timestamp=0)
    execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)")
    async_to_sync(retry_stalled.func)(0)
    assert jobs() == [("sweep", "doing")]


def test_a_job_of_a_transaction_that_was_taken_back_never_was():
    with transaction.atomic():
        sweep.defer(timestamp=0)
        transaction.set_rollback(True)
    assert jobs() == []


def test_the_worker_too_is_connected_as_the_applications_role():
    with psycopg.connect(**connector_params()) as its_own:
        assert its_own.execute("SELECT current_user").fetchone() == (site.APPLICATION_ROLE,)
