"""What goes wrong during the chaos, one thing after the other: processes die, connections break, mail servers fail.

Each fault says its kind and does it; who recovers is the site, the server's own restart, or this module where a person
would start a process again.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import psycopg

from launcher.postgres import Server, postmaster
from notifications.tests.post_office import PostOffice
from proof.caller import Caller
from proof.plan import Result
from proof.proxy import Proxy
from tests.web import ROOT, Web

WORKER = [sys.executable, "manage.py", "procrastinate", "worker"]
PATIENCE = 30
DARK = 4.0


class Worker:
    """The real worker, started again whenever it was killed."""

    def __init__(self, environ: dict[str, str], data: Path) -> None:
        self.environ, self.log = os.environ | environ, data / "worker.log"
        self.process: subprocess.Popen | None = None

    def __enter__(self) -> "Worker":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(WORKER, cwd=ROOT, env=self.environ, stdout=log, stderr=log)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)


class Site:
    """Everything that runs, and how each part of it breaks."""

    def __init__(self, server: Server, proxy: Proxy, web: Web, worker: Worker, office: PostOffice) -> None:
        self.server, self.proxy, self.web, self.worker, self.office = server, proxy, web, worker, office
        self.caller, self.gone = Caller(web.port), 0

    def kill_web_process(self, chance: Random) -> None:
        os.kill(chance.choice(self.web.workers()), signal.SIGKILL)

    def kill_web_server(self, chance: Random) -> None:
        """All of it, and a new one."""
        workers = self.web.workers()
        self.web.stop(signal.SIGKILL)
        for pid in workers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.web.start()

    def kill_worker(self, chance: Random) -> None:
        self.worker.kill()
        self.worker.start()

    def kill_postmaster(self, chance: Random) -> None:
        """PostgreSQL is killed as a whole; its recovery begins when it is started again."""
        self.kill_postgres(self.postmaster())
        until = time.monotonic() + PATIENCE
        while self.server.is_running() and time.monotonic() < until:
            time.sleep(0.02)
        self.server.leave()
        self.server.join()

    def kill_backend(self, chance: Random) -> None:
        """One backend dies: the server ends all others and recovers by itself."""
        pid = self.postmaster()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        self.kill_postgres(int(chance.choice(children)))

    def terminate_backends(self, chance: Random) -> None:
        with self.owner() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                " AND backend_type = 'client backend' AND random() < 0.5"
            )

    def swallow(self, chance: Random) -> None:
        self.proxy.swallow(chance.randint(1, 3))

    def cut(self, chance: Random) -> None:
        self.proxy.cut(chance, 4)

    def darken(self, chance: Random) -> None:
        self.proxy.darken(chance, 3, DARK)

    def mail(self, way: str) -> Callable[[Random], None]:
        return lambda chance: setattr(self.office, "way", way)

    def close_office(self, chance: Random) -> None:
        """Nobody takes mail, for as long as the next fault leaves it so."""
        self.office.close()
        time.sleep(1)
        self.office.open()

    def look_after(self) -> None:
        """What somebody who runs it has an eye on: a worker that ended by itself is started again, and counted."""
        if self.worker.process.poll() is not None:
            self.gone += 1
            self.worker.start()

    def heal(self) -> None:
        self.proxy.heal()
        self.office.way = "take"

    def postmaster(self) -> int:
        return postmaster.read(self.server.place.cluster).pid

    def kill_postgres(self, pid: int) -> None:
        """As whoever runs it."""
        os.kill(pid, signal.SIGKILL)

    def owner(self) -> psycopg.Connection:
        return psycopg.connect(self.server.url, autocommit=True, connect_timeout=5)


class Faults:
    """The site's faults in the order of chance, each after a pause."""

    def __init__(self, site: Site, chance: Random, result: Result) -> None:
        self.site, self.chance, self.result = site, chance, result
        self.kinds: dict[str, Callable[[Random], None]] = {
            "kill -9 of a web process": site.kill_web_process,
            "kill -9 of the web server": site.kill_web_server,
            "kill -9 of the worker": site.kill_worker,
            "kill -9 of PostgreSQL": site.kill_postmaster,
            "kill -9 of a PostgreSQL backend": site.kill_backend,
            "backends terminated": site.terminate_backends,
            "COMMIT done, its answer swallowed": site.swallow,
            "connections cut": site.cut,
            "black holes": site.darken,
            "SMTP 451": site.mail("451"),
            "SMTP hangs": site.mail("hang"),
            "SMTP drops after DATA": site.mail("drop"),
            "SMTP refused": site.close_office,
            "": site.mail("take"),
        }

    def inject(self, seconds: float, pause: tuple[float, float], watch: Callable[[], bool]) -> None:
        """One after the other for so long, or until `watch`, which is called between them, says no."""
        until = time.monotonic() + seconds
        order = self.shuffled()
        while time.monotonic() < until:
            kind = order.pop()
            order = order or self.shuffled()
            try:
                self.kinds[kind](self.chance)
            except (OSError, psycopg.Error, IndexError):
                continue  # what was to break was broken already
            if kind:
                self.result.fault(kind)
            time.sleep(self.chance.uniform(*pause))
            if not watch():
                return

    def shuffled(self) -> list[str]:
        """Each kind once, and the swallowed answers oftener: they alone leave somebody in doubt about what is done."""
        kinds = [*self.kinds, *[kind for kind in self.kinds if "swallowed" in kind] * 2]
        self.chance.shuffle(kinds)
        return kinds
