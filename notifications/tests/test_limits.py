"""Files of messages count like any others: too many are refused with 429, and the words stay."""

import pytest

from contracts.tests.handing_in import upload
from contracts.tests.test_limits_pages import few, refused, spent  # noqa: F401 - one of them is a fixture
from contracts.tests.visiting import signed_in
from notifications.models import Post
from notifications.tests import writing
from tests.factories import agreed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("htmx", [False, True])
def test_files_of_messages_count_too(htmx):
    world = agreed(3)
    spent("uploads", world.client)
    browser = signed_in(world.client)
    answer = writing.send(browser, world.contract, htmx=htmx, text="Look", files=upload("a.pdf"))
    assert refused(answer, *([] if htmx else ["Look"]))
    assert not Post.objects.filter(event=None).exists()
    assert writing.send(browser, world.contract, htmx=htmx, text="Look").status_code < 400
