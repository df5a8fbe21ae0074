"""What the benchmarks say at their end: lines and a table for people, and docs/performance.md. Knows no benchmark.

Why a target is missed is written by hand in reasons.json, by the target's key: it outlives every run.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from benchmarks.benches import BENCHES
from benchmarks.plan import Figure, Result
from benchmarks.run import Run
from benchmarks.targets import BY_KEY, TARGETS, Target

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
REASONS = Path(__file__).with_name("reasons.json")
HEAD = "| what | case | target | min | median | max | | why |\n|---|---|---|---|---|---|---|---|"
UNWRITTEN = "nobody has written why yet (benchmarks/reasons.json)"
ABOUT = {each.name: each.about for each in BENCHES}


def verdict(target: Target, figure: Figure) -> str:
    """Whether the median keeps to the limit."""
    if target.limit == "none":
        return ""
    return "met" if target.is_met(figure.median) else "**missed**"


def number(value: float) -> str:
    """Three digits that say something."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def row(target: Target, figure: Figure, reasons: dict[str, str]) -> str:
    said = verdict(target, figure)
    why = reasons.get(target.key, UNWRITTEN) if said == "**missed**" else ""
    figures = " | ".join(map(number, (figure.least, figure.median, figure.most)))
    return f"| {target.what} | {figure.case} | {target.limit} | {figures} | {said} | {why} |"


def table(results: list[Result]) -> str:
    """Every target with each of its cases; one that was not measured is named as well."""
    figures = [figure for each in results for figure in each.figures]
    reasons = json.loads(REASONS.read_text())
    rows: list[str] = []
    for target in TARGETS:
        own = [figure for figure in figures if figure.target == target.key]
        rows += [row(target, figure, reasons) for figure in own]
        if not own:
            rows.append(f"| {target.what} | | {target.limit} | | | | not measured | {reasons.get(target.key, '')} |")
    return "\n".join([HEAD, *rows])


def lines(one: Result) -> Iterable[str]:
    """What one benchmark found, for whoever waits for it."""
    for figure in one.figures:
        target = BY_KEY[figure.target]
        three = " / ".join(map(number, (figure.least, figure.median, figure.most)))
        said = verdict(target, figure).strip("*")
        yield f"{target.what} ({figure.case}): {three} {target.unit}; target {target.limit} {said}"
    yield from one.notes
    yield from (f"NOT MEASURED: {each}" for each in one.missing)
    yield f"{one.seconds:.0f} s"


def page(run: Run) -> str:
    """The whole of docs/performance.md."""
    parts = [
        "# Performance",
        "Written by `python3 start.py bench`; what each benchmark does is told in `benchmarks/`.",
        f"On {run.day}, on {run.machine}, all figures from one run of {run.minutes:.0f} minutes{later(run)}. "
        f"Repeat it: `{run.words}`, on a machine that does nothing else.",
        f"Of each ratio the least, the median and the most of {run.rounds} rounds, in which the arms took turns; the "
        "median says whether a target is met. PostgreSQL waits for the disk as in production: fsync, "
        "synchronous_commit.",
        table(run.results),
    ]
    told = (one for one in run.results if one.notes or one.missing)
    parts += [f"## {ABOUT[one.name].capitalize()}\n{details(one)}" for one in told]
    return "\n\n".join(parts) + "\n"


def later(run: Run) -> str:
    return f", but those of {', '.join(run.anew)}, which were taken anew after it" if run.anew else ""


def details(one: Result) -> str:
    return "\n".join([*(f"- {note}" for note in one.notes), *(f"- Not measured: {each}" for each in one.missing)])


def write(run: Run) -> None:
    PAGE.write_text(page(run))
