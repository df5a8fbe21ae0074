"""A web server of a test's own, as start.py has it, on one port while the test lasts: stopped and started again.

Knows processes, ports and sessions. Knows no page.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from launcher.serve import gunicorn
from marketplace.models import User

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 90


def signed_in(user: User) -> str:
    """A new session of this user's, by its key."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


class Web:
    """Two processes with four threads each, as start.py says. `data` is the folder for its log.

    `prefix` is a command that starts the server for us, within limits of its own.
    """

    def __init__(self, environ: dict[str, str], data: Path, *prefix: str) -> None:
        self.environ, self.log, self.prefix = os.environ | environ, data / "web.log", prefix
        # Kept here too, so that nobody gets the port while the server is away.
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, _kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        if self.process:
            self.stop(signal.SIGQUIT)  # nobody waits for an answer any more, so it waits for nobody
        self.listening.close()

    def start(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command(), cwd=ROOT, env=self.environ, pass_fds=[self.listening.fileno()], stdout=log, stderr=log
            )
        self._await_first_page()

    def command(self) -> list[str]:
        patient = ["--graceful-timeout", str(PATIENCE)]  # so that a test can tell who holds up a stop
        return [*self.prefix, sys.executable, *gunicorn(self.listening.fileno())[1:], *patient]

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Ask it to end; how many seconds it took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(2 * PATIENCE)
        self.process = None
        return time.monotonic() - begun

    def workers(self) -> list[int]:
        pid = self.process.pid
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def _await_first_page(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/static/css/cairn.css", timeout=PATIENCE):  # noqa: S310
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"The server did not start:\n{self.log.read_text()}")
