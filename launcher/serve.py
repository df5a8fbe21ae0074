"""`start.py`: the demo from an empty folder to its first page, and down again. Knows the steps and their order."""

import json
import os
import time
import urllib.error
import urllib.request
from pathlib import Path

from launcher import children, environment, locks, migrated, port
from launcher.progress import Stop, last_lines, say, step

SIGN_INS = ("client", "freelancer", "agency", "member", "viewer", "outsider", "staff")
STEPS = (
    ("Migrating the database", ["migrate", "--verbosity=0"]),
    ("Loading the demo, if there is nobody yet", ["demo", "--if-empty"]),
)
FIRST_PAGE = 60  # seconds that the first page may take
WORKER_PAUSE = 2  # seconds before a worker that ended begins again


def run(data: Path, wanted: int | None) -> int:
    """Serve until a signal, 0, or until a process of ours ends by itself, 1."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        running = locks.take(data / "start.lock")
    except locks.Busy:
        raise Stop(already(data)) from None
    children.raise_on_signals()
    try:
        note(data, {"process": os.getpid()})
        with environment.site(data, "demo") as environ:
            prepare(environ, data)
            return serve(environ, data, wanted)
    except children.Ended:
        say("\n  Stopped.")
        return 0
    finally:
        os.close(running)


def prepare(environ: dict[str, str], data: Path) -> None:
    """Bring the database up to date and load the demo into an empty one; skipped when nothing changed since."""
    if migrated.is_current(data):
        return
    for text, words in STEPS:
        say(f"  {text} ...")
        begun = time.monotonic()
        if children.step(children.manage(*words), environ):
            raise Stop(f"manage.py {words[0]} failed, for the reason above; put that right and start again.")
        say(f"  {text}: {time.monotonic() - begun:.1f} s")
    migrated.mark(data)


def serve(environ: dict[str, str], data: Path, wanted: int | None) -> int:
    """Start the site's processes, say where they are, and stay until one of them or we must end."""
    served = []
    try:
        await_the_last(data)
        listening = port.listen(wanted)
        address = "http://{}:{}/".format(*listening.getsockname())
        environ = {**environment.serving(environ), "CAIRN_URL": address}  # what links in mail begin with
        served.append(children.Served("web", gunicorn(listening.fileno()), environ, data, listening.fileno()))
        listening.close()
        with step("Starting the web server"):
            first_page(address, served[0])
        note(data, {"process": os.getpid(), "address": address})
        greet(address, environ)
        return work_beside(served, environ, data)
    finally:
        for process in reversed(served):
            process.stop()


def await_the_last(data: Path) -> None:
    """What a killed start left behind is on its way down: let the web server free its port, and the worker finish."""
    for name, text in (("web", "web server"), ("worker", "worker")):
        try:
            os.close(locks.take(data / f"{name}.guard", patience=20))
        except locks.Busy:
            raise Stop(f"The {text} of an interrupted start does not stop; end it, or restart the machine.") from None


def gunicorn(descriptor: int) -> list[str]:
    words = ["-m", "gunicorn", "marketplace.wsgi", "--bind", f"fd://{descriptor}", "--worker-class", "gthread"]
    words += ["--workers", "2", "--threads", "4", "--graceful-timeout", "3", "--no-control-socket"]
    return children.environment_python(*words)


def first_page(address: str, web: children.Served) -> None:
    """Return when the landing page has answered."""
    deadline = time.monotonic() + FIRST_PAGE
    while time.monotonic() < deadline and not web.has_ended():
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=2):
                return
        except urllib.error.HTTPError as answer:
            raise Stop(
                f"The first page answers {answer.code}; the end of {web.log}:\n{last_lines(web.log, 12)}"
            ) from None
        except OSError:
            time.sleep(0.05)
    raise Stop(f"The web server did not start; the end of {web.log}:\n{last_lines(web.log, 12)}")


def work_beside(served: list[children.Served], environ: dict[str, str], data: Path) -> int:
    """Stay until the web server ends by itself, which is a failure; a signal raises through here.

    The worker begins again when it ends: it does whenever it loses the database, and that may be back.
    """
    web = served[0]
    while not web.has_ended():
        if served[-1].has_ended():
            told(served.pop(), f"it begins again in {WORKER_PAUSE} s")
            time.sleep(WORKER_PAUSE)
        if served[-1] is web:
            served.append(children.worker(environ, data))
        time.sleep(0.2)
    told(web, "everything stops; start again")
    return 1


def told(process: children.Served, then: str) -> None:
    say(f"Cairn: the {process.name} process ended by itself, so {then}.")
    say(f"The end of {process.log}:\n{last_lines(process.log)}")


def greet(address: str, environ: dict[str, str]) -> None:
    password = environ.get("DEMO_PASSWORD") or "cairn-demo"
    people = "\n".join(f"    {name}@cairn.test" for name in SIGN_INS)
    print(
        f"\nCairn is at {address}\n\nSign in with the password {password} as\n{people}\n\nCtrl-C stops it.", flush=True
    )


def note(data: Path, facts: dict) -> None:
    """Leave word for a second start on the same data folder."""
    (data / "start.json").write_text(json.dumps(facts))


def already(data: Path) -> str:
    try:
        facts = json.loads((data / "start.json").read_text())
    except (OSError, ValueError):
        facts = {}
    where = f"running at {facts['address']}" if "address" in facts else "starting"
    return (
        f"Cairn is already {where} with the data folder {data} (process {facts.get('process', 'unknown')}); "
        "stop it first (Ctrl-C there), or choose another folder with --data."
    )
