"""`python3 start.py bench`: each benchmark in a process and on a PostgreSQL of its own, then what came of all of it."""

import argparse
import signal
import sys
import time

from benchmarks import report
from benchmarks.benches import BENCHES, Bench, chosen
from benchmarks.plan import Result
from benchmarks.run import LATEST, Run
from launcher import apart

LEAST_ROUNDS = 5
MORE = {"CAIRN_MODE": "test", "DJANGO_SETTINGS_MODULE": "proof.settings", "CAIRN_SUITE": "bench"}


def main(argv: list[str] | None = None) -> int:
    asked = arguments().parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if asked.write and not LATEST.exists():
        print(f"There was no whole run of at least {LEAST_ROUNDS} rounds yet: begin with python3 start.py bench")
        return 1
    if asked.write and not asked.only:
        report.write(Run.kept())
        return 0
    extent = "quick" if asked.quick else "full" if asked.full else "usual"
    rounds = asked.rounds or (2 if asked.quick else LEAST_ROUNDS)
    results = [run(bench, rounds, extent) for bench in chosen(asked.only)]
    if not asked.only:
        print(f"\n{report.table(results)}")
    if rounds >= LEAST_ROUNDS and (asked.write or not asked.only):
        whole = Run.kept().renewed(results) if asked.write else Run.of(results, rounds, extent)
        whole.keep()
        report.write(whole)
    return 0 if all(each.figures for each in results) else 1


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 start.py bench", description=__doc__)
    parser.add_argument("--rounds", type=int, help=f"how often the arms alternate: {LEAST_ROUNDS}, or 2 when quick")
    parser.add_argument("--only", action="append", default=[], choices=[each.name for each in BENCHES])
    parser.add_argument("--write", action="store_true", help="only write the page of the last run anew")
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument("--quick", action="store_true", help="small, to see that everything works")
    extent.add_argument("--full", action="store_true", help="with a million contracts and a million entries")
    return parser


def run(bench: Bench, rounds: int, extent: str) -> Result:
    """The benchmark in a process of its own; of one that dies or takes too long it is said why."""
    print(f"\n== {bench.name}: {bench.about}", flush=True)
    begun = time.monotonic()
    with apart.alone("cairn-bench-", hasty=False, **MORE) as (data, environ):
        words = ["benchmarks.one", bench.name, str(rounds), extent]
        said = apart.answer(words, environ, data / "result.json", bench.patience(extent))
    found = Result(bench.name, missing=[said]) if isinstance(said, str) else Result.from_json(said)
    found.seconds = time.monotonic() - begun
    print("\n".join(f"   {line}" for line in report.lines(found)), flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
