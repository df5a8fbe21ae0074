"""The site behind one web server or another, each two processes on a port of its own. Knows their command lines."""

import sys
from pathlib import Path

from benchmarks import elsewhere
from notifications.tests.post_office import free_port
from proof.databases import address
from tests.web import Web

APPLICATION = "marketplace.wsgi"


class Served(Web):
    """As start.py has it: gunicorn with four threads in each process."""

    words: tuple[str, ...] = ()

    def __init__(self, database: str, data: Path, **more: str) -> None:
        data.mkdir(exist_ok=True)
        super().__init__({"DATABASE_URL": address(database), "CAIRN_DATA": str(data), **more}, data)

    def command(self) -> list[str]:
        return [*super().command(), *self.words]


class Sync(Served):
    """gunicorn with one thread in each process."""

    words = ("--worker-class", "sync")


class Granian(Served):
    """granian, with so many blocking threads in each process. It takes no socket, so the port is free a moment ago."""

    threads = 1

    def __init__(self, database: str, data: Path, **more: str) -> None:
        super().__init__(database, data, **more)
        self.environ = self.environ | {"PYTHONPATH": elsewhere.environ()["PYTHONPATH"]}
        self.port = free_port()  # the one that is listened at stays unused
        self.address = f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        return [
            sys.executable, "-m", "granian", f"{APPLICATION}:application", "--interface", "wsgi", "--host", "127.0.0.1",
            "--port", str(self.port), "--workers", "2", "--blocking-threads", str(self.threads),
        ]  # fmt: skip


class GranianThreads(Granian):
    """The same with as many threads as gunicorn has."""

    threads = 4
