"""Runs one section in this process: python -m proof.section <name> <seed> <full|quick> <where its result goes>."""

import json
import sys
import traceback
from pathlib import Path

from proof.plan import Plan, Result
from proof.sections import chosen


def main(name: str, seed: str, extent: str, result: str) -> None:
    import django
    from django.conf import settings

    django.setup()
    plan = Plan(int(seed), extent == "quick", Path(settings.DATA_DIR))
    (section,) = chosen([name])
    try:
        found = section.prove(plan)
    except Exception as problem:
        traceback.print_exc()
        found = Result(name, failures=[f"It ended with {type(problem).__name__}: {problem}"])
    Path(result).write_text(json.dumps(found.to_json()))


if __name__ == "__main__":
    main(*sys.argv[1:])
