"""One process of the layout: started as compose.yaml says, on a log of its own, and ended. Knows no service."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.layout.composed import ROOT

PATIENCE = 60
KEPT = ("PATH", "HOME", "LANG")


class Running:
    """A service's process. `prefix` is a command that starts it for us."""

    def __init__(
        self, name: str, command: list[str], environ: dict[str, str], folder: Path, prefix: Iterable[str] = ()
    ):
        kept = {each: os.environ[each] for each in KEPT if each in os.environ}
        path = f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
        self.name, self.log = name, folder / f"{name}.log"
        self.command, self.environ = [*prefix, *located(command)], kept | {"PATH": path, "TZ": "UTC"} | environ
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.environ, stdout=log, stderr=log)

    def finish(self) -> None:
        """Run it to its end, which has to be a good one."""
        self.start()
        if self.process.wait(PATIENCE * 3):
            raise RuntimeError(f"{self.name} failed:\n{self.said()}")

    def succeeds(self, environ: dict[str, str]) -> bool:
        """Run it to its end with what another process knows; whether that was a good one."""
        self.environ = environ
        self.start()
        return self.process.wait(PATIENCE) == 0

    def stop(self) -> int | None:
        """Ask it to end as a container is asked to; how it ended."""
        if self.process is None:
            return None
        self.process.send_signal(signal.SIGTERM)
        code, self.process = self.process.wait(PATIENCE), None
        return code

    def said(self) -> str:
        return self.log.read_text()[-4000:]

    def until(self, true: Callable[[], bool], what: str) -> None:
        """Wait for something that this process brings about."""
        end = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError(f"{self.name} did not {what}:\n{self.said()}")
            time.sleep(0.2)


def located(command: list[str]) -> list[str]:
    """What lies in the image's folder /deploy lies in ours; the interpreter is the one that runs us."""
    words = [str(ROOT / word[1:]) if word.startswith("/deploy/") else word for word in command]
    return [sys.executable if word == "python" else word for word in words]
