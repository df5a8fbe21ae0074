"""What the proof says at its end: a table for people, and docs/proof.md. Knows no section."""

from datetime import UTC, datetime
from pathlib import Path

from proof.plan import Result, total
from proof.sections import SECTIONS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "proof.md"
HEAD = "| section | operations | faults | kinds | lost | doubled | invariants | violated | guards | noticed | seconds |"
ABOUT = {each.name: each.about for each in SECTIONS}


def row(name: str, one: Result) -> str:
    figures = [one.operations, one.faults, len(one.kinds), one.lost, one.doubled, one.evaluated, one.violated,
               one.guards, one.noticed, round(one.seconds)]  # fmt: skip
    return f"| {name} | " + " | ".join(f"{each:,}" for each in figures) + " |"


def table(results: list[Result]) -> str:
    rows = [row(ABOUT.get(one.section, one.section), one) for one in results]
    rows.append(row("**all**", total(results)))
    return "\n".join([HEAD, "|" + "---|" * 11, *rows])


def page(results: list[Result], seed: int) -> str:
    """The whole of docs/proof.md."""
    parts = [
        "# The proof",
        "Written by `python3 start.py prove`; what each section does is told in `proof/`.",
        f"On {datetime.now(UTC):%Y-%m-%d}, repeated by `python3 start.py prove --seed {seed}`:",
        f"> {total(results).sentence}",
        table(results),
        "Invariants counts one invariant asked once. Guards are things that keep money safe, taken away one at a time: "
        "somebody has to notice, or the proof itself is worth nothing.",
    ]
    parts += [
        f"## {one.section.capitalize()}: {ABOUT[one.section]}\n{details(one)}"
        for one in results
        if one.notes or one.kinds
    ]
    return "\n\n".join(parts) + "\n"


def details(one: Result) -> str:
    return "\n".join([f"Faults: {', '.join(sorted(one.kinds)) or 'none'}.", *(f"- {note}" for note in one.notes)])


def write(results: list[Result], seed: int) -> None:
    PAGE.write_text(page(results, seed))
