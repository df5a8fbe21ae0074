"""The database of the suite: one migrated template, cloned for each worker and for each test that commits.

Tests run as the application's role. A test that commits never flushes (the tables refuse it): it gets a clone.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from hypothesis import HealthCheck
from hypothesis import settings as properties
from psycopg import sql

SUITE = os.environ.get("CAIRN_SUITE", "cairn_suite")
TEMPLATE = f"{SUITE}_template"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
LOCK = 4_217_001
# How long a machine takes to draw an example says nothing about us.
properties.register_profile("cairn", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("cairn")


@contextmanager
def server() -> Iterator[psycopg.Connection]:
    """A connection to the server's own database, as the owner, each statement on its own."""
    config = connections["owner"].get_connection_params()
    with psycopg.connect(
        host=config.get("host"), port=config.get("port"), user=config.get("user"), password=config.get("password"),
        dbname="postgres", autocommit=True,
    ) as connection:  # fmt: skip
        yield connection


def point_at(name: str) -> None:
    """Let both aliases talk to the database `name` from now on."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name


def clone(name: str, template: str = TEMPLATE) -> None:
    """Make the database `name` anew as a copy of `template`."""
    drop(name)
    with server() as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )


def drop(name: str) -> None:
    with server() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def make_template(run: str) -> None:
    """Migrate the template once per run of the suite, whichever worker comes first."""
    with server() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        made = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [TEMPLATE]
        ).fetchone()
        if made and made[0] == run:
            return
        drop(TEMPLATE)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        point_at(TEMPLATE)
        call_command("migrate", verbosity=0)
        connections.close_all()
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(TEMPLATE), sql.Literal(run)))


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_blocker) -> Iterator[None]:
    """In place of pytest-django's: this worker's database, cloned from the migrated template."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    name = f"{SUITE}_{WORKER}"
    with django_db_blocker.unblock():
        make_template(run)
        clone(name)
        point_at(name)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        drop(name)


@pytest.fixture
def own_database(django_db_setup, django_db_blocker, request) -> Iterator[str]:
    """A database of this test's own, in which it may commit: for races, processes and browsers."""
    name, before = f"{SUITE}_own_{WORKER}", connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        clone(name)
        point_at(name)
        try:
            yield name
        finally:
            connections.close_all()
            point_at(before)
            drop(name)


@pytest.fixture(autouse=True)
def sandbox_of_its_own(settings, tmp_path) -> None:
    """A payment sandbox and a private storage for each test, with nothing in them from the one before."""
    settings.SANDBOX_DIR = tmp_path / "sandbox"
    private = settings.STORAGES["private"]
    options = {**private["OPTIONS"], "location": tmp_path / "files"}
    settings.STORAGES = {**settings.STORAGES, "private": {**private, "OPTIONS": options}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything below tests/browser drives a browser."""
    for item in items:
        if "browser" in Path(item.path).parts:
            item.add_marker("browser")
