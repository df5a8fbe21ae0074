"""X11 on the pages: what the other side does is on an open page at once, and what is being typed there stays."""

import uuid
from collections.abc import Iterator
from typing import Protocol

import pytest
from playwright.sync_api import Page, expect

from contracts.demo import acts
from contracts.operations.requests import accept_request, decline_request
from contracts.states import MilestoneStatus
from contracts.tests.asking import asked, fresh
from contracts.tests.test_news import save
from marketplace.models import Membership, User
from notifications.messages.posting import post_message
from tests.factories import Agreed, agreed, end
from tests.processes import environment
from tests.web import Web, signed_in


class Open(Protocol):
    def __call__(self, user: User, path: str = "", **options: object) -> Page: ...


@pytest.fixture
def web(own_database, django_db_blocker, tmp_path) -> Iterator[Web]:
    with django_db_blocker.unblock(), Web(environment(), tmp_path) as running:
        yield running


@pytest.fixture
def world(web) -> Agreed:
    return agreed(6, paid=1, current=MilestoneStatus.ACTIVE)


@pytest.fixture
def opened(browser, web, world, watch) -> Iterator[Open]:
    """A page of the contract in a browser of this user's own, which is not loaded anew after that."""
    contexts = []

    def open_page(user: User, path: str = "", **options: object) -> Page:
        context = browser.new_context(base_url=web.address, reduced_motion="reduce", **options)
        contexts.append(context)
        watch.over(context)
        context.add_cookies([{"name": "session", "value": signed_in(user), "url": web.address}])
        page = context.new_page()
        page.goto(path if path.startswith("/") else f"/contracts/{world.contract.pk}/{path}")
        page.evaluate("window.same = true")
        page.wait_for_timeout(1_500)  # it connects a moment after it has loaded
        return page

    yield open_page
    for context in contexts:
        context.close()


def is_same(page: Page) -> bool:
    return page.evaluate("window.same === true")


def milestone(title: str) -> str:
    return f"#overview .step:has-text('{title}')"


def test_x11_the_overview_follows_work_and_its_release(opened, world):
    client, talent = opened(world.client), opened(world.talent)
    acts.submit(acts.step(world.contract, 2))
    expect(client.locator(milestone("Step 2"))).to_contain_text("Submitted")
    expect(client.locator("#next-step")).to_have_text("Review")
    expect(client.locator(".next-step [data-left]")).to_contain_text("13 days 23 hours left")
    expect(client.locator("#news")).to_contain_text("submitted work for Step 2")
    acts.pay(acts.step(world.contract, 2))
    expect(talent.locator(milestone("Step 2"))).to_contain_text("Paid")
    expect(talent.locator("#news")).to_contain_text("Updated:")
    assert is_same(client)
    assert is_same(talent)


def test_b10_a_request_and_its_answer_come_to_both_sides(opened, world, axe):
    client, talent = opened(world.client, "terms/"), opened(world.talent)
    request = asked(world)
    expect(client.locator("#pending")).to_contain_text("A change request waits for your side")
    expect(client.get_by_role("link", name="Load the new state")).to_be_visible()
    expect(talent.locator("#pending")).to_contain_text("waits for the other side")
    axe(client)
    accept_request(contract=fresh(world), by=world.client, request=request)
    expect(talent.locator("#pending .notice")).to_have_count(0)
    expect(talent.locator("#overview")).to_contain_text("Extra")
    expect(talent.locator("#news")).to_contain_text("accepted the change request")
    assert is_same(client)


def test_b10_funding_comes_to_the_talents_page(opened, world):
    acts.submit(acts.step(world.contract, 2))
    acts.pay(acts.step(world.contract, 2))
    talent = opened(world.talent)
    method = world.contract.client.payment_methods.first()
    acts.fund(acts.step(world.contract, 3), method)
    expect(talent.locator(milestone("Step 3"))).to_contain_text("Active")
    expect(talent.locator("#news")).to_contain_text("funded Step 3")


