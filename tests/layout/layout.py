"""The layout of compose.yaml as processes of this machine: nginx, pgbouncer, two web servers, a worker, the same files,
and a primary with its standby.

Knows which address each part has here. Knows nothing of what is done through it.
"""

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from launcher.postgres import account, binaries
from notifications.tests.post_office import PostOffice, free_port
from tests.layout import around
from tests.layout.composed import ROOT, command, environment, example, service
from tests.layout.running import PATIENCE, Running
from tests.succession import Succession

TOKEN, STRIPE_KEY = "metrics-token", "sk_test_12345"
# Compressing them takes fifteen seconds of a processor, and is tried by whoever makes the image.
COLLECT = """
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
import django; django.setup()
from django.core.management import call_command
call_command("collectstatic", "--noinput", verbosity=0)
"""


class Layout:
    """All services on one database of these servers, for as long as `up` lasts. `url` is where a browser finds it."""

    def __init__(self, database: str, folder: Path, servers: Succession) -> None:
        self.folder, self.database, self.servers = folder, database, servers
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
            self.stripe = ends.enter_context(around.stand_in())
            around.certificate(self.folder)
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
            environ |= {"CAIRN_DATA": str(self.folder), "CAIRN_STATIC": str(self.folder / "static")}
            environ["TMPDIR"] = str(self.folder / "arriving")
            environ["CAIRN_DATABASES_HERE"] = around.database()[0]
        # A plain user, as in the containers: pgbouncer refuses root, and as root nginx would become somebody else.
        prefix = account.choose(self.folder).prefix if name in {"pooler", "proxy"} else ()
        return Running(called or name, words or command(name), environ, self.folder, prefix)

    def direct(self) -> str:
        """The address of whichever server is the primary, for the login that serves."""
        return around.address(self.login, self.given["CAIRN_WEB_PASSWORD"], self.database)

    def reading(self) -> str:
        """That of the one that is the standby at first."""
        where = self.servers.servers[1].place.sockets
        return f"postgres://{self.login}:{self.given['CAIRN_WEB_PASSWORD']}@/{self.database}?host={where}"

    def web(self, name: str) -> Running:
        pooled = f"postgres://{self.login}:{self.given['CAIRN_WEB_PASSWORD']}@127.0.0.1:{self.ports['pooler']}"
        return self.part(
            name, DATABASE_URL=f"{pooled}/{self.database}", DIRECT_DATABASE_URL=self.direct(),
            CAIRN_READ_DATABASE_URL=self.reading(),
            CAIRN_BIND=f"127.0.0.1:{self.ports[name]}", PROMETHEUS_MULTIPROC_DIR=str(self.folder / name / "figures"),
            ALLOWED_HOSTS=f"{self.host},{name}",
        )  # fmt: skip

    def manage(self, *words: str) -> None:
        """A command where the worker runs."""
        words = ["python", "manage.py", *words]
        self.part("worker", words=words, called="manage", DATABASE_URL=self.direct()).finish()

    def pooler(self) -> Running:
        host = str(self.servers.primary.place.sockets)
        return self.part(
            "pooler", CAIRN_DATABASE=self.database, CAIRN_DATABASE_HOST=host, CAIRN_DATABASE_PORT="5432",
            CAIRN_POOLER_ADDRESS="127.0.0.1", CAIRN_POOLER_PORT=str(self.ports["pooler"]), CAIRN_POOL_SIZE="3",
        )  # fmt: skip

    def proxy(self) -> Running:
        (self.folder / "uploads").mkdir()
        return self.part(
            "proxy", CAIRN_UPLOADS=str(self.folder / "uploads"), CAIRN_PROXY_LOG=str(self.folder / "access.log"),
            CAIRN_HTTP=f"127.0.0.1:{self.ports['http']}", CAIRN_HTTPS=f"127.0.0.1:{self.ports['https']}",
            CAIRN_WEB_ONE=f"127.0.0.1:{self.ports['web-one']}", CAIRN_WEB_TWO=f"127.0.0.1:{self.ports['web-two']}",
            CAIRN_TLS_CERT=str(self.folder / "cert.pem"), CAIRN_TLS_KEY=str(self.folder / "key.pem"),
        )  # fmt: skip

    def make_login(self) -> None:
        """As the database's container does when it is made."""
        (host, port), (user, password) = around.database(), around.owner()
        environ = {
            "PGHOST": host, "PGPORT": port, "PGUSER": user, "PGPASSWORD": password, "PGDATABASE": self.database,
            "CAIRN_WEB_LOGIN": self.login, "CAIRN_WEB_PASSWORD": self.given["CAIRN_WEB_PASSWORD"],
            "PATH": f"{binaries.find().folder}:{os.environ['PATH']}",
        }  # fmt: skip
        subprocess.run([ROOT / "deploy" / "login.sh"], env=environ, check=True)

    def start(self) -> None:
        """In the order that compose.yaml's depends_on gives."""
        owner = around.address(*around.owner(), self.database)
        self.part("migrate", DATABASE_URL=self.direct(), OWNER_DATABASE_URL=owner).finish()
        environ = {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "marketplace.settings"}
        collecting = self.part("worker", words=["python", "-c", COLLECT], called="static", DATABASE_URL=owner)
        collecting.environ |= environ
        collecting.finish()
        worker = self.part("worker", DATABASE_URL=self.direct())
        parts = [self.pooler(), self.web("web-one"), self.web("web-two"), self.proxy(), worker]
        for part in parts:
            self.parts[part.name] = part
            part.start()
        for name, port in (("pooler", "pooler"), ("proxy", "https")):
            self.parts[name].until(partial(around.listens, self.ports[port]), "listen")
        for name in ("web-one", "web-two"):
            self.await_web(name)

    def await_web(self, name: str) -> None:
        """By its container's health check."""
        kind, *words = service(name)["healthcheck"]["test"]
        assert kind == "CMD"
        check = Running(f"{name}-health", words, {}, self.folder)
        self.parts[name].until(lambda: check.succeeds(self.parts[name].environ), "get ready")

    def renew(self, name: str) -> None:
        """One web server goes and comes back, as in an upgrade, while the other serves."""
        if code := self.parts[name].stop():
            raise RuntimeError(f"{name} ended with {code}:\n{self.parts[name].said()}")
        self.parts[name].start()
        self.await_web(name)

    def inside(self, name: str, path: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}/{path}"

    def point_pooler(self) -> None:
        """A pooler that leads to the primary there is now, in place of the one before."""
        self.parts["pooler"].stop()
        self.parts["pooler"] = self.pooler()
        self.parts["pooler"].start()

    def restart(self, name: str) -> None:
        """What ended by itself begins again, as compose.yaml's services do."""
        self.parts[name].process.wait(PATIENCE)
        self.parts[name].start()

    def down(self) -> None:
        for part in reversed(self.parts.values()):
            part.stop()
