"""A second server that follows a first one and can take its place. Starts and kills none; knows no site.

Who follows is known by a name. Commits wait for it once they are told to: docs/operations.md says what that means.
"""

import time
from collections.abc import Callable

from launcher.postgres import cluster
from launcher.postgres.server import PATIENCE, Server
from launcher.progress import Stop

NAME = "cairn_standby"


def copy(primary: Server, to: Server, name: str = NAME) -> None:
    """Give `to`, which was never started, a base copy of `primary`: from its start on it follows, under this name."""
    where = f"host='{primary.place.sockets}' user={cluster.OWNER} application_name={name}"
    command = [primary.binaries.program("pg_basebackup"), "-d", where, "-D", str(to.place.cluster)]
    command += ["--write-recovery-conf", "--checkpoint=fast", *(["--no-sync"] if to.hasty else [])]
    cluster.run(primary.account, command)


def wait_for(primary: Server, name: str = NAME) -> None:
    """From now on a commit is done when this standby has it on its disk, too. Returns once it has all so far."""
    tell(primary, "synchronous_standby_names", name)
    follows = f"SELECT count(*) FROM pg_stat_replication WHERE application_name = '{name}' AND sync_state = 'sync'"
    until(lambda: ask(primary, follows) == "1", f"No standby follows as {name}.")


def promote(standby: Server) -> None:
    """Let it take over. It waits for nobody from then on: its base copy may have brought the wish for itself along."""
    tell(standby, "synchronous_standby_names", "")
    if ask(standby, f"SELECT pg_promote(true, {PATIENCE})") != "t":
        raise Stop("The standby does not take over; its postgres.log says why.")


def lose(standby: Server) -> None:
    """Let it hear nothing more of whom it follows, as if the way there were cut."""
    tell(standby, "primary_conninfo", "")
    until(lambda: ask(standby, "SELECT count(*) FROM pg_stat_wal_receiver") == "0", "The standby still follows.")


def tell(server: Server, setting: str, value: str) -> None:
    """Change a setting for good; the server reads it soon."""
    ask(server, f"ALTER SYSTEM SET {setting} = '{value}'")
    ask(server, "SELECT pg_reload_conf()")


def ask(server: Server, question: str) -> str:
    """What the owner is answered: rows in lines, columns apart by a bar."""
    command = [server.binaries.program("psql"), "-h", str(server.place.sockets), "-U", cluster.OWNER, "-d", "postgres"]
    return cluster.run(server.account, [*command, "-AtXqc", question]).strip()


def until(true: Callable[[], bool], complaint: str) -> None:
    """Wait for it, and refuse when it does not come."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise Stop(complaint)
        time.sleep(0.02)
