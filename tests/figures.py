"""The figures of a page: each that is named, what it is of, and the sums that nothing names. Knows no truth about them.

`data-money` names a figure, `data-of` says what it is about. What stands under `data-told` is sentences about what
happened, and in a `details` element a plan that somebody saved: sums there have no name.
"""

import re
from decimal import Decimal
from html.parser import HTMLParser
from typing import NamedTuple
from uuid import UUID

from django.http import HttpResponse

MINUS = "\N{MINUS SIGN}"
SUM = re.compile(rf"([-{MINUS}+]?)\$([0-9,]+\.[0-9]{{2}})")
VOID = {"input", "link", "meta", "br", "img", "hr", "rect", "col", "source"}
ASIDE = {"title", "details", "select", "textarea"}  # of no element of these do the sums need a name


class Figure(NamedTuple):
    """What is shown, of what, how much of it."""

    name: str
    of: str
    amount: Decimal


class Page(HTMLParser):
    """The named figures of a page in their order, the sums that are told in sentences, and those that nobody named."""

    def __init__(self, html: str, about: str = "") -> None:
        super().__init__()
        self.of: list[str] = [about]
        self.zones: list[str] = [""]
        self.open: tuple[str, str, int] | None = None
        self.text = ""
        self.named: list[Figure] = []
        self.told: list[Decimal] = []
        self.unnamed: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag in VOID:
            return
        given = dict(attrs)
        self.of.append(given.get("data-of") or self.of[-1])
        zone = "aside" if tag in ASIDE else "told" if "data-told" in given else ""
        self.zones.append("aside" if self.zones[-1] == "aside" else zone or self.zones[-1])
        if "data-money" in given:
            self.open, self.text = (given["data-money"], self.of[-1], len(self.of)), ""

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.open and len(self.of) == self.open[2]:
            if shown := SUM.search(self.text):
                self.named.append(Figure(*self.open[:2], amount(shown)))
            self.open = None
        self.of.pop()
        self.zones.pop()

    def handle_data(self, data: str) -> None:
        if self.open:
            self.text += data
        elif self.zones[-1] == "told":
            self.told += map(amount, SUM.finditer(data))
        elif not self.zones[-1]:
            self.unnamed += [data.strip()] if SUM.search(data) else []


def page_of(answer: HttpResponse, about: UUID | None = None) -> Page:
    """The page as it reads; `about` is what it is about as a whole."""
    return Page(answer.content.decode(), str(about or ""))


def figures(answer: HttpResponse, about: UUID | None = None) -> list[Figure]:
    """Every figure that the page names; an empty cell shows none."""
    return page_of(answer, about).named


def amount(found: re.Match) -> Decimal:
    """A sum as a number; a plus is none."""
    value = Decimal(found[2].replace(",", ""))
    return -value if found[1] in {"-", MINUS} else value
