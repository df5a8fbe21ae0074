"""The world of the matrix: lived once for all of its tests, each of which takes back what it does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as site
from django.db import connections, transaction
from django.test import override_settings

from tests.matrix.world import World, lived


def kept_in(place: Path) -> dict[str, object]:
    """The settings that let payments and files lie there."""
    private = site.STORAGES["private"]
    options = {**private["OPTIONS"], "location": place / "files"}
    return {
        "SANDBOX_DIR": place / "sandbox",
        "STORAGES": {**site.STORAGES, "private": {**private, "OPTIONS": options}},
    }


@pytest.fixture(scope="package")
def matrix(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    """Everybody and a contract in each state, in a transaction that never ends well."""
    place = tmp_path_factory.mktemp("matrix")
    with django_db_blocker.unblock(), override_settings(**kept_in(place)):
        block = transaction.atomic()
        block._from_testcase = True
        with block:
            world = lived()
            world.place = place
            yield world
            transaction.set_rollback(True)
        connections.close_all()


@pytest.fixture(autouse=True)
def sandbox_of_its_own(request, settings) -> None:
    """In place of the suite's: payments and files stay where this world's are, for the tests that look at it."""
    if "matrix" in request.fixturenames:
        for name, value in kept_in(request.getfixturevalue("matrix").place).items():
            setattr(settings, name, value)
