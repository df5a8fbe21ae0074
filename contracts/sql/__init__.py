"""The SQL that joins money and states: for the migrations that install it, and for the statement."""

from pathlib import Path


def read(name: str) -> str:
    """The text of `<name>.sql`."""
    return (Path(__file__).parent / f"{name}.sql").read_text()
