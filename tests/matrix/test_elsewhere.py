"""Every other address but the administration's lists: whoever knocks, with whatever method."""

import pytest

from tests.matrix.row import ROWS
from tests.matrix.table import ELSEWHERE
from tests.matrix.walking import wrong_looks, wrong_methods, wrong_sends


@pytest.mark.parametrize("name", ELSEWHERE)
def test_who_gets_what(matrix, name):
    row = ROWS[name]
    wrong = [*wrong_methods(matrix, row), *wrong_looks(matrix, row), *wrong_sends(matrix, row)]
    assert not wrong, "\n".join(wrong)
