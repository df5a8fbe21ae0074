"""Change requests in Activity and in the administration: every turn with its diff, at a constant cost."""

import pytest
from django.template.loader import render_to_string

from contracts.models import ChangeRequest
from contracts.tests.asking import answer, asked, browser, page_of, revised
from contracts.tests.browsing import read, text, with_class
from contracts.tests.pages import parsed
from contracts.tests.visiting import at
from tests.factories import Agreed, agreed
from tests.staff import at_work, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Agreed:
    return agreed(4)


def events(world: Agreed) -> list[str]:
    """What Activity says of each request's event, newest first."""
    page = read(browser(world.client).get(at(world.contract, "activity/")))
    return [said for each in with_class(page, "event") if "request" in (said := text(each))]


def test_b11_every_turn_of_a_request_says_who_did_what_with_the_diff(world):
    second = revised(asked(world, note="As we said."))
    answer(world.client, second, "decline", reason="Not now.")
    third = asked(world)
    answer(world.client, third, "accept", "Step 2")
    partly, sent, declined, again, first = events(world)
    assert f"{world.talent.name} asks to change the plan." in first
    assert "As we said. Asked for: 1 added, 1 removed, 1 edited, 1 moved" in first
    assert "revised the change request" in again
    assert "Asked for: 1 removed, 1 edited, 1 moved" in again
    assert f"{world.client.name} declined the change request." in declined
    assert "Not now. Asked for: 1 removed, 1 edited, 1 moved" in declined
    assert "Asked for: 1 added" in sent
    assert "accepted a part of the change request" in partly
    assert "Revision 2: 1 edited Edited Step 2" in partly
    for said in (partly, sent, declined, again, first):
        assert "Look at the request" in said


def test_b11_each_event_leads_to_its_request(world):
    first = asked(world)
    second = revised(first)
    page = browser(world.talent).get(at(world.contract, "activity/")).content.decode()
    for request in (first, second):
        assert f'href="{page_of(request)}">Look at the request' in page


def test_requests_cost_activity_no_query_more(world, django_assert_num_queries):
    visitor = browser(world.client)
    for _round in range(2):
        answer(world.client, revised(asked(world)), "decline")
    with django_assert_num_queries(7):  # session, user, parties, contract, events, revisions, what can be compared
        visitor.get(at(world.contract, "activity/"))


def test_b11_staff_read_a_request_in_the_same_words_as_everybody(world):
    request = asked(world)
    root = at_work(staff(superuser=True))
    page = parsed(root.get(f"/admin/contracts/changerequest/{request.pk}/change/"))
    changes = ChangeRequest.objects.get(pk=request.pk).changes
    assert render_to_string("contracts/_diff.html", {"changes": changes}) in page
