"""One use of the embedded server: join it, starting it if nobody has, and leave it, the last to leave stopping it."""

import os
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from launcher import locks
from launcher.children import guarded
from launcher.postgres import account as accounts
from launcher.postgres import binaries as programs
from launcher.postgres import cluster, place, postmaster
from launcher.progress import Stop, say

HASTY = ("fsync=off", "full_page_writes=off")
THROWAWAY = (*HASTY, "synchronous_commit=off", "max_connections=200")
PATIENCE = 60  # seconds for a server that recovers, or that stops


class Server:
    """The PostgreSQL of one data folder, for as long as a `with` block lasts. Its `url` is a DATABASE_URL.

    A hasty one does not wait for the disk; a throw-away one is hasty, and its data folder is removed when it stops.
    """

    def __init__(self, data, *, hasty: bool = False, throwaway: bool = False, binaries=None, account=None):
        self.account = account or accounts.choose(Path(data))
        self.place = place.of(Path(data), self.account, throwaway=throwaway)
        self.binaries = programs.within_reach(binaries or programs.find(), self.account)
        self.hasty, self.throwaway = hasty or throwaway, throwaway
        self.use, self.guard, self.up = None, None, False

    @property
    def url(self) -> str:
        return f"postgres://{cluster.OWNER}@/{cluster.DATABASE}?host={quote(str(self.place.sockets), safe='')}"

    def __enter__(self) -> "Server":
        self.join()
        return self

    def __exit__(self, *_) -> None:
        self.leave()

    def join(self) -> None:
        """Start the server, or use the one that runs. Returns when it accepts connections."""
        try:
            with locks.held(self.place.starting, PATIENCE):
                # Waits here while a guard stops the server that the last user left.
                self.use = locks.take(self.place.users, shared=True, patience=PATIENCE)
                if locks.is_free(self.place.guard):
                    self._start()
                self.up = True
        except locks.Busy:
            raise Stop(f"Another start holds {self.place.data} and does not come to an end; end it first.") from None
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """Let go of the server. If nobody else uses it, it stops, and this returns when it has."""
        if self.use is None:
            return
        self.use = os.close(self.use)
        try:
            with locks.held(self.place.starting, PATIENCE):
                while not locks.is_free(self.place.guard):
                    if self._is_used():
                        return
                    time.sleep(0.02)
                if self.up:
                    self._end_stray()
        except (locks.Busy, FileNotFoundError):
            pass  # somebody starts it anew, or its folder was thrown away
        if self.guard:
            self.guard.wait(PATIENCE)

    def _is_used(self) -> bool:
        """Somebody shares the users' lock. The guard takes it whole, and keeps it until its end."""
        return not locks.is_free(self.place.users) and locks.is_free(self.place.users, shared=True)

    def is_new(self) -> bool:
        """Nobody has started it yet: it will be made."""
        return not self.place.cluster.exists()

    def is_running(self) -> bool:
        return not locks.is_free(self.place.guard)

    def _start(self) -> None:
        if not cluster.check(self.place.cluster, self.binaries, self.account):
            cluster.create(self.place.cluster, self.binaries, self.account, hasty=self.hasty)
        self._end_stray()
        deadline = time.monotonic() + PATIENCE
        while not self._launch(deadline):
            # Backends of a server that was killed see its end by themselves; until then their memory is in use.
            time.sleep(0.2)

    def _end_stray(self) -> None:
        """A server without its guard (that was killed) is stopped: nobody uses it, and nobody would ever stop it."""
        found = postmaster.read(self.place.cluster)
        if not found or not postmaster.is_alive(found.pid, self.place.cluster):
            return
        say("  Stopping a PostgreSQL that an interrupted run has left")
        os.kill(found.pid, signal.SIGINT)
        deadline = time.monotonic() + PATIENCE
        while postmaster.is_alive(found.pid, self.place.cluster):
            if time.monotonic() > deadline:
                raise Stop(
                    f"A PostgreSQL left by an interrupted run does not stop; end process {found.pid} and start again."
                )
            time.sleep(0.02)

    def _launch(self, deadline: float) -> bool:
        """Start the guard with the server in it and wait until it answers; False: its memory is still in use."""
        begun = trimmed(self.place.log)
        more = {"stdin": subprocess.DEVNULL, "cwd": "/", "env": self._environment()}
        self.guard = guarded(self._command(), self.place.log, **more)
        while self.guard.poll() is None:
            found = postmaster.read(self.place.cluster)
            if found and found.ready and postmaster.is_alive(found.pid, self.place.cluster):
                return True
            time.sleep(0.02)
        words = self.place.log.read_bytes()[begun:].decode(errors="replace")
        if "shared memory block" in words and time.monotonic() < deadline:
            return False
        raise Stop(cluster.complaint(words))

    def _command(self) -> list[str]:
        guard = ["--hold", str(self.place.guard), "--users", str(self.place.users)]
        guard += ["--signal", "SIGINT", "--patience", "30"]
        if self.account.uid is not None:
            guard += ["--account", f"{self.account.uid}:{self.account.gid}"]
        for folder in self._passing():
            guard += ["--remove", str(folder)]
        postgres = [self.binaries.program("postgres"), "-D", str(self.place.cluster), "-p", "5432"]
        for setting in self._settings():
            postgres += ["-c", setting]
        return [*guard, "--", *self.account.prefix, *postgres]

    def _passing(self) -> list[Path]:
        """The folders that go when the server stops."""
        elsewhere = [] if self.place.sockets.is_relative_to(self.place.data) else [self.place.sockets]
        return elsewhere + ([self.place.data] if self.throwaway else [])

    def _settings(self) -> list[str]:
        sockets = str(self.place.sockets).replace('"', '""')
        return [
            *(THROWAWAY if self.throwaway else HASTY if self.hasty else ()),
            "listen_addresses=",
            f'unix_socket_directories="{sockets}"',
            "unix_socket_permissions=0700",
            "timezone=UTC",
        ]

    def _environment(self) -> dict[str, str]:
        """A pid in a stale postmaster.pid may be alive again as something else, and PostgreSQL would not start.

        PG_GRANDPARENT_PID is its own word for a pid that is no rival. Removing the file instead would also remove the
        check for backends of the old server that still write.
        """
        found = postmaster.read(self.place.cluster)
        return {**cluster.environment(), **({"PG_GRANDPARENT_PID": str(found.pid)} if found else {})}


def trimmed(log: Path) -> int:
    """The size of the log, which is begun afresh when it has grown large."""
    if log.exists() and log.stat().st_size > 5_000_000:
        log.unlink()
    return log.stat().st_size if log.exists() else 0
