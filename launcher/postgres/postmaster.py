"""What postmaster.pid says, and whether that process is still this cluster's server. Starts and stops nothing itself.

A pid alone proves nothing: it may be a zombie's, or another process's by now.
"""

import os
import subprocess
from pathlib import Path
from typing import NamedTuple


class Postmaster(NamedTuple):
    """The process that postmaster.pid names."""

    pid: int
    sockets: str
    ready: bool


def read(cluster: Path) -> Postmaster | None:
    """What the cluster's postmaster.pid says, true or stale."""
    try:
        lines = (cluster / "postmaster.pid").read_text(errors="surrogateescape").splitlines()
        return Postmaster(int(lines[0]), (lines[4:5] or [""])[0], [line.strip() for line in lines[7:8]] == ["ready"])
    except (OSError, ValueError, IndexError):
        return None


def is_alive(pid: int, cluster: Path) -> bool:
    """The process lives and is the server of this cluster: a server's working directory is its cluster."""
    if not os.path.isdir("/proc/self"):
        return _is_alive_by_ps(pid, cluster)
    try:
        with open(f"/proc/{pid}/stat", errors="replace") as state:
            zombie = state.read().rpartition(")")[2].split()[0] in "ZX"
        return not zombie and os.readlink(f"/proc/{pid}/cwd") == str(cluster.resolve())
    except OSError:
        return False


def _is_alive_by_ps(pid: int, cluster: Path) -> bool:
    said = subprocess.run(
        ["ps", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return not said.startswith("Z") and "postgres" in said and str(cluster) in said
