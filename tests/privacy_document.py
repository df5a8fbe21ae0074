"""docs/privacy.md: every column that holds something of a person, as the code itself says it. Knows no page.

`python -m tests.privacy_document` writes its last section anew; test_privacy_doc.py compares it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

DOC = Path(__file__).resolve().parents[1] / "docs" / "privacy.md"
LAST = "## Every table\nWritten from `marketplace/privacy/tables`, from which the export and the erasing work as well."


def text() -> str:
    """The whole document: what somebody wrote, and then the tables."""
    from marketplace.privacy.kept import Why
    from marketplace.privacy.tables import NOT_PERSONAL, TABLES

    written, _mark, _generated = DOC.read_text().partition(LAST)
    kinds = [f"| {name_of(why)} | {why.value[0]} | {why.value[1]} |" for why in Why]
    tables = [line for table in TABLES for line in lines(table)]
    others = [f"| `{name}` | {reason} |" for name, reason in NOT_PERSONAL.items()]
    return "\n".join([
        written + LAST, "\n### What for, and how long", "| kind | what for | how long |\n|---|---|---|", *kinds,
        *tables,
        "\n### Nothing of a person", "| table | what is in it |\n|---|---|", *others, "",
    ])  # fmt: skip


def name_of(why) -> str:
    return why.name.replace("_", " ").lower()


def lines(table) -> Iterator[str]:
    """A table's heading, what holds for all of it, and its columns."""
    yield f"\n### {table.model}"
    erased = f"{table.fate.value}; {table.because}" if table.because else table.fate.value
    yield f"Kind: **{name_of(table.why)}**. Seen by: {table.seen}. When its person is erased: {erased}."
    if table.facts and table.whose:
        facts = ", ".join(f"`{each.replace('__', ' ')}`" for each in table.facts.split())
        yield f"Exported as `{table.name}.json`, with {facts}."
    if table.columns:
        yield "\n| column | what | exported | erased |\n|---|---|---|---|"
    for name, what in table.columns.items():
        yield f"| `{name}` | {what} | {'yes' if name in table.exported else 'no'} | {fate(table, name)} |"


def fate(table, column: str) -> str:
    from marketplace.privacy.kept import Fate

    if column in table.becomes:
        value = table.becomes[column]
        return "emptied" if value == "" else f"becomes `{value}`" if isinstance(value, str) else "made anonymous"
    return {Fate.STAYS: "stays", Fate.DELETED: "deleted", Fate.BY_HAND: "as said above"}[table.fate]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    import django

    django.setup()
    DOC.write_text(text())
