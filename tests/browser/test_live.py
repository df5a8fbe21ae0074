"""X11 in a real browser: one connection for all tabs, what a page says to its regions, and what it falls back to."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page, Route

from marketplace.models import User
from notifications.live import announce
from tests.factories import UserFactory
from tests.processes import environment
from tests.web import Web, signed_in

CONTRACT = UUID("7a1f1f0e-5f0b-4e58-9a5e-0f6c2d1f3b4a")
OTHER = UUID("0b8bbd8e-fb14-41d5-a951-e739161df0b3")
SOON = 45  # seconds, on a machine that runs many tests at once; longer than a browser without a stream waits to ask
KEEPS = """
window.said = [];
addEventListener("DOMContentLoaded", () => {
  for (const name of ["live-contract", "live-bell"]) document.body.addEventListener(name, () => said.push(name));
});
"""


@pytest.fixture
def web(own_database, django_db_blocker, tmp_path) -> Iterator[Web]:
    with django_db_blocker.unblock(), Web(environment(), tmp_path) as running:
        yield running


@pytest.fixture
def nora(web) -> User:
    return UserFactory()


@pytest.fixture
def context(browser, web, nora, watch) -> Iterator[BrowserContext]:
    """Nora's browser, in which every page keeps what it says to its regions."""
    made = browser.new_context(base_url=web.address)
    watch.over(made)
    made.add_init_script(KEEPS)
    made.add_cookies([{"name": "session", "value": signed_in(nora), "url": web.address}])
    yield made
    made.close()


def tab(context: BrowserContext, *contracts: UUID) -> Page:
    """A page that shows something of these contracts."""
    page = context.new_page()
    page.goto("/jobs/")
    names = " ".join(map(str, contracts))
    page.evaluate("names => document.body.setAttribute('data-live-contract', names)", names)
    return page


def comes(true: Callable[[], bool], seconds: float = SOON) -> bool:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def says(page: Page, *names: str) -> bool:
    """Whether the page comes to say exactly this, and has then forgotten it."""
    found = comes(lambda: page.evaluate("said") == list(names)) and page.evaluate("said.splice(0).length > 0")
    assert found, page.evaluate("said")
    return found


def connections(web: Web) -> set[str]:
    """Those that are open at the server, by their far end. Those of pages end after two seconds."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[2] for row in rows if row[1].endswith(f":{web.port:04X}") and row[3] == "01"}


def streams(web: Web, count: int) -> set[str]:
    """The connections, once only streams are left: so many."""
    assert comes(lambda: len(connections(web)) == count), connections(web)
    return connections(web)


def settled(page: Page) -> Page:
    """The first stream of a server begins with looking again; forget that."""
    comes(lambda: bool(page.evaluate("said")), 5)
    page.evaluate("said.length = 0")
    return page


def test_x11_all_tabs_share_one_connection_and_each_says_what_concerns_it(web, context, nora):
    one, two = tab(context, CONTRACT), tab(context, OTHER, CONTRACT)
    three = tab(context)
    streams(web, 1)
    for page in (one, two, three):
        settled(page)
    announce(CONTRACT, [nora.pk])
    assert says(one, "live-contract", "live-bell")
    assert says(two, "live-contract", "live-bell")
    assert says(three, "live-bell")
    announce(OTHER, [nora.pk])
    assert says(two, "live-contract", "live-bell")
    assert says(one, "live-bell")
    announce(None, [nora.pk])
    assert says(one, "live-bell")
    streams(web, 1)


def test_x11_on_the_way_from_page_to_page_the_connection_stays(web, context, nora):
    page = tab(context, CONTRACT)
    before = streams(web, 1)
    page.goto("/settings/")
    page.goto("/jobs/")
    announce(None, [nora.pk])
    assert comes(lambda: "live-bell" in page.evaluate("said"))
    assert streams(web, 1) == before


def test_x11_when_the_last_tab_closes_so_does_the_connection(web, context):
    one, two = tab(context), tab(context)
    before = streams(web, 1)
    one.close()
    two.wait_for_timeout(6_000)
    assert streams(web, 1) == before
    two.close()
    streams(web, 0)


def test_x11_a_page_that_opens_late_says_nothing_of_its_own(web, context):
    settled(tab(context, CONTRACT)).wait_for_timeout(2_500)  # a page knows to the second when it was made
    late = tab(context, CONTRACT)
    assert not comes(lambda: bool(late.evaluate("said")), 3)


def test_x11_after_a_restart_of_the_server_all_look_again(web, context, nora):
    page = settled(tab(context, CONTRACT))
    streams(web, 1)
    web.stop()
    announce(CONTRACT, [nora.pk])
    web.start()
    assert says(page, "live-contract", "live-bell")
    announce(CONTRACT, [nora.pk])
    assert says(page, "live-contract", "live-bell")


def test_x11_a_page_that_nobody_sees_waits_until_somebody_does(web, context, nora):
    page = settled(tab(context, CONTRACT))
    look(page, hidden=True)
    announce(CONTRACT, [nora.pk])
    announce(CONTRACT, [nora.pk])
    assert not comes(lambda: bool(page.evaluate("said")), 1.5)
    look(page, hidden=False)
    assert says(page, "live-contract", "live-bell")


def look(page: Page, *, hidden: bool) -> None:
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )


def test_x11_much_news_at_once_is_said_once_a_second(web, context, nora):
    page = settled(tab(context, CONTRACT))
    begun = time.monotonic()
    for _each in range(20):
        announce(CONTRACT, [nora.pk])
    assert comes(lambda: len(page.evaluate("said")) >= 2)
    page.wait_for_timeout(1_500)
    most = 1 + int(time.monotonic() - begun)
    assert page.evaluate("said") in [["live-contract", "live-bell"] * times for times in range(1, most + 1)]
    assert most < 20


def test_x11_without_shared_workers_a_tab_has_a_connection_of_its_own(web, context, nora):
    context.add_init_script("delete window.SharedWorker")
    page = settled(tab(context, CONTRACT))
    streams(web, 1)
    announce(CONTRACT, [nora.pk])
    assert says(page, "live-contract", "live-bell")


def test_x11_where_streams_are_refused_pages_look_again_now_and_then(web, context, watch):
    watch.allow(501)
    context.add_init_script("delete window.SharedWorker")
    context.route("**/live/*/?since=*", refuse)
    page = tab(context, CONTRACT)
    assert says(page, "live-contract", "live-bell")


def refuse(route: Route) -> None:
    assert route.request.headers["accept"] == "text/event-stream"
    route.fulfill(status=501)


def test_x11_without_any_worker_a_page_asks_every_half_minute(web, context):
    context.add_init_script("delete window.SharedWorker; delete window.Worker")
    context.clock.install()
    page = tab(context, CONTRACT)
    assert page.evaluate("said") == []
    page.clock.run_for(32_000)
    page.clock.resume()
    assert says(page, "live-contract", "live-bell")
    streams(web, 0)


def test_x11_who_is_not_signed_in_asks_for_nothing(web, browser, watch):
    context = browser.new_context(base_url=web.address)
    watch.over(context)
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    context.new_page().goto("/")
    streams(web, 0)
    assert not [url for url in asked if "live" in url]
    context.close()
