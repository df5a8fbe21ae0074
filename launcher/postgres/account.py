"""As whom the server runs. PostgreSQL refuses root, so root becomes somebody else; anybody else stays who they are."""

import hashlib
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from launcher.progress import Stop

HOME = Path("/var/lib/cairn-postgres")  # folders of the unprivileged account, where root may make no user namespace


class Account(NamedTuple):
    """How to run a program of the server: a prefix for its command line, or another user."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    @property
    def become(self) -> dict:
        """For subprocess: the user to become."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def owns(self, folder: Path) -> None:
        """Make the folder, for this account alone."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.uid is not None:
            os.chown(folder, self.uid, self.gid)


def choose(data: Path) -> Account:
    """The account for this machine: ourselves; as root a user namespace of our own; else an unprivileged user.

    A data folder whose cluster an unprivileged user already has stays with that user.
    """
    if os.geteuid() != 0:
        return Account()
    return unprivileged() if folder_for(data).exists() else in_namespace() or unprivileged()


def folder_for(data: Path) -> Path:
    """The unprivileged user's folder for this data folder."""
    return HOME / mark(data)


def mark(data: Path) -> str:
    """A short name for the data folder, the same each time."""
    return hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:16]


def in_namespace() -> Account | None:
    """Root under another name: files stay root's own, no user is made, no folder opened. None where that is blocked.

    The name must be one that the machine knows: initdb looks its user up.
    """
    known = sorted((entry.pw_uid, entry.pw_gid) for entry in pwd.getpwall() if 0 < entry.pw_uid < 65534)
    if not known or not shutil.which("unshare"):
        return None
    uid, gid = known[0]
    prefix = ("unshare", "--user", f"--map-user={uid}", f"--map-group={gid}", "--")
    tried = subprocess.run([*prefix, "true"], capture_output=True, check=False)
    return Account(prefix) if tried.returncode == 0 else None


def unprivileged() -> Account:
    """An unprivileged user of the system: the one that packages make for PostgreSQL, or nobody."""
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account((), entry.pw_uid, entry.pw_gid)
    raise Stop("PostgreSQL does not run as root and this machine has no user nobody; start Cairn as an ordinary user.")
