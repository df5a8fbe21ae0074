"""A sandbox of its own for every test of escrow, and nothing left over from the one before."""

import pytest

from escrow.tests.paying import TOLD


@pytest.fixture(autouse=True)
def sandbox_of_its_own(settings, tmp_path) -> None:
    settings.SANDBOX_DIR = tmp_path / "sandbox"
    TOLD.heard.clear()
    TOLD.gone.clear()
    TOLD.bearer = None
