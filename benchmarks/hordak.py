"""django-hordak beside our ledger, in processes with settings of their own: its bare transfer, and with a check.

What it cannot do here is said in the result's `missing`.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from benchmarks import elsewhere
from benchmarks.plan import Plan, Result
from proof.databases import address, drop, server

NAME = "bench_hordak"
type Rate = Callable[[int, float], float]


class Failed(Exception):
    """Its process said this."""


@contextmanager
def ready(plan: Plan, result: Result) -> Iterator[Mapping[str, Rate]]:
    """Its arms by name, on a database of its own; none when it does not run."""
    drop(NAME)
    with server() as connection:
        connection.execute(f"CREATE DATABASE {NAME}")
    try:
        asked("make")
    except (elsewhere.Missing, Failed) as problem:
        result.missing.append(f"django-hordak 2.0: {problem}")
        arms: dict[str, Rate] = {}
    else:
        arms = {"hordak": bare, "hordak_checked": checked}
    try:
        yield arms
    finally:
        drop(NAME)


def bare(workers: int, seconds: float) -> float:
    return float(asked("bare", str(workers), str(seconds)))


def checked(workers: int, seconds: float) -> float:
    return float(asked("checked", str(workers), str(seconds)))


def asked(*words: str) -> str:
    """The last line that its process prints."""
    environ = elsewhere.environ() | {
        "DJANGO_SETTINGS_MODULE": "benchmarks.hordak_settings", "DATABASE_URL": address(NAME),
        "PYTHONWARNINGS": "ignore",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.hordak_post", *words], env=environ, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Failed(done.stderr.strip().splitlines()[-1])
    return (done.stdout.split() or [""])[-1]
