"""Runs one section in this process: python -m proof.section <name> <seed> <full|quick> <where its result goes>."""

import sys
from pathlib import Path

from proof.alone import alone
from proof.plan import Plan, Result
from proof.sections import chosen


def main(name: str, seed: str, extent: str, result: str) -> None:
    def prove(data: Path) -> Result:
        (section,) = chosen([name])
        return section.prove(Plan(int(seed), extent == "quick", data))

    alone(prove, lambda problem: Result(name, failures=[problem]), result)


if __name__ == "__main__":
    main(*sys.argv[1:])
