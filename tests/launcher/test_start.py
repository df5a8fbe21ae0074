"""`start.py` as a whole, with real processes: a small site in Cairn's place, everything else as it is."""

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launcher.children import BEHIND
from tests.launcher.conftest import ROOT, children_of, plain_environment, server_of, wait_until

MANAGE = """
import os, sys, time
if sys.argv[1:] == ["procrastinate", "worker"]:
    print("working in", os.environ["CAIRN_MODE"], flush=True)
    time.sleep(600)
log = open(os.path.join(os.environ["CAIRN_DATA"], "manage.log"), "a")
log.write(" ".join(sys.argv[1:]) + " " + os.environ["CAIRN_MODE"] + "\\n")
if sys.argv[1] == "fail" or os.environ.get("FAIL_AT") == sys.argv[1]:
    sys.exit("it cannot be")
if sys.argv[1] == "url":
    print(os.environ["DATABASE_URL"])
if sys.argv[1] == "wait":
    print("waiting", flush=True)
    time.sleep(60)
"""
SITE = """
import os
def application(environ, start_response):
    broken = os.environ.get("FAIL_AT") == "page"
    start_response("500 Broken" if broken else "200 OK", [("Content-Type", "text/plain")])
    return [os.environ["SECRET_KEY"].encode()]
"""


class Start:
    """One `start.py` in the small checkout."""

    def __init__(self, checkout: Path, *words: str, **environ: str):
        self.greeting = ""
        self.process = subprocess.Popen(
            [str(ROOT / ".venv/bin/python"), str(checkout / "start.py"), *words], cwd="/", text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=plain_environment(**environ),
        )  # fmt: skip

    def address(self) -> str:
        for line in iter(self.process.stdout.readline, "Ctrl-C stops it.\n"):
            assert line, self.process.stderr.read()
            self.greeting += line
        return re.search(r"Cairn is at (http://\S+)", self.greeting)[1]

    def end(self, number: int | None = None) -> tuple[int, str, str]:
        """Send the signal, if any; answer the exit code and what was said."""
        if number is not None:
            self.process.send_signal(number)
        if self.process.stdout.closed:
            return self.process.returncode, "", ""
        said, complaint = self.process.communicate(timeout=120)
        assert "Traceback" not in complaint, complaint
        return self.process.returncode, said, complaint


