"""Runs a module in a process group of its own, on a PostgreSQL and in a folder of its own. Knows not what it does.

The proof and the benchmarks run each of their parts so: nothing of one is left when the next begins.
"""

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher import children, environment
from launcher.arguments import ROOT
from launcher.postgres import Server

OURS = ("PG", "CAIRN_", "DATABASE_URL", "DIRECT_DATABASE_URL", "OWNER_DATABASE_URL", "DJANGO_")


@contextmanager
def alone(prefix: str, *, hasty: bool, **more: str) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder, and the environment that leads to the server in it; both are gone after the block."""
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder:
        data = Path(folder)
        with Server(data / "server", hasty=hasty) as server:
            yield data, environ(data, server.url, **more)


def environ(data: Path, url: str, **more: str) -> dict[str, str]:
    """Ours without what would lead elsewhere: this PostgreSQL, this folder, nothing else."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    place = data / "section"
    place.mkdir(mode=0o700)
    return kept | more | {
        "DATABASE_URL": url, "CAIRN_DATA": str(place), "SECRET_KEY": environment.secret_key(data),
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip


def answer(words: list[str], environ: dict[str, str], place: Path, patience: float) -> dict | str:
    """What `python -m` these words wrote to `place` as JSON, within `patience` seconds; or a sentence why nothing."""
    child = subprocess.Popen(
        children.environment_python("-m", *words, str(place)), cwd=ROOT, env=environ, start_new_session=True
    )
    try:
        code = child.wait(patience)
    except subprocess.TimeoutExpired:
        code = f"nothing in {patience:.0f} seconds"
    finally:
        _end_group(child)
    return json.loads(place.read_text()) if place.exists() else f"Its process answered {code}, and no result."


def _end_group(child: subprocess.Popen) -> None:
    """The process, and whatever it started in its own session."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    child.wait()
