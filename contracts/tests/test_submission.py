"""Submit work: what the talent's page shows and takes, and what it refuses with all that was typed kept (B30)."""

import uuid

import pytest

from contracts.models import Submission
from contracts.states import MilestoneStatus
from contracts.tests.browsing import read, text
from contracts.tests.handing_in import current, filled, page, signed_in
from tests.books import books_hold
from tests.factories import agreed, outsider, send_back, submit

S = MilestoneStatus
pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return agreed(3, current=S.ACTIVE)


@pytest.fixture
def milestone(world):
    return current(world)


@pytest.fixture
def browser(world):
    return signed_in(world.talent)


def hand_in(browser, milestone, **typed):
    """Open the page, fill it in and send it."""
    at = page(milestone, "submission")
    return browser.post(at, filled(browser.get(at)) | {"message": "Here it is."} | typed)


def test_b30_work_is_submitted_with_message_and_links_and_the_clock_starts(world, browser, milestone):
    answer = hand_in(
        browser, milestone, message="Look:\r\nall done", links="https://example.org/a\n\nhttp://b.example/?q=1#x\n"
    )
    assert answer["Location"] == page(milestone, "review")
    kept = milestone.submissions.get()
    assert (kept.message, kept.number, kept.by) == ("Look:\nall done", 1, world.talent)
    assert kept.links == ["https://example.org/a", "http://b.example/?q=1#x"]
    milestone.refresh_from_db()
    assert milestone.status == S.SUBMITTED
    assert milestone.review_by is not None
    shown = text(read(browser.get(answer["Location"])))
    assert "Your work was submitted." in shown
    assert "has 14 days to review it" in shown
    books_hold()
