"""`python3 start.py prove`: each section in a process and on a PostgreSQL of its own, then what came of it all."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import SystemRandom

from launcher import environment
from launcher.postgres import Server
from proof import report
from proof.plan import Result, total
from proof.sections import SECTIONS, Section, chosen

ROOT = Path(__file__).resolve().parent.parent
MORE = {"CAIRN_MODE": "test", "DJANGO_SETTINGS_MODULE": "proof.settings", "CAIRN_PROOF": "1", "CAIRN_SUITE": "proof"}
OURS = ("PG", "CAIRN_", "DATABASE_URL", "DIRECT_DATABASE_URL", "DJANGO_")


def main(argv: list[str] | None = None) -> int:
    asked = arguments().parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    results = [run(section, asked.seed, quick=asked.quick) for section in chosen(asked.only)]
    whole = total(results)
    print(f"\n{report.table(results)}\n\n{whole.sentence}")
    for each in results:
        for failure in each.failures:
            print(f"FAILED: {each.section}: {failure}")
    if not asked.only and whole.holds:
        report.write(results, asked.seed, quick=asked.quick)
    if all(each.holds for each in results):
        return 0
    print(f"\nRepeat it: python3 start.py prove --seed {asked.seed}{' --quick' if asked.quick else ''}")
    return 1


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 start.py prove", description=__doc__)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**9))
    parser.add_argument("--quick", action="store_true", help="a sample: about three minutes")
    parser.add_argument("--only", action="append", default=[], choices=[each.name for each in SECTIONS])
    return parser


def run(section: Section, seed: int, *, quick: bool) -> Result:
    """The section in a process of its own; one that dies or takes too long has failed."""
    if not section.exists:
        return Result(section.name, failures=["There is no such section yet."])
    print(f"\n== {section.name}: {section.about}", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="cairn-prove-", ignore_cleanup_errors=True) as folder:
        data = Path(folder)
        with Server(data / "server", hasty=section.hasty) as server:
            found = watched(section, [str(seed), "quick" if quick else "full"], environ(data, server.url), data)
    found.seconds = time.monotonic() - begun
    print(f"   {found.sentence} {found.seconds:.0f} s", flush=True)
    print("\n".join(f"   {note}" for note in found.notes), flush=True)
    return found


def watched(section: Section, words: list[str], environ: dict[str, str], data: Path) -> Result:
    """What the section's process answers. It leads a group of its own, of which nothing is left afterwards."""
    place, patience = data / "result.json", (section.quick if words[1] == "quick" else section.minutes) * 60
    command = [sys.executable, "-m", "proof.section", section.name, *words, str(place)]
    child = subprocess.Popen(command, cwd=ROOT, env=environ, start_new_session=True)
    try:
        code = child.wait(patience * 2)
    except subprocess.TimeoutExpired:
        code = f"nothing in {patience * 2:.0f} seconds"
    finally:
        end_group(child)
    if place.exists():
        return Result.from_json(json.loads(place.read_text()))
    return Result(section.name, failures=[f"Its process answered {code}, and no result."])


def end_group(child: subprocess.Popen) -> None:
    """The section's process, and whatever it started in its own session."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    child.wait()


def environ(data: Path, url: str) -> dict[str, str]:
    """Ours without what would lead elsewhere: this PostgreSQL, this folder, nothing else."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    place = data / "section"
    place.mkdir(mode=0o700)
    return kept | MORE | {
        "DATABASE_URL": url, "CAIRN_DATA": str(place), "SECRET_KEY": environment.secret_key(data),
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
