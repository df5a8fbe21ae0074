"""A plan is changed together: two people, their browsers and their mail all have the same diff (B8 to B11, X4, X11).

The site runs as a web server, a worker and a mail server that takes what the worker sends.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from itertools import product
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from contracts.models import ChangeRequest
from contracts.states import MilestoneStatus
from marketplace.models import User
from notifications.models import Channel, Delivery, DeliveryStatus
from notifications.tests.post_office import PostOffice
from tests.browser.diffs import asked, html, in_text, on_page, plain
from tests.browser.editor import Editor
from tests.browser.living import Person
from tests.factories import Agreed, agreed
from tests.processes import environment
from tests.web import ROOT, Web, signed_in

PASSWORD = "a long walk in the rain"
PATIENCE = 150  # seconds: what a worker does each minute may just have been missed
NAMES = {"client": "Ines Calder", "manager": "Rolf Amsel", "talent": "Tove Lind"}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 375, "height": 812}


@pytest.fixture
def office() -> Iterator[PostOffice]:
    place = PostOffice()
    place.open()
    yield place
    place.close()


@pytest.fixture
def world(own_database, django_db_blocker) -> Iterator[Agreed]:
    """Step 1 is paid, Step 2 is worked on, Steps 3 to 8 lie ahead. Everybody has a name and a password."""
    with django_db_blocker.unblock():
        world = agreed(8, paid=1, current=MilestoneStatus.ACTIVE)
        for role, name in NAMES.items():
            user = getattr(world, role)
            user.name = name
            user.set_password(PASSWORD)
            user.save()
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        yield world


@pytest.fixture
def web(world, office, tmp_path) -> Iterator[Web]:
    """The site with its worker, once all the mail of the time before is out."""
    web = Web(environment(), tmp_path)
    web.environ["CAIRN_URL"] = web.address
    with web, (tmp_path / "worker.log").open("w") as log:
        words = [sys.executable, "-m", "notifications.tests.dying", "worker", str(office.port)]
        with subprocess.Popen(words, cwd=ROOT, env=web.environ, stdout=log, stderr=log) as worker:
            try:
                wait_until(lambda: not waiting().exists())
                office.taken.clear()
                yield web
            finally:
                worker.terminate()


@pytest.fixture
def keep(tmp_path) -> Path:
    """The folder for pictures: that in CAIRN_PICTURES, for whoever wants to look at them."""
    return Path(os.environ.get("CAIRN_PICTURES", tmp_path))


@pytest.fixture
def browse(browser: Browser, web, world, watch) -> Iterator[Callable[..., Person]]:
    """A browser of this person's, signed in, or of nobody's; in front of the contract's room."""
    made: list[BrowserContext] = []

    def browse(user: User | None = None, size: dict[str, int] = WIDE) -> Person:
        context = browser.new_context(base_url=web.address, viewport=size, reduced_motion="reduce", locale="en-US")
        made.append(context)
        watch.over(context)
        if user:
            context.add_cookies([{"name": "session", "value": signed_in(user), "url": web.address}])
        person = Person(context.new_page(), f"{web.address}/contracts/{world.contract.pk}/")
        if user:
            person.at()
        return person

    yield browse
    for context in made:
        context.close()


def waiting():
    return Delivery.objects.filter(channel=Channel.EMAIL, status=DeliveryStatus.WAITING, bundle="")


def wait_until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def mail_to(office: PostOffice, user: User) -> EmailMessage:
    """The one email that came for them since the last was taken out."""
    wait_until(lambda: any(mail["To"] == user.email for mail in office.taken))
    (mail,) = [mail for mail in office.taken if mail["To"] == user.email]
    office.taken.remove(mail)
    return mail


def bell(page: Page) -> Locator:
    return page.get_by_role("link", name="Notices")


def ask(talent: Person) -> None:
    """Three rows edited, one added, one deleted, one moved; sent with a note."""
    editor = Editor.over(talent.page)
    editor.edit("Step 3", amount="150")
    editor.edit("Step 4", title="Colour proofs", description="Two rounds,\non paper")
    editor.edit("Step 5", due_date="2030-03-01")
    editor.add("Frames", amount="80.50")
    editor.delete("Step 6")
    editor.button("Move Step 8 up").click()
    editor.form.get_by_label(re.compile("^Note to")).fill("The printer needs a week more.\nStep 6 is not needed.")
    editor.button("Send request").click()
    expect(editor.window).to_have_count(0)


