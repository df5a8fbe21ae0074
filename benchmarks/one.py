"""Runs one benchmark in this process: python -m benchmarks.one <name> <rounds> <extent> <where its result goes>."""

import sys
from pathlib import Path

from benchmarks.benches import chosen
from benchmarks.plan import Plan, Result
from proof.alone import alone


def main(name: str, rounds: str, extent: str, result: str) -> None:
    def measure(data: Path) -> Result:
        (bench,) = chosen([name])
        return bench.measure(Plan(int(rounds), extent, data))

    alone(measure, lambda problem: Result(name, missing=[problem]), result)


if __name__ == "__main__":
    main(*sys.argv[1:])