@pytest.fixture
def checkout(folder) -> Path:
    """A checkout with our launcher and packages, but a small site."""
    small = folder / "a checkout"
    shutil.copytree(ROOT / "launcher", small / "launcher", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("start.py", "requirements.txt", "requirements-dev.txt", "requirements-postgres.txt"):
        shutil.copy(ROOT / name, small / name)
    (small / "manage.py").write_text(MANAGE)
    (small / "marketplace").mkdir()
    (small / "marketplace/wsgi.py").write_text(SITE)
    (small / ".venv").symlink_to(ROOT / ".venv")
    return small


@pytest.fixture
def start(checkout) -> Iterator[Callable[..., Start]]:
    started = []

    def begin(*words: str, **environ: str) -> Start:
        started.append(Start(checkout, *words, **environ))
        return started[-1]

    yield begin
    for one in started:
        one.end(signal.SIGTERM if one.process.poll() is None else None)


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310
        return answer.read().decode()


def family(one: Start) -> list[int]:
    """Every process below a start."""
    found = children_of(one.process.pid)
    for pid in found:
        found.extend(children_of(pid))
    return found


def process_of(one: Start, name: str) -> int:
    """The process of this name that a start serves with, below its guard."""
    found: list[int] = []

    def look() -> bool:
        guards = [pid for pid in children_of(one.process.pid) if f"/{name}.guard" in command_of(pid)]
        found[:] = [pid for guard in guards for pid in children_of(guard)]
        return len(found) == 1

    wait_until(look)
    return found[0]


def niceness(pid: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, pid)


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def are_gone(pids: list[int]) -> bool:
    """None of them runs any more; one that only waits for its parent to notice is gone."""
    return not any(state_of(pid) not in "ZX" for pid in pids)


def state_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "X"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_start_serves_and_a_signal_ends_everything(start, checkout, port, number):
    one = start("--port", str(port))
    address = one.address()
    key = checkout / ".cairn/secret_key"
    assert (address, page(address)) == (f"http://127.0.0.1:{port}/", key.read_text())
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    everything = family(one)
    assert len(everything) >= 8
    assert "password cairn-demo" in one.greeting
    assert "client@cairn.test" in one.greeting
    code, _, complaint = one.end(number)
    assert (code, "Stopped." in complaint) == (0, True)
    assert are_gone(everything)


def test_the_second_start_migrates_only_when_something_changed(start, checkout, port):
    for _ in range(2):
        one = start("--port", str(port))
        one.address()
        one.end(signal.SIGTERM)
    done = (checkout / ".cairn/manage.log").read_text().splitlines()
    assert done == ["migrate --verbosity=0 demo", "demo --if-empty demo"]
    start("manage", "check").end()
    one = start("--port", str(port))
    one.address()
    assert len((checkout / ".cairn/manage.log").read_text().splitlines()) == 5


def test_started_twice_the_second_says_where_the_first_is(start, checkout, port):
    address = start("--port", str(port)).address()
    code, said, complaint = start("--port", str(port)).end()
    assert (code, said) == (1, "")
    assert f"already running at {address}" in complaint
    assert page(address)


def test_two_data_folders_run_side_by_side_on_the_next_port(start, folder, port):
    start("--port", str(port)).address()
    second = start("--data", str(folder / "other"), "--port", str(port))
    address = second.address()
    assert address != f"http://127.0.0.1:{port}/"
    assert page(address) == (folder / "other/secret_key").read_text()
    _, _, complaint = second.end(signal.SIGTERM)
    assert f"Port {port} is taken by another program: using " in complaint


def test_after_kill_9_of_the_start_nothing_stays_and_the_next_start_works(start, port):
    one = start("--port", str(port))
    one.address()
    everything = family(one)
    one.end(signal.SIGKILL)
    address = start("--port", str(port)).address()
    assert address == f"http://127.0.0.1:{port}/"
    assert are_gone(everything)


def test_the_worker_runs_beside_the_web_server(start, checkout, port):
    one = start("--port", str(port))
    one.address()
    worker, log = process_of(one, "worker"), checkout / ".cairn/worker.log"
    wait_until(lambda: log.exists() and log.read_text() == "working in demo\n")
    web, worst = process_of(one, "web"), 19
    assert niceness(worker) == min(niceness(web) + BEHIND, worst), "Pages come first."
    one.end(signal.SIGTERM)
    assert are_gone([worker])


def test_a_worker_that_ends_begins_again(start, port):
    one = start("--port", str(port))
    one.address()
    first = process_of(one, "worker")
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: are_gone([first]))
    second = process_of(one, "worker")
    assert second != first
    _, _, complaint = one.end(signal.SIGTERM)
    assert "the worker process ended by itself, so it begins again" in complaint
    assert are_gone([second])


def test_a_web_server_that_dies_ends_the_start_with_a_failure(start, checkout, port):
    one = start("--port", str(port))
    one.address()
    everything = family(one)
    os.kill(process_of(one, "web"), signal.SIGKILL)
    code, _, complaint = one.end()
    assert (code, "the web process ended by itself" in complaint) == (1, True)
    assert server_of(checkout / ".cairn") == 0
    wait_until(lambda: are_gone(everything))


@pytest.mark.parametrize(
    ("where", "words"),
    [("migrate", "manage.py migrate failed"), ("page", "The first page answers 500")],
)
def test_a_step_that_fails_stops_everything_and_says_so(start, checkout, port, where, words):
    one = start("--port", str(port), FAIL_AT=where)
    code, said, complaint = one.end()
    assert (code, said, words in complaint) == (1, "", True)
    assert server_of(checkout / ".cairn") == 0


