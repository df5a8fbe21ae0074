"""Runs manage.py, pytest and the site's processes, and ends them in order. Knows nothing of what they do."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from launcher.arguments import ROOT

GUARD = Path(__file__).parent / "guard.py"
BEHIND = 5  # niceness: where both want the same core, pages get three times as much of it as the worker
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(BaseException):
    """A signal asked the launcher to stop. No Exception, so that nothing swallows it."""


def raise_on_signals() -> None:
    """From now on Ctrl-C, SIGTERM and SIGHUP raise Ended, once; while everything is being stopped they do nothing."""

    def end(number: int, _frame: object) -> None:
        for ending in ENDINGS:
            signal.signal(ending, lambda *_: None)
        raise Ended(number)

    for ending in ENDINGS:
        signal.signal(ending, end)


def foreground(command: list[str], environ: dict[str, str]) -> int:
    """Run in the terminal as if alone: Ctrl-C is the command's to answer, SIGTERM and SIGHUP are passed on to it."""
    signal.signal(signal.SIGINT, lambda *_: None)
    child = subprocess.Popen(command, env=environ, cwd=ROOT)
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _frame: child.send_signal(number))
    code = child.wait()
    return code if code >= 0 else 128 - code


def step(command: list[str], environ: dict[str, str]) -> int:
    """Run one step of a start, its words to standard error; ended with the start if that is interrupted."""
    child = subprocess.Popen(command, env=environ, cwd=ROOT, stdout=sys.stderr)
    try:
        return child.wait()
    except BaseException:
        child.terminate()
        child.wait()
        raise


def guarded(words: list[str], log: Path, **more) -> subprocess.Popen:
    """Start launcher/guard.py with these words, apart from our terminal and from whoever reads our output."""
    command = [sys.executable, "-I", "-S", str(GUARD), "--log", str(log), *words]
    with open(log, "ab") as out:
        return subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True, **more)


class Served:
    """A process that belongs to this start, with the descriptors it is given, under a guard that ends it with us."""

    def __init__(
        self, name: str, command: list[str], environ: dict[str, str], data: Path, *descriptors: int, nice: int = 0
    ):
        self.name, self.log = name, data / f"{name}.log"
        self.log.write_bytes(b"")
        words = ["--hold", str(data / f"{name}.guard"), "--nice", str(nice)]
        for descriptor in descriptors:
            words += ["--descriptor", str(descriptor)]
        self.guard = guarded(
            [*words, "--", *command], self.log, stdin=subprocess.PIPE, cwd=ROOT, env=environ, pass_fds=descriptors
        )

    def has_ended(self) -> bool:
        return self.guard.poll() is not None

    def stop(self) -> None:
        """Ask it to end and wait until it has."""
        self.guard.stdin.close()
        self.guard.wait()


def environment_python(*words: str) -> list[str]:
    """A command for the Python that runs us, which is the virtual environment's."""
    return [sys.executable, *words]


def manage(*words: str) -> list[str]:
    return environment_python(os.path.join(ROOT, "manage.py"), *words)


def worker(environ: dict[str, str], data: Path) -> Served:
    """The process that does what can wait, behind the pages that somebody waits for."""
    return Served("worker", manage("procrastinate", "worker"), environ, data, nice=BEHIND)
