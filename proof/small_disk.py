"""A disk that is soon full: a small tmpfs that only this process and its children see. Linux, as root.

Knows nothing of who writes there.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEGABYTE = 1024 * 1024
BALLAST = "ballast"


class NoSmallDisk(Exception):
    """This machine lets nobody mount one; says why."""


def apart() -> None:
    """From now on what this process mounts is its own, and goes with it."""
    try:
        os.unshare(os.CLONE_NEWNS)
        _run("mount", "--make-rprivate", "/")
    except (OSError, AttributeError, subprocess.CalledProcessError) as problem:
        raise NoSmallDisk(f"nobody may mount here ({problem})") from None


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    """An empty disk of that size at the place."""
    place.mkdir(mode=0o700)
    try:
        _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(place))
    except (OSError, subprocess.CalledProcessError) as problem:
        raise NoSmallDisk(f"no tmpfs can be mounted here ({problem})") from None
    try:
        yield place
    finally:
        _run("umount", "--lazy", str(place))


@contextmanager
def full(disk: Path, left: int = 0) -> Iterator[None]:
    """For as long as the block lasts, about so many bytes are left on the disk."""
    ballast = disk / BALLAST
    try:
        with ballast.open("wb") as file:
            _fill(file.fileno(), disk, left)
        yield
    finally:
        ballast.unlink(missing_ok=True)


def _fill(file: int, disk: Path, left: int) -> None:
    """Whoever writes meanwhile takes space too: as much as there is, down to a page."""
    size = 0
    while (free := _free(disk) - left) >= os.sysconf("SC_PAGE_SIZE"):
        try:
            os.posix_fallocate(file, size, free)
        except OSError:
            continue
        size += free


def _free(disk: Path) -> int:
    state = os.statvfs(disk)
    return state.f_bavail * state.f_frsize


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
