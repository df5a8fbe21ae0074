"""A browser, the site with the demo in it, and people signed in to it. Every page is watched.

Needs Chromium or Chrome: named by CAIRN_BROWSER, or found in the path.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, Page, expect, sync_playwright

from conftest import clone, drop, point_at
from launcher.browser import ADVICE, find
from marketplace.models import Membership, Party, User
from tests.browser import site as running
from tests.browser.watching import Watch

FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
)


@cache
def executable() -> str:
    """The path of a browser, or nothing. Whoever starts the suite with start.py says it."""
    return find(dict(os.environ))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these tests are skipped, all for one reason; in CI they fail instead."""
    if executable() or os.environ.get("CI"):
        return
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=ADVICE))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    assert executable(), ADVICE
    expect.set_options(timeout=30_000)  # a machine that runs many tests at once is slow
    # Playwright's own loop runs in this thread, where the tests also ask the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def data(tmp_path_factory) -> Path:
    """The folder in which this worker's server keeps what is not in the database."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="session")
def server(browser, django_db_setup, django_db_blocker, tmp_path_factory, data) -> Iterator[str]:
    """The address of this worker's server. Its database is made anew under it, for each test."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    own = tmp_path_factory.getbasetemp()
    demo = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "demo"
    with django_db_blocker.unblock():
        running.make_demo(run, demo)
        shutil.copytree(demo, data, dirs_exist_ok=True)
        clone(running.NAME, running.DEMO)
    with running.serving(data) as address:
        yield address
    with django_db_blocker.unblock():
        drop(running.NAME)


@pytest.fixture
def site(server, django_db_blocker) -> Iterator[str]:
    """The site's address, with the demo as it was loaded; the models of the test speak to the same database."""
    before = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        clone(running.NAME, running.DEMO)
        point_at(running.NAME)
        yield server
        connections.close_all()
        point_at(before)


@pytest.fixture
def wait_days(site, data) -> Callable[[int], None]:
    """Put the site's clock forward by so many days; what comes due happens."""
    return lambda days: running.manage("advance_clock", "--days", str(days), data=data)


@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    assert not watch.troubles, "\n".join(watch.troubles)


class Visit(Protocol):
    def __call__(self, path: str = "/", **options: object) -> Page: ...


class SignIn(Protocol):
    def __call__(self, email: str, path: str = "/jobs/", **options: object) -> Page: ...


@pytest.fixture
def visit(browser, site, watch) -> Iterator[Visit]:
    """Open a page in a browser of its own, signed in as nobody; options are those of a browser context."""
    contexts = []

    def opened(path: str = "/", cookies: tuple = (), **options: object) -> Page:
        context = browser.new_context(**{"base_url": site, "locale": "en-US", "reduced_motion": "reduce"} | options)
        context.set_default_timeout(45_000)
        contexts.append(context)
        watch.over(context)
        context.add_cookies(list(cookies))
        page = context.new_page()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in(site, visit) -> SignIn:
    """Open a page in a browser of its own in which this person of the demo has signed in before."""

    def signed_in(email: str, path: str = "/jobs/", **options: object) -> Page:
        cookie = {"name": "session", "value": running.session_of(email), "url": site}
        return visit(path, cookies=(cookie,), **options)

    return signed_in


@pytest.fixture
def colleague(site) -> str:
    """A second person who may edit the client's plans: Otto Hale joins the team as a manager."""
    party = Party.objects.get(memberships__user__email="client@cairn.test")
    otto = User.objects.get(email="outsider@cairn.test")
    Membership.objects.create(user=otto, party=party, role="manager")
    return otto.email


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Fails when axe finds anything to object to in the page as it stands."""
    inspector = Axe()

    def inspect(page: Page) -> None:
        found = inspector.run(page)
        assert not found.violations_count, f"{page.url}\n{found.generate_report()}"

    return inspect
