"""The SQL of the ledger, for the migrations that install it. Each file can be run again over an older version."""

from pathlib import Path


def read(name: str) -> str:
    """The text of `<name>.sql`."""
    return (Path(__file__).parent / f"{name}.sql").read_text()
