"""Real servers and real starts for the launcher's tests. Needs no Django and no database of the suite."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from launcher.postgres import binaries, postmaster

ROOT = Path(__file__).resolve().parents[2]
OURS = ("CAIRN_", "PG", "DATABASE_URL", "SECRET_KEY", "DEMO_PASSWORD", "PYTEST_", "DJANGO_", "CI")


def plain_environment(**more: str) -> dict[str, str]:
    """The environment without what the suite itself was started with."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith(OURS)}, **more}


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def ask(url: str, question: str) -> str:
    """One query over psql, as a person would."""
    psql = binaries.find().program("psql")
    said = subprocess.run(
        [psql, url, "-AtXc", question], check=False, capture_output=True, text=True, env=plain_environment()
    )
    assert said.returncode == 0, said.stderr
    return said.stdout.strip()


class Use:
    """One process that uses the embedded server of a data folder, as start.py does."""

    def __init__(self, data: Path, *options: str, python: str = sys.executable, prefix=(), **more):
        more.setdefault("cwd", ROOT)
        more.setdefault("env", plain_environment())
        self.data = data
        self.process = subprocess.Popen(
            [*prefix, python, "-m", "launcher.postgres", "--data", str(data), "--hasty", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more,
        )  # fmt: skip

    def url(self) -> str:
        """Wait for the server; its address."""
        line = self.process.stdout.readline().strip()
        assert line, self.process.stderr.read()
        return line

    def refusal(self) -> str:
        """Wait for the end, which must be one sentence; answer it."""
        said, complaint = self.process.communicate(timeout=120)
        assert (self.process.returncode, said) == (1, ""), complaint
        assert "Traceback" not in complaint
        return complaint

    def end(self) -> None:
        """Say that it is no longer needed, by closing its input, and wait until it has gone."""
        if not self.process.stdout.closed:
            self.process.communicate(timeout=120)

    def kill(self) -> None:
        self.process.kill()
        self.end()


def server_of(data: Path, folder: str = "postgres") -> int:
    """The pid of the running server of a data folder, or 0."""
    found = postmaster.read(data / folder)
    return found.pid if found and postmaster.is_alive(found.pid, data / folder) else 0


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def children_of(pid: int) -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _is_child(entry, pid)]


def _is_child(entry: Path, pid: int) -> bool:
    try:
        return parent_of(int(entry.name)) == pid
    except (OSError, IndexError):
        return False


def kill_all(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):  # a worker of the server's may have seen its end first
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder, removed afterwards. (pytest's own are too long for a socket and closed to other users.)

    In memory where there is room: clusters are made by the dozen here, and each waits for the disk.
    """
    memory = Path("/dev/shm")  # noqa: S108
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30
    made = Path(tempfile.mkdtemp(prefix="cairn-t-", dir=memory if roomy else None))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def use(folder) -> Iterator[Callable[..., Use]]:
    """Start a use of the server; whatever still runs at the end of the test is ended."""
    started = []

    def start(data: Path | None = None, *options: str, **more) -> Use:
        started.append(Use(folder / "d" if data is None else data, *options, **more))
        return started[-1]

    yield start
    for one in started:
        one.end()
