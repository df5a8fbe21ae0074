"""Finds which test notices each guard: python -m proof.guards_found [--record] [--kind check]... <tests to ask>.

In the environment of the tests. Each guard that nobody is known for is removed, and of these tests those are asked that
are named like it; with --record, all run once first and say which guards they met. What is found is added to
noticed.json; what nobody noticed is printed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KNOWN = Path(__file__).with_name("noticed.json")
PYTEST = [sys.executable, "-m", "pytest", "-p", "proof.noticing", "-p", "no:cacheprovider", "-q"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--kind", action="append", default=[])
    parser.add_argument("tests", nargs="+")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cairn-guards-") as folder:
        there, job = Path(folder) / "answer.json", Path(folder) / "job.json"
        wish = {"record": told.record, "kinds": told.kind, "known": list(known()), "guards": [], "tests": {}}
        job.write_text(json.dumps(wish | {"answer": str(there)}))
        environ = os.environ | {"CAIRN_GUARDS": str(job)}
        subprocess.run([*PYTEST, *told.tests], cwd=ROOT, env=environ, check=False)
        said = [json.loads(line) for line in there.with_suffix(".said").read_text().splitlines()]
    found = known() | {name: test for name, test in said if test}
    KNOWN.write_text(json.dumps(found, indent=0, sort_keys=True) + "\n")
    print("Noticed by nobody asked:", *sorted(name for name, test in said if not test), sep="\n  ")


def known() -> dict[str, str]:
    return json.loads(KNOWN.read_text()) if KNOWN.exists() else {}


if __name__ == "__main__":
    main()
