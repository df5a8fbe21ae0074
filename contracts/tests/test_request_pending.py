"""While a change request waits: what every tab says, what the plan's buttons say, what comes next, and what goes on."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from contracts.operations.funding import RequestInTheWay
from contracts.operations.settlement import end_as_talent
from contracts.plan import Plan
from contracts.states import MilestoneStatus, RequestStatus
from contracts.tests.asking import answer, asked, block_next, browser, counter, days_go_by, fresh, page_of, statuses
from contracts.tests.browsing import HTMX, Editor, address, read, text, with_class, with_id
from contracts.tests.visiting import at, said
from marketplace import clock
from tests.factories import Agreed, agreed, bring, fund, line, pay_in_full

S = MilestoneStatus
TABS = ["", "activity/", "terms/", "activity/comparison/?from=1&to=1"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Agreed:
    return agreed(4, agency=True)


def milestone(world: Agreed, place: int):
    return world.contract.milestones.get(position=place)


# The banner


@pytest.mark.parametrize("tab", TABS)
def test_b10_every_tab_says_to_both_sides_who_asks_for_what(world, tab):
    request = asked(world)
    for user in (world.client, world.viewer, world.talent, world.member):
        page = browser(user).get(at(world.contract, tab))
        banner = with_class(read(page), "pending")[0]
        assert f"{world.talent.name} asks to add one milestone, remove one, move one" in text(banner)
        assert page_of(request) in page.content.decode()
        assert "Review changes" in text(banner)


@pytest.mark.parametrize("tab", TABS)
def test_b10_without_a_request_no_tab_speaks_of_one(world, tab):
    assert not with_class(read(browser(world.client).get(at(world.contract, tab))), "pending")


def test_x11_the_banner_follows_by_itself(world):
    asked(world)
    part = with_id(read(browser(world.talent).get(at(world.contract, "pending/"), headers=HTMX)), "pending")
    assert part.get("hx-get") == at(world.contract, "pending/")
    assert "live-contract from:body" in part.get("hx-trigger")
    assert part.get("data-live-contract") == str(world.contract.pk)


def test_b10_the_short_address_leads_to_the_request_or_back_to_the_contract(world):
    visitor = browser(world.client)
    assert visitor.get(at(world.contract, "request/"))["Location"] == at(world.contract, "")
    request = asked(world)
    assert visitor.get(at(world.contract, "request/"))["Location"] == page_of(request)


def test_a_pending_request_costs_one_query_more(world, django_assert_num_queries):
    asked(world)
    visitor = browser(world.client)
    with django_assert_num_queries(6):  # session, user, parties, contract, request, milestones
        visitor.get(at(world.contract, ""))


# The plan's buttons, and what is behind them


@pytest.mark.parametrize("role", ["client", "talent"])
def test_b10_the_buttons_wait_and_say_why_with_a_link(world, role):
    request = asked(world)
    page = read(browser(getattr(world, role)).get(at(world.contract, "")))
    note = with_id(page, "plan-note")
    assert "as soon as the change request is answered" in text(note)
    assert note.find("a").get("href") == page_of(request)
    for button in ("add-milestone", "manage-milestones"):
        found = with_id(page, button)
        assert (found.get("aria-disabled"), found.get("aria-describedby")) == ("true", "plan-note")
        assert found.get("type") == "button"
        assert found.get("hx-get") is None


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize("role", ["client", "talent"])
@pytest.mark.parametrize("page", ["", "new/"])
def test_b10_the_editor_explains_why_it_waits(world, role, page, headers):
    request = asked(world)
    found = browser(getattr(world, role)).get(address(world.contract, page), headers=headers)
    assert found.status_code == 409
    assert "The plan waits for an answer" in text(read(found))
    assert page_of(request) in found.content.decode()


def test_b10_an_editor_that_was_open_is_refused_and_loses_nothing(world):
    editor = Editor(world.client, world.contract)
    editor.type(editor.keys[0], title="Half edited")
    request, before = asked(world), fresh(world).plan()
    assert editor.save().status_code == 409
    assert fresh(world).plan() == before
    assert ("title-" + editor.keys[0], "Half edited") in editor.fields
    assert "data-touched" in editor.form.attrib
    error = with_class(editor.page, "notice-error")[0]
    assert "A change request waits for an answer" in text(error)
    assert error.find(".//a").get("href") == page_of(request)


def test_x03_a_draft_is_put_on_top_of_the_plan_after_the_answer(world):
    editor = Editor(world.client, world.contract)
    editor.type(editor.keys[0], title="Half edited")
    request = asked(world)
    assert answer(world.client, request, "accept", "Step 2", "Extra").status_code == 302
    restored = editor.post("draft/")
    editor.take(restored)
    assert editor.save().status_code == 204
    assert [at.title for at in fresh(world).plan()] == [
        "Kick-off",
        "Half edited",
        "Step 2",
        "Extra",
        "Step 3",
        "Step 4",
    ]


def test_b10_a_milestone_that_is_typed_meanwhile_comes_back(world):
    asked(world)
    form = {"key": "7d2f5f6e-0d3c-4b6e-9d0c-1f0f0f0f0f0f", "title": "Mine", "amount": "50"}
    page = browser(world.client).post(address(world.contract, "new/"), form)
    assert page.status_code == 409
    assert 'value="Mine"' in page.content.decode()
    assert "Look at the change request" in said(page)


# What comes next


def test_b10_the_request_is_the_next_step_of_who_answers_and_is_waited_for_by_who_sent_it(world):
    asked(world)
    for user, words in (
        (world.client, "Your next step Answer the change request"),
        (world.viewer, "Waiting for your team to answer the change request"),
        (world.talent, f"Waiting for {world.contract.client.name} to answer the change request"),
        (world.member, f"Waiting for {world.contract.client.name} to answer the change request"),
    ):
        assert words in said(browser(user).get(at(world.contract, "")))


def test_b10_a_counter_proposal_is_the_talents_next_step():
    world = agreed(4, agency=True)
    counter(world, asked(world))
    assert "Your next step Answer the change request" in said(browser(world.talent).get(at(world.contract, "")))
    member = said(browser(world.member).get(at(world.contract, "")))
    assert "Waiting for your agency to answer the change request" in member


def test_b10_a_review_goes_first_and_work_goes_on():
    world = agreed(4, current=S.SUBMITTED)
    asked(world, Plan((*fresh(world).plan(), line())))
    client, talent = (said(browser(user).get(at(world.contract, ""))) for user in (world.client, world.talent))
    assert "Your next step 1 milestone waits for your review" in client
    assert "to review your work" in talent


def test_b10_the_next_step_in_my_jobs_leads_to_the_request(world):
    asked(world)
    page = browser(world.client).get("/jobs/").content.decode()
    assert f'href="{at(world.contract, "request/")}">Review changes</a>' in page


def test_b10_what_the_request_leaves_alone_can_still_be_begun(world):
    """Step 4 alone is dearer: Step 1 can be activated, beside answering."""
    plan = fresh(world).plan()
    asked(world, Plan((*plan.lines[:-1], replace(plan.lines[-1], title="Later"))))
    room = browser(world.client).get(at(world.contract, "")).content.decode()
    assert f'href="{at(world.contract, f"milestones/{milestone(world, 2).pk}/funding/")}">Activate and fund</a>' in room


# Funding


def test_b10_the_page_that_funds_says_what_is_in_the_way(world):
    request = block_next(world)
    where = at(world.contract, f"milestones/{milestone(world, 2).pk}/funding/")
    page = browser(world.client).get(where)
    assert page.status_code == 409
    assert "A change request that waits for an answer changes this milestone" in said(page)
    assert page_of(request) in page.content.decode()
    assert "Pay $" not in said(page)
    assert "Activate and fund</a>" not in browser(world.client).get(at(world.contract, "")).content.decode()


WISHES = {
    "edited": lambda lines: [lines[0], replace(lines[1], amount=Decimal("7.00")), *lines[2:]],
    "removed": lambda lines: [lines[0], *lines[2:]],
    "moved": lambda lines: [lines[0], *lines[2:], lines[1]],
    "no longer next": lambda lines: [lines[0], line("Before"), *lines[1:]],
}


@pytest.mark.parametrize("wish", WISHES)
def test_b10_a_milestone_that_the_request_touches_is_not_activated(world, wish):
    asked(world, Plan(tuple(WISHES[wish](fresh(world).plan().lines))))
    with pytest.raises(RequestInTheWay):
        fund(milestone(world, 2))
    assert milestone(world, 2).is_future


def test_b10_a_request_about_later_milestones_lets_the_next_one_be_activated(world):
    *first, last = fresh(world).plan()
    request = asked(world, Plan((*first, line("Extra"), replace(last, amount=Decimal("7.00")))))
    fund(milestone(world, 2))
    assert milestone(world, 2).status == S.ACTIVE
    assert answer(world.client, request, "accept").status_code == 302
    assert fresh(world).plan() == request.plan


# What goes on


def test_b10_work_goes_on_to_its_payment_while_the_request_waits():
    world = agreed(3, current=S.ACTIVE)
    asked(world, Plan((*fresh(world).plan(), line())))
    bring(milestone(world, 1), S.CHANGES_REQUESTED)
    bring(milestone(world, 1), S.SUBMITTED)
    pay_in_full(milestone(world, 1))
    assert milestone(world, 1).status == S.PAID
    assert statuses(world.contract) == [RequestStatus.PENDING]


def test_b10_what_nobody_reviews_is_released_by_itself_while_the_request_waits():
    world = agreed(3, current=S.SUBMITTED)
    asked(world, Plan((*fresh(world).plan(), line())))
    days_go_by(15)
    assert milestone(world, 1).status == S.PAID
    assert statuses(world.contract) == [RequestStatus.PENDING]


def test_b10_when_the_contract_ends_the_request_is_over_and_its_page_says_so(world):
    request = asked(world)
    end_as_talent(contract=world.contract, by=world.talent, held=Decimal("0.00"))
    for user in (world.client, world.talent):
        assert "The contract ended before it was answered." in said(browser(user).get(page_of(request)))
    page = answer(world.client, request, "accept")
    assert page.status_code == 409
    assert "The contract has ended." in said(page)


# Validated again


def test_b02_a_date_that_became_past_while_the_request_waited_is_fine(world):
    today = clock.now().date()
    *first, last = fresh(world).plan()
    request = asked(world, Plan((*first, replace(last, due_date=today + timedelta(days=2)))), today=today)
    days_go_by(9)
    assert answer(world.client, request, "accept").status_code == 302
    assert fresh(world).plan() == request.plan
