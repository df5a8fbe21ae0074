"""kill -9 at each statement and each COMMIT of every money operation, through the real web server and worker.

The process kills itself at the instant. Then it is there again, the same form is posted once more with the same key,
and the sweep comes by: what came of it is what comes of it without a crash, with each invariant asked on the way.
"""

import os
import traceback
from concurrent.futures import ProcessPoolExecutor
from itertools import batched
from multiprocessing import get_context

from proof.plan import Plan, Result
from proof.sections import SECTIONS

AT_ONCE = 2
QUICK_ACTS, QUICK_DUES, QUICK_POINTS, QUICK_COMMITS = 6, 2, 6, 3
TOGETHER = 3  # acts on one database


def prove(plan: Plan) -> Result:
    """Two processes share the acts; the last thing tried is a site without keys, where it must show."""
    from proof.crash_acts import EVERY
    from proof.databases import migrated
    from proof.dues import DUES

    migrated()
    chance = plan.chance("crash")
    acts, dues = [each.name for each in EVERY], [each.name for each in DUES]
    if plan.quick:
        acts, dues = chance.sample(acts, QUICK_ACTS), chance.sample(dues, QUICK_DUES)
    work = [("acts", names) for names in batched(acts, TOGETHER)] + [("dues", (name,)) for name in dues]
    work.append(("control", ("bonus",)))
    whole = Result(SECTIONS[0].name)
    with ProcessPoolExecutor(AT_ONCE, get_context("spawn"), initializer=set_up) as pool:
        for found in pool.map(part, [plan] * len(work), *zip(*work, strict=True)):
            whole.add(found)
    whole.notes.insert(0, f"{whole.faults} instants of {len(acts) + len(dues)} operations.")
    return whole


def set_up() -> None:
    import django

    django.setup()


def part(plan: Plan, what: str, names: tuple[str, ...]) -> Result:
    """One piece of it, in a process of the pool."""
    from proof import crash_acts, crash_dues

    does = {"acts": crash_acts.sweep, "dues": crash_dues.sweep, "control": crash_acts.control}[what]
    place = plan.data / f"{what}-{os.getpid()}-{names[0]}".replace(" ", "-")
    place.mkdir()
    found = Result("crash")
    with found.timed():
        try:
            does(plan, names, place, found)
        except Exception as problem:
            traceback.print_exc()
            found.failures.append(f"{', '.join(names)} ended with {type(problem).__name__}: {problem}")
    print(f"   {', '.join(names)}: {found.faults} instants in {found.seconds:.0f} s", flush=True)
    return found
