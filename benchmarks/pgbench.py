"""PostgreSQL's own client for measuring, on the database that Django talks to. Knows no script."""

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping

from django.db import connections

from launcher.postgres import binaries

TRANSACTIONS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)


def rate(
    script: str, clients: int, *, seconds: float = 0, times: int = 0, alias: str = "default",
    values: Mapping[str, object] | None = None,
) -> float:  # fmt: skip
    """Runs of the script a second, by so many clients for so many seconds, or so many `times` each.

    As the application's role, or as that of `alias`. `values` are pgbench's variables; RuntimeError when it fails.
    """
    known = connections[alias].get_connection_params()
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        words = [binaries.find().program("pgbench"), "-n", "-M", "prepared", "-f", file.name]
        words += ["-c", str(clients), "-j", str(min(clients, os.cpu_count() or 1))]
        words += ["-t", str(times)] if times else ["-T", str(max(1, round(seconds)))]
        words += [f"--define={name}={value}" for name, value in (values or {}).items()]
        run = subprocess.run(
            [*words, *address(known), known["dbname"]], capture_output=True, text=True, check=False,
            env=os.environ | {"PGOPTIONS": known.get("options", "")},
        )  # fmt: skip
    found = TRANSACTIONS.search(run.stdout)
    if run.returncode or not found:
        raise RuntimeError(f"pgbench: {run.stderr.strip()[-500:]}")
    return float(found[1])


def address(known: Mapping[str, object]) -> list[str]:
    names = (("host", "host"), ("port", "port"), ("username", "user"))
    return [f"--{option}={known[name]}" for option, name in names if known.get(name)]
