"""The section's own databases: one that is migrated, copies of it, and which of them everything talks to now."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from django.core.management import call_command
from django.db import connections

from conftest import clone, drop, point_at, server

MIGRATED = "proof_migrated"
__all__ = ["MIGRATED", "address", "clone", "drop", "migrated", "point_at", "server", "working_on"]


def migrated() -> str:
    """The name of a migrated database, made once."""
    with server() as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [MIGRATED]).fetchone():
            return MIGRATED
        connection.execute(f"CREATE DATABASE {MIGRATED}")
    point_at(MIGRATED)
    call_command("migrate", verbosity=0)
    connections.close_all()
    return MIGRATED


@contextmanager
def working_on(name: str, template: str = MIGRATED) -> Iterator[str]:
    """A copy of the template that this process talks to until it goes again."""
    clone(name, template)
    point_at(name)
    try:
        yield name
    finally:
        connections.close_all()
        drop(name)


def address(name: str) -> str:
    """The DATABASE_URL of this database on the section's server."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
