"""Where the embedded server keeps its things, given a data folder. Knows no process."""

import os
import stat
import tempfile
from pathlib import Path
from typing import NamedTuple

from launcher.postgres.account import HOME, Account, folder_for, mark
from launcher.progress import Stop

LONGEST = 103  # bytes in a unix socket's path on every system (Linux: 107)
SOCKET = ".s.PGSQL.5432"


class Place(NamedTuple):
    """The data folder, the cluster in it (or in the account's own folder), and the folder of the socket."""

    data: Path
    cluster: Path
    sockets: Path

    @property
    def log(self) -> Path:
        return self.data / "postgres.log"

    @property
    def starting(self) -> Path:
        """Locked while somebody looks whether the server runs and starts it."""
        return self.data / "postgres.starting"

    @property
    def users(self) -> Path:
        """Locked, shared, by everybody who needs the server."""
        return self.data / "postgres.users"

    @property
    def guard(self) -> Path:
        """Locked by the guard while the server runs."""
        return self.data / "postgres.guard"


def of(data: Path, account: Account, *, throwaway: bool = False) -> Place:
    """Make the folders that are missing and say where everything is; the same for every start on this data folder."""
    data = data.resolve()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    home = data if account.uid is None or throwaway else apart(data)
    if account.uid is not None:
        account.owns(home)
    sockets = home / "run" if is_short(home / "run") else elsewhere() / f"cairn-{os.geteuid()}-{mark(data)}"
    account.owns(sockets)
    is_private(sockets, os.geteuid() if account.uid is None else account.uid)
    return Place(data, home / "postgres", sockets)


def apart(data: Path) -> Path:
    """The unprivileged user's folder: it may not enter the data folder."""
    if (data / "postgres").exists():
        raise Stop(
            f"The database in {data} was made by root in a user namespace, and this machine now allows none; "
            "start Cairn as an ordinary user who owns that folder, or choose another with --data."
        )
    HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
    return folder_for(data)


def elsewhere() -> Path:
    """A short folder for sockets; not TMPDIR while there is another, as that may differ from start to start."""
    return Path("/tmp") if os.access("/tmp", os.W_OK) else Path(tempfile.gettempdir())


def is_short(sockets: Path) -> bool:
    """A socket in this folder can be named: short enough, and no comma, which would read as two hosts."""
    return len(os.fsencode(sockets / SOCKET)) <= LONGEST and "," not in str(sockets)


def is_private(folder: Path, uid: int) -> None:
    """Refuse a folder that somebody else made in our place: whoever owns it can pose as the server."""
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != uid:
        raise Stop(
            f"{folder} belongs to user {state.st_uid}; start as that user, or choose another folder with --data."
        )
    if stat.S_IMODE(state.st_mode) != 0o700:
        folder.chmod(0o700)
