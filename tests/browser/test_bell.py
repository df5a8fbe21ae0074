"""The bell in a real browser: it counts up on an open page, leads to what happened, and works without a script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from contracts.demo import acts
from contracts.states import MilestoneStatus
from tests.browser.test_pages import look, look_through
from tests.factories import Agreed, agreed
from tests.processes import environment
from tests.web import Web, signed_in

HERE = ("/notifications/", "/notifications/settings/")


@pytest.fixture
def web(own_database, django_db_blocker, tmp_path) -> Iterator[Web]:
    with django_db_blocker.unblock(), Web(environment(), tmp_path) as running:
        yield running


@pytest.fixture
def world(web) -> Agreed:
    return agreed(2, paid=1, current=MilestoneStatus.ACTIVE)


@pytest.fixture
def context(browser, web, world, watch) -> Iterator[BrowserContext]:
    """The client's browser."""
    made = browser.new_context(base_url=web.address)
    watch.over(made)
    made.add_cookies([{"name": "session", "value": signed_in(world.client), "url": web.address}])
    yield made
    made.close()


def bell(page: Page):
    return page.get_by_role("link", name="Notices")


def test_x11_the_bell_of_an_open_page_counts_up_and_leads_to_the_work(context, world):
    page = context.new_page()
    page.goto("/jobs/")
    expect(bell(page)).to_contain_text("1 unread")  # the offer was accepted
    page.evaluate("window.same = true")
    acts.submit(acts.step(world.contract, 2))
    expect(bell(page)).to_contain_text("2 unread")
    assert page.evaluate("same"), "The page was not loaded anew."

    bell(page).click()
    page.get_by_role("link", name="submitted work for Step 2").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.endswith("/review/")
    expect(bell(page)).to_contain_text("1 unread")


def test_the_list_of_an_open_page_grows_and_is_marked_as_read_at_once(context, world):
    page = context.new_page()
    page.goto("/notifications/")
    acts.submit(acts.step(world.contract, 2))
    expect(page.get_by_role("link", name="submitted work for Step 2")).to_be_visible()
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_role("button", name="Mark all as read")).to_have_count(0)
    expect(bell(page)).not_to_contain_text("unread")


def test_without_a_script_the_bell_is_a_link_to_its_page(browser, web, world):
    acts.submit(acts.step(world.contract, 2))
    context = browser.new_context(base_url=web.address, java_script_enabled=False)
    context.add_cookies([{"name": "session", "value": signed_in(world.client), "url": web.address}])
    page = context.new_page()
    page.goto("/jobs/")
    bell(page).click()
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_role("button", name="Mark all as read")).to_have_count(0)
    context.close()


@look
def test_its_pages_can_be_read_by_everybody(sign_in, axe, scheme, size):
    page = sign_in("client@cairn.test", color_scheme=scheme, viewport=size)
    look_through(page, list(HERE), axe)


def test_staff_look_through_the_emails(sign_in, axe):
    page = sign_in("staff@cairn.test")
    look_through(page, ["/staff/mails/"], axe)
    page.goto("/staff/mails/plan_saved/")
    shown = page.frame_locator("iframe")
    expect(shown.get_by_role("heading", level=1)).to_contain_text("Name of the sender")
    expect(shown.get_by_role("link", name="Open the contract")).to_be_visible()
