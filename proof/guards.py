"""Takes each guard away in turn and asks the test that belongs to it, which has to notice. Knows no guard.

Which test belongs to which guard is written in noticed.json; `python -m proof.guards_found` finds it anew.
"""

import json
import os
import subprocess
from collections import Counter
from pathlib import Path

from proof.databases import migrated
from proof.guards_found import KNOWN, PYTEST, ROOT
from proof.guards_of_code import InCode, all_guards
from proof.guards_of_policy import InPolicy, all_cells
from proof.guards_of_tables import InTables, all_in
from proof.plan import Plan, Result

SIDES, SHARE = 2, 10  # so many processes; the quick proof takes one guard in so many


def prove(plan: Plan) -> Result:
    result, known = Result("guards"), json.loads(KNOWN.read_text())
    kinds = {each.name: each.kind for each in every(migrated())}
    names = sorted(kinds)
    if plan.quick:
        names = plan.chance("guards").sample(names, len(names) // SHARE)
    told = asked(sorted(set(names) & set(known)), known, plan.data)
    for name in names:
        result.control(f"the {kinds[name]} {name}", noticed=bool(told.get(name)))
    counted = Counter(kinds[name] for name in names)
    result.notes.append(
        "Removed: " + ", ".join(f"{count} of kind {kind}" for kind, count in sorted(counted.items())) + "."
    )
    return result


def every(database: str) -> list[InTables | InCode | InPolicy]:
    """All guards that there are: of this database, and of the code."""
    return [*all_in(database), *all_guards(), *all_cells()]


def asked(names: list[str], known: dict[str, str], data: Path) -> dict[str, str]:
    """Per guard the test that noticed, from so many processes at once, each with as much of each file."""
    names = sorted(names, key=known.__getitem__)
    parts = filter(None, (names[side::SIDES] for side in range(SIDES)))
    running = [begin(f"side{number}", part, known, data) for number, part in enumerate(parts)]
    return {name: test for each in running for name, test in answer(*each).items()}


def begin(side: str, names: list[str], known: dict[str, str], data: Path) -> tuple[subprocess.Popen, Path]:
    """A process of pytest's that asks for each of these guards the test that is known for it."""
    there, job, listed = data / f"{side}.json", data / f"{side}.job", data / f"{side}.tests"
    tests = {name: [known[name]] for name in names}
    job.write_text(json.dumps({"guards": names, "tests": tests, "answer": str(there)}))
    listed.write_text("\n".join(sorted({known[name] for name in names})))
    environ = os.environ | {
        "CAIRN_GUARDS": str(job), "CAIRN_SUITE": f"guards_{side}", "DJANGO_SETTINGS_MODULE": "marketplace.settings",
    }  # fmt: skip
    with (data / f"{side}.log").open("w") as log:
        child = subprocess.Popen([*PYTEST, f"@{listed}"], cwd=ROOT, env=environ, stdout=log, stderr=log)
    return child, there


def answer(child: subprocess.Popen, there: Path) -> dict[str, str]:
    """What it wrote down, once it has ended."""
    child.wait()
    if not there.exists():
        raise RuntimeError(f"The tests could not be asked: {there.with_suffix('.log').read_text()[-2000:]}")
    return json.loads(there.read_text())["noticed"]