def picture(browser: Browser, mail: EmailMessage, keep: Path) -> None:
    """The email's HTML as mail programs show it; it is no wider than the window."""
    name = re.sub(r"\W+", "-", mail["Subject"])[:30]
    for scheme, size in product(("light", "dark"), (WIDE, NARROW)):
        page = browser.new_page(viewport=size, color_scheme=scheme)
        page.set_content(html(mail))
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        page.screenshot(path=keep / f"{name}-{size['width']}-{scheme}.png", full_page=True)
        page.close()


def seen_in(browser: Browser, mail: EmailMessage, keep: Path) -> list[list[str]]:
    """The diffs in its HTML, each as a browser shows it; and pictures of it are kept."""
    picture(browser, mail, keep)
    page = browser.new_page()
    page.set_content(html(mail))
    diffs = [on_page(diff) for diff in page.locator(".diff").all()]
    page.close()
    return diffs


def posts(person: Person) -> list[tuple[str, list[str]]]:
    """What Cairn says in Messages, with all that it shows of a plan."""
    person.at("messages/")
    found = person.page.locator(".post-event").all()
    return [(post.locator(".post-head > span").first.inner_text(), on_page(post)) for post in found]


def open_from(mail: EmailMessage, reader: Person, user: User) -> str:
    """Follow the email's link in a browser that nobody signed in to, and sign in there; the link."""
    (link,) = re.findall(r"^http://\S+/requests/\S+/$", plain(mail), re.MULTILINE)
    reader.page.goto(link)
    reader.page.get_by_label("Email").fill(user.email)
    reader.page.get_by_label("Password").fill(PASSWORD)
    reader.press("Sign In")
    expect(reader.page.get_by_role("heading", name="Change request", exact=True)).to_be_visible()
    return link


def test_b11_both_have_one_diff_in_open_pages_messages_and_both_parts_of_the_mail(world, browse, office, axe, keep):
    client, talent = browse(world.client), browse(world.talent, NARROW)
    unread = [rings(person) for person in (client, talent)]

    ask(talent)
    expect(client.page.get_by_role("region", name="A change request waits for your side")).to_be_visible()
    expect(bell(client.page)).to_contain_text(f"{unread[0] + 1} unread")
    wanted = asked(ChangeRequest.objects.get(contract=world.contract).changes)
    assert len([fact for fact in wanted if "·" not in fact]) == 6

    mail = mail_to(office, world.client)
    assert "Tove Lind asks to" in mail["Subject"]
    assert "The printer needs a week more." in plain(mail)
    assert [in_text(plain(mail))] == seen_in(client.page.context.browser, mail, keep) == [wanted]

    reader = browse(size=NARROW)
    assert open_from(mail, reader, world.client) == reader.page.url
    assert on_page(reader.page.locator("#choose")) == wanted
    axe(reader.page)
    reader.page.screenshot(path=keep / "request.png", full_page=True)
    reader.page.get_by_label("Accept this change: Colour proofs").uncheck()
    reader.press("Accept 5 of 6 changes")
    reader.told("Change request accepted in part.")

    for person in (client, talent):
        follows(person)
    expect(bell(talent.page)).to_contain_text(f"{unread[1] + 1} unread")
    made = [fact for fact in wanted if "Colour proofs" not in fact]
    left = [fact for fact in wanted if "Colour proofs" in fact]
    mail = mail_to(office, world.talent)
    assert [in_text(part) for part in plain(mail).split("What was not accepted:\n")] == [made, left]
    assert seen_in(client.page.context.browser, mail, keep) == [made, left]

    both = posts(client)
    assert both == posts(talent)
    assert [diff for _said, diff in both][-2:] == [wanted, wanted]


def rings(person: Person) -> int:
    """How many notices are unread in a page of theirs, which is marked so that it can be known again."""
    expect(bell(person.page)).to_contain_text("unread")
    person.page.evaluate("window.same = true")
    return int(re.search(r"\d+", bell(person.page).inner_text())[0])


def follows(person: Person) -> None:
    """The page that was open all the while has the new plan, and was not loaded anew."""
    overview = person.page.locator("#overview")
    for title, count in {"Frames": 1, "Step 4": 1, "Colour proofs": 0, "Step 6": 0}.items():
        expect(overview.locator(".step-title").get_by_text(title, exact=True)).to_have_count(count)
    expect(person.page.locator("#pending section")).to_have_count(0)
    assert person.page.evaluate("same")
