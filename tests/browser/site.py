"""The site as browsers meet it: a real server process, and a database with the demo in it, anew for each test.

Knows processes, databases and sessions. Knows no browser.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connections
from psycopg import sql

from conftest import SUITE, TEMPLATE, WORKER, clone, point_at, server
from marketplace.models import User
from tests.staff import typed

ROOT = Path(__file__).parents[2]
DEMO = f"{SUITE}_demo"
NAME = f"{SUITE}_browser_{WORKER}"
LOCK = 4_217_003
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PATIENCE = 90


def environment(database: str, data: Path) -> dict[str, str]:
    """What a process of the demo needs to know to serve this database."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}")
    given = {"DATABASE_URL": urlunsplit(url), "CAIRN_MODE": "demo", "CAIRN_DATA": str(data)}
    return {**os.environ, "PYTHONWARNINGS": "default", **given}


def manage(*words: str, data: Path, database: str = NAME) -> None:
    """Give the site an order from the command line."""
    order = [sys.executable, "manage.py", *words]
    subprocess.run(order, cwd=ROOT, env=environment(database, data), check=True, capture_output=True)


def make_demo(run: str, data: Path) -> None:
    """Load the demo once per run of the suite, whichever worker comes first; everybody in it is signed in."""
    with server() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        made = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [DEMO]
        ).fetchone()
        if made and made[0] == run:
            return
        clone(DEMO, TEMPLATE)
        manage("demo", data=data, database=DEMO)
        with pointed_at(DEMO):
            sign_everybody_in()
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(DEMO), sql.Literal(run)))


@contextmanager
def pointed_at(name: str) -> Iterator[None]:
    """Within it, the models of this process speak to the database `name`."""
    before = connections["default"].settings_dict["NAME"]
    point_at(name)
    try:
        yield
    finally:
        connections.close_all()
        point_at(before)


def sign_everybody_in() -> None:
    """A session for each person, so that only the tests of signing in need to do it by hand."""
    for user in User.objects.all():
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = BACKEND
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        typed(session, user, ago=-86_400)  # however long the suite takes, nobody is asked again
        session.save()


def session_of(email: str) -> str:
    """The key of this person's session."""
    user = str(User.objects.get(email=email).pk)
    return next(one.session_key for one in Session.objects.all() if one.get_decoded().get(SESSION_KEY) == user)


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """The address of a server of our own. It listens before it starts, so that no port is guessed."""
    with socket.create_server(("127.0.0.1", 0)) as listening, (data / "server.log").open("w") as log:
        port = listening.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "marketplace.wsgi", f"--bind=fd://{listening.fileno()}",
                   "--worker-class=gthread", "--threads=6", "--workers=1", "--keep-alive=30"]  # fmt: skip
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(NAME, data), pass_fds=[listening.fileno()], stdout=log, stderr=log
        )
        try:
            yield await_first_page(f"http://127.0.0.1:{port}", process, data / "server.log")
        finally:
            process.terminate()
            process.wait(PATIENCE)


def await_first_page(address: str, process: subprocess.Popen, log: Path) -> str:
    """`address`, once a page comes from it. The listening socket keeps those who ask too early waiting."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/static/css/cairn.css", timeout=PATIENCE):  # noqa: S310
                return address
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{log.read_text()}")
