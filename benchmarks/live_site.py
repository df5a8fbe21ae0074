"""The site that is measured: its database with many people in it, its processes, what they use of the machine."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from contracts.models import Contract
from marketplace.models import User

ROOT = Path(__file__).resolve().parent.parent
NAME = "cairn_benchmark_live"
CLIENT = "client@cairn.test"
OURS = os.environ["PGAPPNAME"] = "benchmark"
COUNT = """SELECT application_name, count(*) FROM pg_stat_activity
WHERE datname = %s AND application_name <> %s GROUP BY 1 ORDER BY 1"""


@dataclass
class World:
    """`users` are ids with their sessions; `room` is the address of a contract room that `visitor`'s session sees."""

    users: list[tuple[int, str]]
    room: str
    visitor: str

    def connections(self) -> str:
        """Those of the web processes, by what they are for; not the benchmark's own."""
        with connections["owner"].cursor() as cursor:
            cursor.execute(COUNT, [NAME, OURS])
            return ", ".join(f"{count} {name or 'pages'}" for name, count in cursor.fetchall())


@contextmanager
def making(people: int) -> Iterator[World]:
    """A database with the demo and so many more people, all signed in; dropped afterwards."""
    on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    on_server("CREATE DATABASE {}")
    for alias in ("default", "owner"):
        connections[alias].settings_dict["NAME"] = NAME
        settings.DATABASES[alias]["NAME"] = NAME
    try:
        call_command("migrate", verbosity=0)
        call_command("demo")
        yield world(people)
    finally:
        connections.close_all()
        on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)")


def world(people: int) -> World:
    client = User.objects.get(email=CLIENT)
    room = Contract.objects.visible_to(client).order_by("-pk").first()
    many = User.objects.bulk_create([User(email=f"person-{n}@cairn.test", password="!") for n in range(people)])  # noqa: S106
    return World([(user.pk, signed_in(user)) for user in many], f"/contracts/{room.pk}/", signed_in(client))


def signed_in(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def on_server(statement: str) -> None:
    known = connections["owner"].get_connection_params()
    names = ("host", "port", "user", "password")
    where = {name: known[name] for name in names if name in known}
    with psycopg.connect(**where, dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(NAME)))


class Site:
    """Two web processes on this port, as start.py has them, with this application and worker."""

    def __init__(self, application: str, worker: str, port: int) -> None:
        words = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--worker-class", worker]
        words += ["--workers", "2", "--threads", "4", "--graceful-timeout", "3", "--no-control-socket"]
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{NAME}")
        paths = [str(ROOT), str(ROOT / "benchmarks"), os.environ.get("PYTHONPATH", "")]
        environ = os.environ | {"DATABASE_URL": urlunsplit(url), "PYTHONPATH": os.pathsep.join(paths), "PGAPPNAME": ""}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.address, self.process = f"http://127.0.0.1:{port}/", subprocess.Popen(words, env=environ, **quiet)

    def __enter__(self) -> "Site":
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(self.address, timeout=5):  # noqa: S310
                    return self
            except OSError:
                time.sleep(0.2)
        self.__exit__()
        raise TimeoutError(self.address)

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(30)

    def workers(self) -> list[str]:
        return Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()

    def spent(self) -> float:
        """Seconds of CPU since they started."""
        fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.workers()]
        return sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")

    def share(self, before: float, seconds: float) -> float:
        """Percent of one core since then."""
        return 100 * (self.spent() - before) / seconds

    def memory(self) -> float:
        """Megabytes of all web processes together, what they share counted once."""
        texts = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in self.workers()]
        return sum(int(text.split("Pss:")[1].split()[0]) for text in texts) / 1024
