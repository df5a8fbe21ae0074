"""`python3 start.py` in a fresh copy of the project, as somebody who just cloned it has it: how soon there is a page.

Installs the packages from the index, like any first start.
"""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from benchmarks.plan import Plan, Result
from launcher import apart
from notifications.tests.post_office import free_port

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 240
PYTHON = ["/usr/bin/env", "python3"]
LISTED = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")


def measure(plan: Plan) -> Result:
    result = Result("starting")
    copy = plan.data / "copy"
    copied(copy)
    result.add("start.fresh", "packages installed", [started(copy)])
    result.add("start.again", "the same copy", [started(copy) for _round in range(plan.rounds)])
    shutil.rmtree(copy)
    return result


def copied(copy: Path) -> None:
    """What is in the repository, as it stands here."""
    listed = subprocess.run(LISTED, cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)


def started(copy: Path) -> float:
    """Seconds until the site said where it is, which it does once a page has come; then it is stopped."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith((*apart.OURS, "SECRET_KEY"))}
    note = copy / ".cairn" / "start.json"
    note.unlink(missing_ok=True)
    begun = time.monotonic()
    with (copy / "start.log").open("ab") as log:
        process = subprocess.Popen(
            [*PYTHON, "start.py", "--port", str(free_port())], cwd=copy, env=environ, stdout=log, stderr=log
        )
    try:
        while not said(note):
            if process.poll() is not None or time.monotonic() - begun > PATIENCE:
                raise RuntimeError(f"It did not start: {(copy / 'start.log').read_text()[-500:]}")
            time.sleep(0.05)
        return time.monotonic() - begun
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def said(note: Path) -> bool:
    try:
        return "address" in json.loads(note.read_text())
    except (OSError, ValueError):
        return False
