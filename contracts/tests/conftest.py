"""A crowd of contracts for races: lived once by operations, then copied for each test that needs many of them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from django.db.models import QuerySet
from django.test import override_settings

from conftest import SUITE, WORKER, clone, drop, point_at
from contracts.tests import dealing
from contracts.tests.dealing import Deal
from marketplace.prepared import Prepared

ROUNDS = 40
CROWD, COPY = f"{SUITE}_crowd_{WORKER}", f"{SUITE}_copy_{WORKER}"
Crowd = dict[str, list[Deal]]


@pytest.fixture(scope="session")
def lived(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[Crowd, Path]]:
    """So many contracts of each kind in a database of their own, and the sandbox that charged them."""
    before, place = connections["default"].settings_dict["NAME"], tmp_path_factory.mktemp("crowd")
    with django_db_blocker.unblock():
        clone(CROWD)
        point_at(CROWD)
        try:
            with override_settings(SANDBOX_DIR=place):
                crowd = {name: [live() for _each in range(ROUNDS)] for name, live in KINDS.items()}
                dealing.hear()
        finally:
            connections.close_all()
            point_at(before)
    yield crowd, place
    with django_db_blocker.unblock():
        drop(CROWD)


@pytest.fixture
def crowd(lived, django_db_blocker, settings, tmp_path) -> Iterator[Crowd]:
    """Forty contracts of each kind, in a database of this test's own, in which it may commit.

    Offered; active with 100.00 held; submitted; leftover with 40.00 of the first; settling, with all asked back.
    """
    made, place = lived
    before = connections["default"].settings_dict["NAME"]
    settings.SANDBOX_DIR = tmp_path / "sandbox"
    shutil.copytree(place, settings.SANDBOX_DIR)
    with django_db_blocker.unblock():
        clone(COPY, CROWD)
        point_at(COPY)
        try:
            yield made
        finally:
            connections.close_all()
            point_at(before)
            drop(COPY)


@pytest.fixture
def guard_off(monkeypatch) -> None:
    """Nobody locks a row any more."""
    for rows in (QuerySet, Prepared):
        monkeypatch.setattr(rows, "select_for_update", lambda rows, **options: rows)


def active() -> Deal:
    return dealing.agreed("100.00", "150.00")


def submitted() -> Deal:
    deal = active()
    deal.submit(1)
    return deal


def leftover() -> Deal:
    deal = active()
    deal.release(1, "60.00")
    return deal


def settling() -> Deal:
    deal = active()
    deal.end("0.00")
    return deal


KINDS = {
    "offered": lambda: dealing.offered("100.00", "150.00"),
    "active": active,
    "submitted": submitted,
    "leftover": leftover,
    "settling": settling,
}