def test_x11_a_message_comes_to_messages_and_moves_nothing_elsewhere(opened, world):
    talk, overview = opened(world.client, "messages/"), opened(world.manager)
    post_message(contract=fresh(world), by=world.talent, key=uuid.uuid4(), text="Nearly there")
    expect(talk.locator(".post-text", has_text="Nearly there")).to_have_count(1)
    expect(overview.locator("#tab-count")).to_contain_text("1")
    overview.evaluate("document.querySelector('#overview').same = true")
    post_message(contract=fresh(world), by=world.talent, key=uuid.uuid4(), text="One more day")
    expect(overview.locator("#tab-count")).to_contain_text("2")
    overview.wait_for_timeout(500)
    assert overview.evaluate("document.querySelector('#overview').same"), "What did not change is not swapped."
    expect(overview.locator("#news .news-line")).to_have_count(0)


def test_x11_activity_grows_at_its_top(opened, world):
    page = opened(world.client, "activity/")
    before = page.locator(".event").count()
    acts.submit(acts.step(world.contract, 2))
    expect(page.locator(".event").first).to_contain_text("submitted work for Step 2")
    expect(page.locator(".event")).to_have_count(before + 1)
    acts.send_back(acts.step(world.contract, 2))
    expect(page.locator(".event").first).to_contain_text("requested changes")
    expect(page.locator(".event")).to_have_count(before + 2)


def test_x11_a_form_that_is_being_filled_in_stays_as_it_is(opened, world, axe):
    acts.submit(acts.step(world.contract, 2))
    key = acts.step(world.contract, 2).pk
    page = opened(world.client, f"milestones/{key}/review/", viewport={"width": 375, "height": 700})
    page.get_by_label("Another amount").check()
    page.get_by_label("Amount", exact=True).fill("12.34")
    top = page.evaluate("scrollY")
    save(world)
    line = page.locator("#news .news-line")
    expect(line).to_contain_text("This changed:")
    expect(page.get_by_label("Amount", exact=True)).to_have_value("12.34")
    expect(page.get_by_label("Amount", exact=True)).to_be_focused()
    assert page.evaluate("scrollY") == top
    axe(page)
    top = page.evaluate("scrollY")
    line.get_by_role("button", name="Close").click()
    expect(line).to_have_count(0)
    expect(page.locator("#main")).to_be_focused()
    assert page.evaluate("scrollY") == top
    acts.send_back(acts.step(world.contract, 2))
    expect(line).to_contain_text("requested changes")
    line.get_by_role("link", name="Load the new state").click()
    expect(line).to_have_count(0)
    expect(page.locator("#news-asks")).to_have_count(1)
    assert not is_same(page)


@pytest.mark.parametrize("who", ["client", "talent"])
def test_x3_an_open_editor_says_who_saved_before_save_does(opened, world, who, axe, watch):
    page = opened(getattr(world, who))
    page.get_by_role("button", name="Manage Milestones").click()
    rows = page.locator("#rows")
    expect(rows).to_be_visible()
    rows.get_by_role("button", name="Edit Step 3").click()
    title = page.get_by_role("textbox", name="Title")
    title.fill("My own title")
    place = rows.bounding_box()
    save(world)
    notice = page.locator("#editor-news .news-line")
    expect(notice).to_contain_text(f"{world.client.name} saved a change. Your edits are kept")
    expect(title).to_have_value("My own title")
    expect(title).to_be_focused()
    assert rows.bounding_box() == place, "Nothing moves."
    axe(page)
    if who == "client":
        watch.allow(409)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#conflict")).to_be_visible()
        expect(notice).to_have_count(0)


