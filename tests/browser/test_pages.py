"""Every page as a browser shows it: reachable, readable in both colour schemes and at both widths, and quiet."""

import re
import threading

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from playwright.sync_api import Page, expect

from tests.browser.doors import sign_in_by_hand
from tests.browser.editor import room

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 375, "height": 740}
LOOKS = [(scheme, size) for scheme in ("light", "dark") for size in (WIDE, NARROW)]
look = pytest.mark.parametrize(("scheme", "size"), LOOKS, ids=[f"{scheme}-{size['width']}" for scheme, size in LOOKS])

DOORS = ("/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/outbox/")
PAGES = ("/jobs/", "/jobs/?show=ended", "/jobs/?q=nothing+like+it", "/settings/", "/parties/new/",
         "/accounts/email/", "/accounts/password/change/", "/accounts/sessions/", "/accounts/logout/",
         "/settings/data/", "/settings/closing/", "/statement/")  # fmt: skip
ROOMS = ("", "activity/", "activity/comparison/?from=1&to=4", "terms/", "milestones/", "milestones/new/")


def assert_no_sideways_scroll(page: Page) -> None:
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1], f"{page.url} is {widths[0]} wide in a window of {widths[1]}"


def look_through(page: Page, paths: list[str], axe) -> None:
    for path in paths:
        answer = page.goto(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        expect(page.get_by_role("heading", level=1).or_(page.get_by_role("heading", level=2)).first).to_be_visible()
        axe(page)
        assert_no_sideways_scroll(page)


@look
def test_every_page_for_those_who_are_not_signed_in(visit, axe, scheme, size):
    look_through(visit(color_scheme=scheme, viewport=size), DOORS, axe)


@look
def test_every_page_for_those_who_are(sign_in, axe, scheme, size):
    page = sign_in("client@cairn.test", color_scheme=scheme, viewport=size)
    rooms = [room("Website relaunch", rest) for rest in ROOMS]
    look_through(page, [*PAGES, *rooms, room("Brand guidelines"), room("Logo refresh")], axe)


@look
def test_the_longest_plan(sign_in, axe, scheme, size):
    page = sign_in("client@cairn.test", color_scheme=scheme, viewport=size)
    look_through(page, [room("Archive digitisation"), room("Archive digitisation", "milestones/")], axe)


@pytest.mark.parametrize("person", ["freelancer", "agency", "member", "viewer", "outsider", "staff"])
def test_everybody_has_their_jobs(sign_in, axe, person):
    page = sign_in(f"{person}@cairn.test", viewport=NARROW)
    expect(page.get_by_role("heading", name="My Jobs")).to_be_visible()
    axe(page)
    assert_no_sideways_scroll(page)


def test_signing_in_by_the_form_leads_to_my_jobs(visit):
    page = visit("/")
    page.get_by_role("main").get_by_role("link", name="Sign In").click()
    expect(page).to_have_url(re.compile("/accounts/login/$"))
    sign_in_by_hand(page, "client@cairn.test")
    expect(page).to_have_url(re.compile("/jobs/$"))
    expect(page.get_by_role("listitem").get_by_role("link").first).to_have_text("Website relaunch")


def test_a_wrong_password_is_refused_in_words(visit):
    page = visit("/accounts/login/")
    sign_in_by_hand(page, "client@cairn.test", "something else")
    expect(page.get_by_text("That email and password do not go together.")).to_be_visible()


def test_who_is_not_signed_in_comes_back_after_signing_in(visit):
    terms = room("Website relaunch", "terms/")
    page = visit(terms)
    sign_in_by_hand(page, "freelancer@cairn.test")
    expect(page).to_have_url(re.compile(f"{terms}$"))


def test_my_jobs_tells_active_from_ended_and_says_the_next_step(sign_in):
    page = sign_in("client@cairn.test")
    jobs = page.get_by_role("main").get_by_role("list")
    expect(jobs).to_contain_text("Website relaunch")
    expect(jobs).to_contain_text("1 milestone waits for your review")
    expect(jobs).not_to_contain_text("Brand guidelines")
    page.get_by_role("link", name="Ended").click()
    expect(jobs).to_contain_text("Brand guidelines")
    expect(jobs).not_to_contain_text("Website relaunch")


def test_my_jobs_is_searched_by_title_and_by_the_other_party(sign_in):
    page = sign_in("client@cairn.test")
    of_fenn = ["Website relaunch", "Mobile app", "Winter poster", "Opening film"]
    for sought, found in (("digitis", ["Archive digitisation"]), ("fenn", of_fenn)):
        page.get_by_role("searchbox").fill(sought)
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("main").get_by_role("listitem").get_by_role("heading")).to_have_text(found)


def test_the_room_has_its_tabs(sign_in):
    page = sign_in("freelancer@cairn.test")
    page.get_by_role("link", name="Website relaunch").click()
    tabs = page.get_by_role("main")
    for tab, seen in (
        ("Activity", "Launch week"),
        ("Terms", "Each milestone is agreed"),
        ("Overview", "Visual design"),
    ):
        tabs.get_by_role("link", name=tab).click()
        expect(page.get_by_role("main")).to_contain_text(seen)


def test_who_may_not_edit_sees_the_plan_and_no_editor(sign_in, watch):
    watch.allow(403)
    page = sign_in("viewer@cairn.test", room("Website relaunch"))
    expect(page.get_by_text("Launch week")).to_be_visible()
    expect(page.get_by_role("button", name="Manage Milestones")).to_have_count(0)
    assert page.goto(room("Website relaunch", "milestones/")).status == 403


@pytest.mark.parametrize("person", ["outsider", "staff"])
def test_outsiders_find_nothing_at_any_address_of_a_contract(sign_in, watch, person):
    watch.allow(404)
    page = sign_in(f"{person}@cairn.test")
    for rest in ROOMS:
        assert page.goto(room("Website relaunch", rest)).status == 404
    missing = page.goto("/contracts/00000000-0000-4000-8000-000000000000/").text()
    found = page.goto(room("Website relaunch")).text()
    assert "Website relaunch" not in found
    assert without_tokens(found) == without_tokens(missing)


def without_tokens(html: str) -> str:
    """The page without what differs between any two: its token, its moment, its address."""
    return re.sub(r"[0-9A-Za-z]{64}|/contracts/[0-9a-f-]{36}/", "", html)


def test_a_server_whose_idle_connections_were_cut_serves_on(sign_in):
    page = sign_in("client@cairn.test")
    page.goto("about:blank")  # the connections are to be idle: a page asks for its counts by itself
    threading.Event().wait(0.5)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] >= 1
    connection.close()
    threading.Event().wait(0.2)
    for _each in range(8):
        assert page.goto("/jobs/").status == 200


def test_an_expired_session_leads_to_signing_in(sign_in, watch):
    watch.allow(403)  # what the open page asks for by itself meanwhile
    page = sign_in("client@cairn.test")
    expect(page.locator("#bell-count .bell-count")).to_be_visible()  # what the page asked for itself is there
    Session.objects.all().delete()
    page.get_by_role("link", name="Website relaunch").click()
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/contracts/"))
