"""`python3 start.py prove`: each section in a process and on a PostgreSQL of its own, then what came of it all."""

import argparse
import signal
import sys
import time
from random import SystemRandom

from launcher import apart
from proof import report
from proof.plan import Result, total
from proof.sections import SECTIONS, Section, chosen

MORE = {"CAIRN_MODE": "test", "DJANGO_SETTINGS_MODULE": "proof.settings", "CAIRN_PROOF": "1", "CAIRN_SUITE": "proof"}


def main(argv: list[str] | None = None) -> int:
    asked = arguments().parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    results = [run(section, asked.seed, quick=asked.quick) for section in chosen(asked.only)]
    whole = total(results)
    print(f"\n{report.table(results)}\n\n{whole.sentence}")
    for each in results:
        for failure in each.failures:
            print(f"FAILED: {each.section}: {failure}")
    if is_proof(asked, whole):
        report.write(results, asked.seed)
    if all(each.holds for each in results):
        return 0
    print(f"\nRepeat it: python3 start.py prove --seed {asked.seed}{' --quick' if asked.quick else ''}")
    return 1


def is_proof(asked: argparse.Namespace, whole: Result) -> bool:
    """Whether docs/proof.md may say it: all sections, at length, nothing skipped, and all of it held."""
    return not asked.only and not asked.quick and whole.holds and not whole.skipped


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 start.py prove", description=__doc__)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**9))
    parser.add_argument("--quick", action="store_true", help="a sample, which is not written down: about three minutes")
    parser.add_argument("--only", action="append", default=[], choices=[each.name for each in SECTIONS])
    return parser


def run(section: Section, seed: int, *, quick: bool) -> Result:
    """The section in a process of its own; one that dies or takes too long has failed."""
    if not section.exists:
        return Result(section.name, failures=["There is no such section yet."])
    print(f"\n== {section.name}: {section.about}", flush=True)
    begun, patience = time.monotonic(), (section.quick if quick else section.minutes) * 60
    words = ["proof.section", section.name, str(seed), "quick" if quick else "full"]
    with apart.alone("cairn-prove-", hasty=section.hasty, **MORE) as (data, environ):
        said = apart.answer(words, environ, data / "result.json", patience * 2)
    found = Result(section.name, failures=[said]) if isinstance(said, str) else Result.from_json(said)
    found.seconds = time.monotonic() - begun
    print(f"   {found.sentence} {found.seconds:.0f} s", flush=True)
    said = [*found.notes, *(f"Skipped: {each}" for each in found.skipped)]
    print("\n".join(f"   {note}" for note in said), flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
