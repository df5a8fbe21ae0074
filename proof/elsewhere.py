"""Another PostgreSQL than the section's own, for as long as a block lasts: everything here talks to it then."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections

from launcher.postgres import Server

VARIABLE = "DATABASE_URL"


@contextmanager
def served_on(data: Path, *, hasty: bool = False) -> Iterator[Server]:
    """A new one with its data there. This process, and whoever it starts, talks to it until it goes again."""
    hosts = {alias: connections[alias].settings_dict["OPTIONS"]["host"] for alias in ("default", "owner")}
    before = os.environ[VARIABLE]
    with Server(data, hasty=hasty) as server:
        _talk_to(server.url, dict.fromkeys(hosts, str(server.place.sockets)))
        try:
            yield server
        finally:
            _talk_to(before, hosts)


def _talk_to(url: str, hosts: dict[str, str]) -> None:
    connections.close_all()
    os.environ[VARIABLE] = url
    for alias, host in hosts.items():
        connections[alias].settings_dict["OPTIONS"]["host"] = host
