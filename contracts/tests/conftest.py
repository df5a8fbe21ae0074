"""A payment sandbox of its own for every test, with nothing in it from the one before."""

import pytest


@pytest.fixture(autouse=True)
def sandbox_of_its_own(settings, tmp_path) -> None:
    settings.SANDBOX_DIR = tmp_path / "sandbox"
