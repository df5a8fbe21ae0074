"""Packages that only benchmarks compare with, in a folder of their own: nothing of them is in the site's environment.

They are locked in benchmarks/requirements.txt and installed once for each state of it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements.txt"


class Missing(Exception):
    """They could not be installed; the text says why."""


def folder() -> Path:
    """Where they are; installs them unless they are there."""
    digest = hashlib.sha256(sys.version.encode() + REQUIREMENTS.read_bytes()).hexdigest()[:16]
    place = HERE.parent / ".cairn" / "benchmarks" / digest
    if place.exists():
        return place
    place.parent.parent.mkdir(mode=0o700, exist_ok=True)
    fresh = place.with_name(f"{digest}.{os.getpid()}")
    words = ["-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "--no-input", "--target", str(fresh)]
    done = subprocess.run(
        [sys.executable, *words, "-r", str(REQUIREMENTS)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        raise Missing(f"pip could not install benchmarks/requirements.txt: {done.stderr.strip()[-300:]}")
    fresh.rename(place)
    return place


def environ() -> dict[str, str]:
    """Ours, with the way to them."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(folder())]))}
