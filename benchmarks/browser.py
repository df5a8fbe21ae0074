"""What a person at a slow computer sees of a plan of 200 milestones: Chromium with its CPU throttled to a quarter.

From the click to a window that can be used, frames while a row is dragged, from Save to the fresh Overview.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.arms import Round, alternate, described, ratios
from benchmarks.beside import Beside
from benchmarks.plan import Plan, Result
from benchmarks.rooms import HTMX, Room
from benchmarks.servers import Served
from launcher import browser as programs
from proof.databases import migrated, working_on
from tests.browser.conftest import FLAGS
from tests.browser.editor import Editor, box
from tests.web import signed_in

NAME = "bench_browser"
MILESTONES = 199
SLOWER = 4  # times
HERE = Path(__file__).parent
OPEN, USABLE, FRAMES, SAVED = "#manage-milestones", "#rows > li .plan-handle", "frames", "#overview"


def measure(plan: Plan) -> Result:
    result = Result("browser")
    program = programs.find_whole(dict(os.environ))
    if not program:
        result.missing.append(programs.ADVICE)
        return result
    migrated()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's own loop runs in this thread
    with working_on(NAME), Served(NAME, plan.data / "web") as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        room = Room.of(MILESTONES)
        looked = Looked(chromium, server, room)
        clicks(plan, result, looked)
        drags(plan, result, looked)
        saves(plan, result, looked)
        chromium.close()
    return result


class Looked:
    """A room in a browser of somebody who is signed in."""

    def __init__(self, chromium: Browser, server: Served, room: Room) -> None:
        self.chromium, self.server, self.room = chromium, server, room
        self.session = signed_in(room.contract.client.memberships.get(role="owner").user)

    @contextmanager
    def page(self, url: str = "") -> Iterator[Page]:
        """The room, or another page, in a new window of a slow computer that watches its own time."""
        context = self.chromium.new_context(base_url=self.server.address)
        context.add_cookies([{"name": "session", "value": self.session, "url": self.server.address}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(url or self.room.address, wait_until="load")
        page.evaluate((HERE / "watch.js").read_text())
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        yield page
        context.close()

    def click(self) -> float:
        """Milliseconds from the click to rows that can be dragged, painted."""
        with self.page() as page:
            page.evaluate("usable => watched.until(usable)", USABLE)
            page.locator(OPEN).click()
            return page.evaluate("watched.done")

    def save(self) -> float:
        """Milliseconds from the click on Save to a fresh Overview, painted."""
        with self.page() as page:
            editor = Editor.over(page)
            row = editor.titles.last.text_content()  # of a row out of sight, which has no inner text
            editor.edit(row, title=f"{row} again"[:60])
            page.evaluate("region => watched.replaced(region)", SAVED)
            editor.button("Save").click()
            return page.evaluate("watched.done")


def clicks(plan: Plan, result: Result, looked: Looked) -> None:
    html = looked.room.get("milestones/", **HTMX).content
    with Beside(looked.server.address, html) as beside:

        def laid_out() -> float:
            with looked.page(beside.address) as page:
                page.evaluate("usable => watched.until(usable)", USABLE)
                page.locator("#open").click()
                return page.evaluate("watched.done")

        rounds = alternate({"click": looked.click, "static": laid_out}, plan.rounds)
    result.add("click.usable", "200 milestones", ratios(rounds, "click", "static"))
    result.notes.append(f"click to usable: {described(rounds, '{:.0f}', 'ms')}")


def drags(plan: Plan, result: Result, looked: Looked) -> None:
    found = [dragged(looked) for _round in range(plan.rounds)]
    for name in ("frames", "drop", "paint"):
        result.add(f"drag.{name}", "200 milestones", [each[name] for each in found])


def dragged(looked: Looked) -> Round:
    """Longest frames, in milliseconds, while a row is dragged by its handle over others, and at the drop."""
    with looked.page() as page:
        editor = Editor.over(page)
        expect(editor.titles).to_have_count(MILESTONES)
        handle, target = (page.locator(".plan-handle").nth(place) for place in (1, 9))
        start, end = box(handle), box(target)
        x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x, y + 8, steps=4)
        page.wait_for_timeout(500)
        page.evaluate("watched.frames()")
        page.mouse.move(x, end["y"] + end["height"] - 4, steps=60)
        frames = page.evaluate("watched.longest()")
        page.evaluate("watched.frames()")
        page.mouse.up()
        page.wait_for_timeout(1_000)
        return {"frames": frames, "drop": page.evaluate("watched.longest()"), "paint": page.evaluate("watched.paint()")}


def saves(plan: Plan, result: Result, looked: Looked) -> None:
    result.add("click.save", "200 milestones", [looked.save() for _round in range(plan.rounds)])
