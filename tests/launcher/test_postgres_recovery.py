"""The embedded PostgreSQL after `kill -9`: of everything, of parts, and with pids that mean something else by now."""

import os
import signal
import subprocess

import pytest

from tests.launcher.conftest import ask, children_of, kill_all, parent_of, server_of


@pytest.fixture
def crashed(use, folder):
    """A data folder whose server was killed with everything around it, right after a commit."""
    one = use()
    ask(one.url(), "CREATE TABLE kept AS SELECT 42 AS answer")
    pid = server_of(folder / "d")
    everything = [parent_of(pid), one.process.pid, pid, *children_of(pid)]  # the guard first, or it stops the server
    kill_all(everything)
    one.end()
    return folder / "d"


def test_after_kill_9_of_everything_the_next_start_recovers(use, crashed):
    assert (crashed / "postgres/postmaster.pid").exists()
    assert ask(use().url(), "SELECT answer FROM kept") == "42"


def rename_pid(crashed, pid: int) -> None:
    """Let the stale files name this pid, as if it had been given out again."""
    for path in (crashed / "postgres/postmaster.pid", crashed / "run/.s.PGSQL.5432.lock"):
        _, _, rest = path.read_text().partition("\n")
        path.write_text(f"{pid}\n{rest}")


def test_a_stale_pid_that_another_process_has_now_is_no_server(use, crashed):
    other = subprocess.Popen(["sleep", "60"])
    rename_pid(crashed, other.pid)
    assert ask(use().url(), "SELECT answer FROM kept") == "42"
    assert other.poll() is None
    other.kill()
    other.wait()


def test_a_stale_pid_that_is_a_zombie_is_no_server(use, crashed):
    zombie = subprocess.Popen(["true"])
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    rename_pid(crashed, zombie.pid)
    assert ask(use().url(), "SELECT answer FROM kept") == "42"
    zombie.wait()


def test_a_server_left_without_its_guard_is_stopped_and_started_anew(use, folder):
    one = use()
    ask(one.url(), "CREATE TABLE kept AS SELECT 42 AS answer")
    pid = server_of(folder / "d")
    kill_all([parent_of(pid), one.process.pid])
    one.end()
    assert server_of(folder / "d") == pid
    assert ask(use().url(), "SELECT answer FROM kept") == "42"
    assert server_of(folder / "d") not in {0, pid}


def test_without_its_guard_the_last_user_stops_the_server(use, folder):
    one = use()
    one.url()
    pid = server_of(folder / "d")
    os.kill(parent_of(pid), signal.SIGKILL)
    one.end()
    assert server_of(folder / "d") == 0


def test_a_start_right_after_a_kill_waits_for_the_old_server(use, folder):
    one = use()
    ask(one.url(), "CREATE TABLE kept AS SELECT 42 AS answer")
    one.kill()
    assert ask(use().url(), "SELECT answer FROM kept") == "42"


def test_many_starts_and_ends_at_once(use, folder):
    for _ in range(2):
        many = [use() for _ in range(4)]
        for one in many:
            one.url()
        assert {ask(f"postgres://cairn@/cairn?host={folder}/d/run", "SELECT 1") for _ in many} == {"1"}
        for one in many:
            one.end()
    assert server_of(folder / "d") == 0


def test_a_first_start_that_was_cut_short_leaves_no_half_cluster(use, folder):
    (folder / "d/postgres.new/base").mkdir(parents=True)
    (folder / "d/postgres.new/PG_VERSION").write_text("18\n")
    assert ask(use().url(), "SELECT 1") == "1"
