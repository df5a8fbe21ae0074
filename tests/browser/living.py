"""Two people who live a contract in two browsers, and what each of them can read of its money.

Knows how the pages are worked. Knows nothing of what the sums should be.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from playwright.sync_api import Page, expect

AMOUNT = re.compile(r"\u2212?\$[0-9,]+\.[0-9]{2}")


def amount(text: str) -> Decimal:
    """The first amount in a text."""
    found = AMOUNT.search(text)
    assert found, text
    return Decimal(found[0].replace("\u2212", "-").replace("$", "").replace(",", ""))


def figures(page: Page) -> dict[str, Decimal]:
    """The figures of an open Overview or Balance by their names."""
    return {
        figure.locator("dt").inner_text(): amount(figure.locator("dd").inner_text())
        for figure in page.locator(".figure").all()
    }


def sums(page: Page) -> dict[str, Decimal]:
    """What a page says will happen, or did: each sum by what it is called."""
    return {
        row.locator("dt").inner_text(): amount(row.locator("dd").inner_text())
        for row in page.locator("dl.sums > div").all()
        if AMOUNT.search(row.locator("dd").inner_text())
    }


@dataclass
class Person:
    """Somebody in front of a browser; `room` is the address of the contract, once there is one."""

    page: Page
    room: str = ""

    def at(self, path: str = "") -> Page:
        self.page.goto(self.room + path if not path.startswith("/") else path)
        return self.page

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def told(self, text: str) -> None:
        """What was done is said on the page."""
        expect(self.page.locator("#status")).to_contain_text(text)

    def add_card(self, number: str) -> None:
        self.at("/payment-methods/")
        self.page.get_by_label("Card number").fill(number)
        self.press("Add card")
        expect(self.page.get_by_role("heading", name=re.compile(number[-4:]))).to_be_visible()

    def offer(self, talent: str, title: str, steps: list[tuple[str, str]]) -> None:
        """Make an offer; afterwards the page is the contract's Overview."""
        self.at("/offers/new/")
        self.follow(talent)
        self.page.get_by_label("Title of the contract").fill(title)
        for place, (step, worth) in enumerate(steps):
            if place:
                self.press("Add a milestone")
                expect(self.page.locator("#rows > li")).to_have_count(place + 1)
            row = self.page.locator("#rows > li").nth(place)
            row.get_by_label("Title").fill(step)
            row.get_by_label("Amount").fill(worth)
        self.page.get_by_label("Amount").last.blur()

    def submit(self, message: str) -> None:
        self.at()
        self.follow("Submit work")
        self.page.get_by_label("Message").fill(message)
        self.press("Submit work")

    def request_changes(self, reason: str) -> None:
        self.at()
        self.follow("Review")
        self.follow("Request changes")
        self.page.get_by_label("What is to be changed?").fill(reason)
        self.press("Request changes")

    def give_feedback(self, rating: int, text: str) -> None:
        self.at("feedback/")
        self.page.get_by_label(str(rating), exact=False).first.check()
        self.page.get_by_label("What was it like to work together?").fill(text)
        self.press("Give feedback")