def test_manage_passes_through_output_exit_code_and_environment(start, checkout):
    code, said, _ = start("manage", "--data", str(checkout / "own"), "url").end()
    assert (code, said.startswith("postgres://cairn@/cairn?host=")) == (0, True)
    assert start("--data", str(checkout / "own"), "manage", "fail").end()[0] == 1
    assert start("manage", "url", DATABASE_URL="postgres://there/x").end()[:2] == (0, "postgres://there/x\n")
    assert not (checkout / ".cairn/postgres").exists()


def test_manage_shares_the_server_of_a_running_start(start, checkout, port):
    address = start("--port", str(port)).address()
    before = server_of(checkout / ".cairn")
    assert start("manage", "url").end()[0] == 0
    assert server_of(checkout / ".cairn") == before
    assert page(address)


def test_manage_hands_sigterm_on_and_stops_the_server_it_started(start, checkout):
    one = start("manage", "wait")
    assert one.process.stdout.readline() == "waiting\n"
    assert one.end(signal.SIGTERM)[0] == 128 + signal.SIGTERM
    assert server_of(checkout / ".cairn") == 0


def write_test(checkout: Path, body: str) -> None:
    (checkout / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n")
    (checkout / "test_small.py").write_text("import os, time\ndef test_small():\n    " + body)


def test_the_suite_runs_on_a_throwaway_server_and_its_exit_code_passes_through(start, checkout, tmp_path):
    note = tmp_path / "note"
    body = f"open({str(note)!r}, 'w').write(os.environ['DATABASE_URL'] + ' ' + os.environ['CAIRN_MODE']); assert %s"
    for truth, code in ((True, 0), (False, 1)):
        write_test(checkout, body % truth)
        one = start("test", "-p", "no:xdist", "-q", TMPDIR=str(tmp_path), PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
        assert one.end()[0] == code
        assert note.read_text().endswith(" test")
        assert not list(tmp_path.glob("cairn-test-*"))
    assert not (checkout / ".cairn").exists()


def test_a_suite_that_is_interrupted_leaves_nothing(start, checkout, folder):
    write_test(checkout, f"open({str(folder / 'begun')!r}, 'w'); time.sleep(60)")
    one = start("test", "-p", "no:xdist", TMPDIR=str(folder), PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    wait_until((folder / "begun").exists)
    everything = family(one)
    for pid in children_of(one.process.pid):
        os.kill(pid, signal.SIGINT)  # as a terminal does: to everybody, and a guard is not in the terminal's group
    assert one.end(signal.SIGINT)[0] == pytest.ExitCode.INTERRUPTED
    wait_until(lambda: are_gone(everything))
    assert not list(folder.glob("cairn-test-*"))


def test_without_a_browser_one_line_says_so_and_in_ci_it_is_an_error(start, checkout):
    write_test(checkout, "assert os.environ['CAIRN_BROWSER'] == ''")
    nothing = {"CAIRN_BROWSER": "/nowhere/chromium", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    code, _, complaint = start("test", "-p", "no:xdist", **nothing).end()
    assert (code, complaint.count("browser tests are skipped")) == (0, 1)
    code, said, complaint = start("test", CI="true", **nothing).end()
    assert (code, said, "in CI nothing is skipped" in complaint) == (1, "", True)


def test_a_shell_job_that_ends_its_terminal_leaves_no_children(start, checkout, port):
    """A start whose reader has gone (a closed terminal) still stops everything."""
    one = start("--port", str(port))
    one.address()
    everything = family(one)
    one.process.stderr.close()
    one.process.stdout.close()
    one.process.send_signal(signal.SIGHUP)
    assert one.process.wait(timeout=120) == 0
    assert are_gone(everything)
