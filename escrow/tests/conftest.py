"""Nothing that the purpose of escrow's tests heard is left over from the test before."""

import pytest

from escrow.tests.paying import TOLD


@pytest.fixture(autouse=True)
def nothing_heard() -> None:
    TOLD.heard.clear()
    TOLD.gone.clear()
    TOLD.bearer = None
