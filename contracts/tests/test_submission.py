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


def test_b30_before_the_click_the_page_says_what_it_is_for_and_until_when_the_client_then_answers(browser, milestone):
    shown = text(read(browser.get(page(milestone, "submission"))))
    for words in (milestone.title, "$100.00", "then has 14 days", "Without an answer the whole $100.00 is released"):
        assert words in shown


def test_b30_resubmitting_is_numbered_and_shows_what_was_asked_for(world, browser, milestone):
    submit(milestone, "First try")
    send_back(milestone, "Bluer, <please>.")
    shown = text(read(browser.get(page(milestone, "submission"))))
    assert "Submission 1" in shown
    assert "Bluer, <please>." in shown
    assert hand_in(browser, milestone, message="Second try").status_code == 302
    assert [each.number for each in milestone.submissions.all()] == [1, 2]
    shown = text(read(browser.get(page(milestone, "review"))))
    assert shown.index("Submission 2") < shown.index("Submission 1")
    books_hold()


def test_b30_the_same_form_twice_submits_once_and_is_success_both_times(browser, milestone):
    at = page(milestone, "submission")
    form = filled(browser.get(at)) | {"message": "Once"}
    first, second = (browser.post(at, form) for _twice in range(2))
    assert first["Location"] == second["Location"] == page(milestone, "review")
    assert milestone.submissions.count() == 1


def test_i17_a_form_that_submitted_before_submits_nothing_else_but_can_be_sent_anew(browser, milestone):
    at = page(milestone, "submission")
    form = filled(browser.get(at)) | {"message": "Once"}
    browser.post(at, form)
    late = browser.post(at, form | {"message": "Other words"})
    assert late.status_code == 409
    assert "Other words" in text(read(late))
    send_back(milestone)
    answer = browser.post(at, form | {"message": "Other words"})
    assert answer.status_code == 409
    assert browser.post(at, filled(answer)).status_code == 302
    assert [each.message for each in milestone.submissions.all()] == ["Once", "Other words"]


def test_i17_another_contracts_key_is_refused(browser, milestone):
    foreign = current(agreed(1, current=S.SUBMITTED)).submissions.get()
    assert hand_in(browser, milestone, key=str(foreign.pk)).status_code == 409
    assert not milestone.submissions.exists()


@pytest.mark.parametrize("role", ["client", "manager", "viewer"])
def test_b30_the_clients_side_cannot_submit(world, milestone, role):
    browser = signed_in(getattr(world, role))
    at = page(milestone, "submission")
    assert browser.get(at).status_code == 403
    assert browser.post(at, {"key": uuid.uuid4(), "message": "Mine"}).status_code == 403
    assert not Submission.objects.exists()


def test_b30_of_an_agency_its_manager_and_assigned_members_submit_and_nobody_else_sees_it():
    world = agreed(2, agency=True, current=S.ACTIVE)
    milestone = current(world)
    for user, status in ((world.talent, 200), (world.member, 200), (world.idle, 404), (outsider(), 404)):
        assert signed_in(user).get(page(milestone, "submission")).status_code == status
    assert hand_in(signed_in(world.member), milestone).status_code == 302
    assert milestone.submissions.get().by == world.member


def test_another_contracts_milestone_is_not_found_under_this_contract(world, browser):
    other = current(agreed(2, current=S.ACTIVE))
    at = f"/contracts/{world.contract.pk}/milestones/{other.pk}/submission/"
    assert browser.get(at).status_code == 404
    assert browser.post(at, {"key": uuid.uuid4(), "message": "Foreign"}).status_code == 404


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("message", "", "Say what you hand in."),
        ("message", "\u200b \u200d", "nothing in it that can be seen"),
        ("message", "x" * 5001, "at most (this has 5001)"),
        ("message", "x" * 1_000_000, "at most"),
        ("links", "javascript:alert(1)", "not the address of a page"),
        ("links", "data:text/html,x", "not the address of a page"),
        ("links", "ftp://example.org/x", "not the address of a page"),
        ("links", "example.org", "not the address of a page"),
        ("links", "https://", "not the address of a page"),
        ("links", "https://example.org/ two words", "not the address of a page"),
        ("links", "https://example.org/" + "x" * 500, "at most 500 characters"),
        ("links", "\n".join(f"https://example.org/{place}" for place in range(11)), "at most 10 links"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_what_was_typed_stays(browser, milestone, name, typed, says):
    form = {"message": "Kept", "links": "https://kept.example/"} | {name: typed}
    answer = hand_in(browser, milestone, **form)
    assert answer.status_code == 422
    (wrong,) = [at for at in read(answer).iter() if at.get("aria-invalid")]
    assert wrong.get("name") == name
    assert says in text(read(answer))
    again = filled(answer)
    assert {again["message"], again["links"].replace("\r\n", "\n")} == set(form.values())
    assert not Submission.objects.exists()


def test_a_damaged_key_is_said(browser, milestone):
    for key in ("", "7", "x" * 36, str(2**63)):
        answer = hand_in(browser, milestone, key=key)
        assert answer.status_code == 422
        assert "did not arrive" in text(read(answer))


@pytest.mark.parametrize("current_state", [S.SUBMITTED, S.FUNDING, None])
def test_b30_only_an_active_or_returned_milestone_takes_work_and_what_was_typed_is_shown(current_state):
    world = agreed(2, current=current_state)
    milestone, browser = current(world), signed_in(world.talent)
    before = milestone.submissions.count()
    assert browser.get(page(milestone, "submission")).status_code == 409
    answer = browser.post(page(milestone, "submission"), {"key": uuid.uuid4(), "message": "Too early or late"})
    assert answer.status_code == 409
    assert "Too early or late" in text(read(answer))
    assert milestone.submissions.count() == before


def test_fields_that_nobody_may_post_are_nothing(browser, milestone, world):
    given = {"number": "9", "by": str(world.client.pk), "reason": "x", "review_by": "2099-01-01", "status": "paid"}
    assert hand_in(browser, milestone, **given).status_code == 302
    kept = milestone.submissions.get()
    assert (kept.number, kept.by, kept.reason) == (1, world.talent, None)


def test_links_open_apart_and_give_nothing_away(browser, milestone):
    hand_in(browser, milestone, links='https://example.org/?a="b"&c=<d>')
    root = read(browser.get(page(milestone, "review")))
    (link,) = [at for at in root.iter("a") if "example.org" in at.get("href", "")]
    assert link.get("href") == 'https://example.org/?a="b"&c=<d>'
    assert {"noopener", "noreferrer"} <= set(link.get("rel").split())


def test_the_page_takes_as_many_queries_for_one_submission_as_for_three(django_assert_num_queries, browser, milestone):
    for _round in range(3):
        submit(milestone)
        send_back(milestone)
        with django_assert_num_queries(8):  # session, user, parties, contract, milestone, money, submissions, files
            assert browser.get(page(milestone, "submission")).status_code == 200
