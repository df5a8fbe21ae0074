"""Makes a cluster, whole or not at all, and says whether these binaries may run one. Starts no server."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from launcher.postgres.account import Account
from launcher.postgres.binaries import Binaries
from launcher.progress import Stop

OWNER = DATABASE = "cairn"
ROOM = 200 * 1024 * 1024


def environment() -> dict[str, str]:
    """Ours without what would turn the server's programs elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C"}


def check(cluster: Path, binaries: Binaries, account: Account) -> bool:
    """Whether there is a cluster. Refuses one of another major version, and a folder that is none; touches neither."""
    if not cluster.exists():
        return False
    try:
        made_by = (cluster / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise Stop(f"{cluster} is no PostgreSQL cluster; move it away, or choose another folder with --data.") from None
    owner, we = cluster.stat().st_uid, os.geteuid() if account.uid is None else account.uid
    if owner != we:
        raise Stop(f"{cluster} belongs to user {owner}; start as that user, or choose another folder with --data.")
    if made_by != str(binaries.major):
        raise Stop(
            f"The database in {cluster} was made by PostgreSQL {made_by}, and this Cairn brings {binaries.major}. "
            f"Nothing was changed: take its data along with pg_dump of version {made_by}, or start afresh in another "
            "folder with --data."
        )
    return True


def create(cluster: Path, binaries: Binaries, account: Account, *, hasty: bool) -> None:
    """Make the cluster with its database beside its place and move it there: a start that is cut short leaves none."""
    if shutil.disk_usage(cluster.parent).free < ROOM:
        raise Stop(
            f"There are less than 200 MB free for {cluster.parent}; make room, or choose another folder with --data."
        )
    fresh = cluster.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    command = [
        binaries.program("initdb"),
        "-D",
        str(fresh),
        "-U",
        OWNER,
        "--auth=trust",
        "--encoding=UTF8",
        *locale(binaries),
    ]
    run(account, command + (["--no-sync"] if hasty else []))
    single = [binaries.program("postgres"), "--single", "-D", str(fresh), "postgres"]
    run(account, single + (["-c", "fsync=off"] if hasty else []), f"CREATE DATABASE {DATABASE}\n")
    fresh.rename(cluster)


def locale(binaries: Binaries) -> list[str]:
    """The same order and case rules on every machine: by code point, with all of Unicode's letters."""
    if binaries.major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=" + ("en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"), "--lc-messages=C"]


def run(account: Account, command: list[str], words: str = "") -> str:
    """Run one of the server's programs to its end; what it said. Refuses with its complaint when that was a bad one."""
    done = subprocess.run(
        [*account.prefix, *command], input=words, capture_output=True, text=True, errors="replace", env=environment(),
        cwd="/", check=False, **account.become,
    )  # fmt: skip
    if done.returncode or "ERROR:" in done.stderr:
        raise Stop(complaint(done.stderr))
    return done.stdout


def complaint(words: str) -> str:
    """One sentence for what PostgreSQL said."""
    if "No space left on device" in words:
        return "The disk is full; free about 200 MB and start again."
    lines = [
        line for line in words.splitlines() if "error:" in line or "FATAL" in line or "ERROR" in line or "PANIC" in line
    ]
    return "PostgreSQL could not be started: {}".format(
        (lines or words.splitlines() or ["it said nothing"])[-1].strip()
    )