def test_b10_an_open_editor_says_that_a_request_came(opened, world):
    page = opened(world.client, "milestones/")
    request = asked(world)
    notice = page.locator("#editor-news .news-line")
    expect(notice).to_contain_text("cannot be saved as things stand")
    decline_request(contract=fresh(world), by=world.client, request=request, reason="")
    expect(notice).to_contain_text("will put them on top of it")
    notice.get_by_role("button", name="Close").click()
    expect(page.locator("#editor-title")).to_be_focused()
    with page.expect_response(lambda answer: "/milestones/news/" in answer.url):
        post_message(contract=fresh(world), by=world.talent, key=uuid.uuid4(), text="Never mind")
    page.wait_for_timeout(500)
    expect(notice).to_have_count(0)


def test_x11_focus_and_what_is_open_stay_when_the_overview_follows(opened, world):
    world.contract.milestones.filter(position=4).update(description="All about it")
    page = opened(world.client)
    summary = page.locator(".step-details summary").first
    summary.click()
    expect(page.get_by_text("All about it")).to_be_visible()
    acts.submit(acts.step(world.contract, 2))
    expect(page.locator(milestone("Step 2"))).to_contain_text("Submitted")
    expect(page.get_by_text("All about it")).to_be_visible()
    expect(summary).to_be_focused()


def test_x11_my_jobs_follows(opened, world):
    page = opened(world.client, "/jobs/")
    page.locator(f"#job-{world.contract.pk}").focus()
    acts.submit(acts.step(world.contract, 2))
    expect(page.locator(".job-step")).to_contain_text("waits for your review")
    expect(page.locator(f"#job-{world.contract.pk}")).to_be_focused()
    assert is_same(page)
    end(world.contract)
    expect(page.get_by_text("No contracts yet")).to_be_visible()


def test_x11_the_inbox_follows(opened, world):
    post_message(contract=fresh(world), by=world.talent, key=uuid.uuid4(), text="First")
    page = opened(world.client, "/messages/")
    link = page.locator(f"#talk-{world.contract.pk}")
    link.focus()
    post_message(contract=fresh(world), by=world.talent, key=uuid.uuid4(), text="Second")
    expect(page.locator(".inbox-last")).to_contain_text("Second")
    expect(link).to_be_focused()
    assert is_same(page)


def test_b32_the_time_that_is_left_goes_on(opened, world):
    acts.submit(acts.step(world.contract, 2))
    page = opened(world.client, f"milestones/{acts.step(world.contract, 2).pk}/review/")
    left = page.locator("[data-left]")
    expect(left).to_have_text("13 days 23 hours left")
    page.clock.install()
    page.reload()
    page.clock.run_for(3 * 60 * 60 * 1_000)
    expect(left).to_have_text("13 days 20 hours left")


def test_b8_who_lost_access_meanwhile_keeps_the_page_as_it_is(opened, world, watch):
    watch.allow(404)
    page = opened(world.manager)
    Membership.objects.filter(user=world.manager).delete()
    with page.expect_response(lambda answer: answer.status == 404):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('live-contract'))")
    page.wait_for_timeout(500)
    expect(page.locator("#status")).to_be_empty()
    expect(page.locator("#overview")).to_be_visible()


CAME = """() => {
  const [page] = performance.getEntriesByType("navigation");
  return [page.transferSize < page.encodedBodySize, Number(page.serverTiming[0].description)];
}"""


def test_x11_a_page_that_the_browser_kept_is_told_as_of_when_it_is_right(opened, world):
    page = opened(world.client)
    page.reload()  # from now on all its cookies are the same
    _was_kept, first = page.evaluate(CAME)
    page.goto("/jobs/")
    page.wait_for_timeout(1_100)
    page.goto(f"/contracts/{world.contract.pk}/")
    was_kept, second = page.evaluate(CAME)
    assert was_kept
    assert second > first
    page.goto("/jobs/")
    acts.submit(acts.step(world.contract, 2))
    page.goto(f"/contracts/{world.contract.pk}/")
    expect(page.locator(milestone("Step 2"))).to_contain_text("Submitted")
    assert not page.evaluate(CAME)[0]
