"""PostgreSQL servers of a test's own: one is the primary, the next one follows it and may take its place.

Knows how a server dies, and how this process talks to whichever is the primary. Knows nothing of what is in them.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connections
from psycopg.conninfo import make_conninfo

from launcher.postgres import Server, binaries, cluster, postmaster, standby

ROOMY = 2**30
BOTH = ("default", "owner")


class Succession:
    """So many servers, of which `primary` runs, and `standby` once it follows."""

    def __init__(self, folder: Path, count: int, *, hasty: bool = False) -> None:
        self.servers, self.place = [Server(folder / f"s{number}", hasty=hasty) for number in range(count)], 0

    @property
    def primary(self) -> Server:
        return self.servers[self.place]

    @property
    def standby(self) -> Server:
        return self.servers[self.place + 1]

    def __enter__(self) -> "Succession":
        self.primary.join()
        return self

    def __exit__(self, *_: object) -> None:
        for server in reversed(self.servers):
            server.leave()

    def follow(self, *, waited_for: bool = True) -> None:
        """Make the standby and start it; `waited_for` by each commit."""
        standby.copy(self.primary, self.standby)
        self.standby.join()
        if waited_for:
            standby.wait_for(self.primary)

    def kill(self) -> None:
        """The primary and all its processes, at once and without a word."""
        pid = postmaster.read(self.primary.place.cluster).pid
        os.kill(pid, signal.SIGSTOP)  # it starts nobody in place of those who die
        for each in [*Path(f"/proc/{pid}/task/{pid}/children").read_text().split(), pid]:
            with suppress(ProcessLookupError):
                os.kill(int(each), signal.SIGKILL)
        self.primary.guard.wait()

    def succeed(self) -> None:
        """The standby is the primary from now on."""
        standby.promote(self.standby)
        self.place += 1

    @property
    def host(self) -> str:
        """All of them, as libpq reads it."""
        return ",".join(str(server.place.sockets) for server in self.servers)

    def url(self, name: str) -> str:
        """The DATABASE_URL of whichever is the primary."""
        where = quote(self.host, safe="")
        return f"postgres://{cluster.OWNER}@/{name}?host={where}&target_session_attrs=read-write"

    @contextmanager
    def spoken_to(self, name: str) -> Iterator[None]:
        """This process, and whoever it starts, talks to this database on whichever is the primary."""
        kept, before = {alias: dict(connections[alias].settings_dict) for alias in BOTH}, os.environ["DATABASE_URL"]
        connections.close_all()
        options = {"host": self.host, "target_session_attrs": "read-write"}
        there = {"HOST": "", "PORT": "", "USER": cluster.OWNER, "PASSWORD": "", "NAME": name}
        for alias in BOTH:
            connections[alias].settings_dict |= there | {"OPTIONS": kept[alias]["OPTIONS"] | options}
        os.environ["DATABASE_URL"] = self.url(name)
        try:
            yield
        finally:
            connections.close_all()
            for alias in BOTH:
                connections[alias].settings_dict |= kept[alias]
            os.environ["DATABASE_URL"] = before


def fill(server: Server, name: str, template: str) -> None:
    """Make the database `name` there, with what is in `template` on the suite's own server."""
    params = connections["owner"].get_connection_params()
    known = {each: params[each] for each in ("host", "port", "user", "password") if params.get(each)}
    source = [binaries.find().program("pg_dump"), "-d", make_conninfo(dbname=template, **known)]
    said = subprocess.run(source, check=True, capture_output=True, text=True, env=cluster.environment())
    standby.ask(server, f"CREATE ROLE {settings.APPLICATION_ROLE} NOLOGIN")
    standby.ask(server, f"CREATE DATABASE {name}")
    into = [server.binaries.program("psql"), "-h", str(server.place.sockets), "-U", cluster.OWNER, "-d", name]
    cluster.run(server.account, [*into, "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null"], said.stdout)


@contextmanager
def folder() -> Iterator[Path]:
    """A short one, in memory where there is room; it goes afterwards."""
    memory = Path("/dev/shm")  # noqa: S108
    has_room = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOMY
    with tempfile.TemporaryDirectory(
        prefix="cairn-t-", dir=memory if has_room else None, ignore_cleanup_errors=True
    ) as name:
        yield Path(name)


def until(true: object, what: str, seconds: float = 60) -> None:
    """Wait for what somebody else brings about."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"It did not {what} in time."
        time.sleep(0.02)
