"""The layout of compose.yaml as processes of this machine: nginx, pgbouncer, two web servers, a worker, the same files.

Knows which address each part has here. Knows nothing of what is done through it.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from django.db import connections

from escrow.tests import stand_in_stripe
from launcher.postgres import account, binaries
from notifications.tests.post_office import PostOffice, free_port
from tests.layout.composed import ROOT, command, environment, example
from tests.layout.running import Running, answers

PROGRAMS = {"nginx": "nginx-light", "pgbouncer": "pgbouncer", "openssl": "openssl"}
TOKEN, STRIPE_KEY = "metrics-token", "sk_test_12345"
# Compressing them takes fifteen seconds of a processor, and is tried by whoever makes the image.
COLLECT = """
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
import django; django.setup()
from django.core.management import call_command
call_command("collectstatic", "--noinput", verbosity=0)
"""


def missing() -> str:
    """Why the layout cannot be built here; empty where it can."""
    places = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    lacking = [package for program, package in PROGRAMS.items() if not shutil.which(program, path=places)]
    return f"apt-get install {' '.join(lacking)}, to try the layout of compose.yaml" if lacking else ""


class Layout:
    """All services on one database of this suite, for as long as `up` lasts. `url` is where a browser finds it."""

    def __init__(self, database: str, folder: Path) -> None:
        self.folder, self.database = folder, database
        self.login = f"{database}_web"
        self.ports = {name: free_port() for name in ("http", "https", "web-one", "web-two", "pooler")}
        self.host, self.url = "127.0.0.1", f"https://127.0.0.1:{self.ports['https']}"
        self.post, self.stripe = PostOffice(), ""
        self.given: dict[str, str] = {}
        self.parts: dict[str, Running] = {}

    @contextmanager
    def up(self) -> Iterator["Layout"]:
        with ExitStack() as ends:
            self.post.open()
            ends.callback(self.post.close)
            self.stripe = ends.enter_context(stand_in())
            certificate(self.folder)
            self.given = self.env()
            ends.callback(self.down)
            self.make_login()
            self.start()
            yield self

    def env(self) -> dict[str, str]:
        """What .env would say: all that example.env asks for."""
        password = secrets.token_hex(16)
        mine = {
            "CAIRN_HOST": self.host, "CAIRN_URL": self.url, "SECRET_KEY": secrets.token_urlsafe(50),
            "CAIRN_TLS": str(self.folder),
            "CAIRN_OWNER_PASSWORD": password, "CAIRN_WEB_LOGIN": self.login, "CAIRN_WEB_PASSWORD": password,
            "STRIPE_SECRET_KEY": STRIPE_KEY, "STRIPE_WEBHOOK_SECRET": "whsec_x", "STRIPE_RETURN_URL": self.url,
            "STRIPE_API_BASE": self.stripe, "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(self.post.port),
            "SMTP_TLS": "false", "DEFAULT_FROM_EMAIL": "Cairn <cairn@cairn.example>", "CAIRN_METRICS_TOKEN": TOKEN,
            "CAIRN_PROCESSES": "1",
        }  # fmt: skip
        return example() | mine

    def part(self, name: str, *, words: list[str] | None = None, called: str = "", **instead: str) -> Running:
        """A service's process with its own folder to write to; `words` is another command with what it knows."""
        environ = environment(name, self.given, instead)
        run = self.folder / name
        run.mkdir(exist_ok=True)
        if "CAIRN_RUN" in environ:
            environ["CAIRN_RUN"] = str(run)
        if "CAIRN_MODE" in environ:  # what the image itself says, and where its volume is
            environ |= {"CAIRN_DATA": str(self.folder), "TMPDIR": str(run), "CAIRN_STATIC": str(self.folder / "static")}
            environ["CAIRN_DATABASES_HERE"] = str(
                connections["owner"].get_connection_params().get("host") or "localhost"
            )
        prefix = account.choose(self.folder).prefix if name == "pooler" else ()  # pgbouncer refuses root
        return Running(called or name, words or command(name), environ, self.folder, prefix)

    def direct(self, login: str) -> str:
        """The address of the database itself."""
        params = connections["owner"].get_connection_params()
        return f"postgres://{login}:{self.given['CAIRN_WEB_PASSWORD']}@{place(params)}/{self.database}{at(params)}"

    def web(self, name: str) -> Running:
        pooled = f"postgres://{self.login}:{self.given['CAIRN_WEB_PASSWORD']}@127.0.0.1:{self.ports['pooler']}"
        return self.part(
            name, DATABASE_URL=f"{pooled}/{self.database}", DIRECT_DATABASE_URL=self.direct(self.login),
            CAIRN_BIND=f"127.0.0.1:{self.ports[name]}", PROMETHEUS_MULTIPROC_DIR=str(self.folder / name / "figures"),
            ALLOWED_HOSTS=f"{self.host},{name}",
        )  # fmt: skip

    def manage(self, *words: str) -> None:
        """A command where the worker runs."""
        there = self.direct(self.login)
        self.part("worker", words=["python", "manage.py", *words], called="manage", DATABASE_URL=there).finish()

    def pooler(self) -> Running:
        params = connections["owner"].get_connection_params()
        return self.part(
            "pooler", CAIRN_DATABASE=self.database, CAIRN_DATABASE_HOST=str(params.get("host") or "127.0.0.1"),
            CAIRN_DATABASE_PORT=str(params.get("port") or 5432), CAIRN_POOLER_ADDRESS="127.0.0.1",
            CAIRN_POOLER_PORT=str(self.ports["pooler"]), CAIRN_POOL_SIZE="3",
        )  # fmt: skip

    def proxy(self) -> Running:
        return self.part(
            "proxy", CAIRN_UPLOADS=str(self.folder / "uploads"), CAIRN_PROXY_LOG=str(self.folder / "access.log"),
            CAIRN_HTTP=f"127.0.0.1:{self.ports['http']}", CAIRN_HTTPS=f"127.0.0.1:{self.ports['https']}",
            CAIRN_WEB_ONE=f"127.0.0.1:{self.ports['web-one']}", CAIRN_WEB_TWO=f"127.0.0.1:{self.ports['web-two']}",
            CAIRN_TLS_CERT=str(self.folder / "cert.pem"), CAIRN_TLS_KEY=str(self.folder / "key.pem"),
        )  # fmt: skip

    def make_login(self) -> None:
        """As the database's container does when it is made."""
        params = connections["owner"].get_connection_params()
        environ = {"PGHOST": params.get("host"), "PGPORT": params.get("port"), "PGPASSWORD": params.get("password")}
        environ |= {"PGUSER": params.get("user"), "PGDATABASE": self.database, "CAIRN_WEB_LOGIN": self.login}
        environ |= {"CAIRN_WEB_PASSWORD": self.given["CAIRN_WEB_PASSWORD"]}
        said = {name: str(value) for name, value in environ.items() if value}
        path = f"{binaries.find().folder}:{os.environ['PATH']}"
        subprocess.run([ROOT / "deploy" / "login.sh"], env=said | {"PATH": path}, check=True)

    def start(self) -> None:
        """In the order that compose.yaml's depends_on gives."""
        owner = self.direct(connections["owner"].settings_dict["USER"])
        self.part("migrate", DATABASE_URL=self.direct(self.login), OWNER_DATABASE_URL=owner).finish()
        environ = {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "marketplace.settings"}
        collecting = self.part("worker", words=["python", "-c", COLLECT], called="static", DATABASE_URL=owner)
        collecting.environ |= environ
        collecting.finish()
        worker = self.part("worker", DATABASE_URL=self.direct(self.login))
        parts = [self.pooler(), self.web("web-one"), self.web("web-two"), self.proxy(), worker]
        for part in parts:
            self.parts[part.name] = part
            part.start()
        for name, port in (("pooler", "pooler"), ("proxy", "https")):
            self.parts[name].until(partial(listens, self.ports[port]), "listen")
        for name in ("web-one", "web-two"):
            self.await_web(name)

    def await_web(self, name: str) -> None:
        """As its container's health check does."""
        self.parts[name].until(lambda: answers(self.inside(name, "readyz"), Host=name), "get ready")

    def renew(self, name: str) -> None:
        """One web server goes and comes back, as in an upgrade, while the other serves."""
        if code := self.parts[name].stop():
            raise RuntimeError(f"{name} ended with {code}:\n{self.parts[name].said()}")
        self.parts[name].start()
        self.await_web(name)

    def inside(self, name: str, path: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}/{path}"

    def down(self) -> None:
        for part in reversed(self.parts.values()):
            part.stop()

    def drop_login(self) -> None:
        with connections["owner"].cursor() as owner:
            owner.execute(f'DROP OWNED BY "{self.login}"; DROP ROLE "{self.login}"')


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def stand_in() -> Iterator[str]:
    """The address of a stand-in Stripe."""
    words = [sys.executable, stand_in_stripe.__file__]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


def certificate(folder: Path) -> None:
    """A key and a certificate that it signed itself."""
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    words += ["-subj", "/CN=cairn", "-addext", "subjectAltName=IP:127.0.0.1"]
    words += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(words, check=True, capture_output=True)


def place(params: dict) -> str:
    """The host and port in an address, or nothing where the database has a socket in a folder."""
    host = str(params.get("host") or "127.0.0.1")
    return "" if host.startswith("/") else f"{host}:{params.get('port') or 5432}"


def at(params: dict) -> str:
    host = str(params.get("host") or "")
    return f"?host={quote(host, safe='')}" if host.startswith("/") else ""
