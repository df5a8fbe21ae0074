"""What is asked around the tests: nothing heard before counts in the next one, and the books hold at the end."""

from collections.abc import Iterator

import pytest

from escrow.tests.paying import TOLD
from tests import books


@pytest.fixture(autouse=True)
def nothing_heard() -> None:
    TOLD.heard.clear()
    TOLD.gone.clear()
    TOLD.bearer = None


@pytest.fixture
def books_hold(db) -> Iterator[None]:
    """At the end of the test."""
    yield
    books.books_hold()
