"""Runs one benchmark in this process: python -m benchmarks.one <name> <rounds> <extent> <where its result goes>."""

import json
import sys
import traceback
from pathlib import Path

from benchmarks.benches import chosen
from benchmarks.plan import Plan, Result


def main(name: str, rounds: str, extent: str, result: str) -> None:
    import django
    from django.conf import settings

    django.setup()
    plan = Plan(int(rounds), extent, Path(settings.DATA_DIR))
    (bench,) = chosen([name])
    try:
        found = bench.measure(plan)
    except Exception as problem:
        traceback.print_exc()
        found = Result(name, missing=[f"It ended with {type(problem).__name__}: {problem}"])
    Path(result).write_text(json.dumps(found.to_json()))


if __name__ == "__main__":
    main(*sys.argv[1:])
