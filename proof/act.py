"""A form that somebody fills in at the real web server, and then posts, any number of times. Knows no operation."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from contracts.tests.dealing import Deal
from proof.browser import Answer, Fields, typed, with_field
from proof.dying_web import DyingWeb
from tests.staff import staff

type Fill = Callable[[list[Fields], Deal], Fields]


class Ready(NamedTuple):
    """What is posted, as often as it is called, with more headers if need be; and the status that says it is done."""

    post: Callable[..., Answer]
    done: int


@dataclass(frozen=True)
class Act:
    """An operation `does` something on the page of a `side`: the client, the talent, or staff of finance.

    `page` is where its form stands, after the contract's own address unless it begins with a slash.
    """

    name: str
    does: Callable[..., object]
    begin: Callable[[], Deal]
    side: str
    page: Callable[[Deal], str]
    fill: Fill

    def path(self, deal: Deal) -> str:
        page = self.page(deal)
        return page if page.startswith("/") else f"/contracts/{deal.key}/{page}"

    def ready(self, deal: Deal, web: DyingWeb) -> Ready:
        who = staff("finance") if self.side == "staff" else deal.payer if self.side == "client" else deal.earner
        browser, path = web.browser(who), self.path(deal)
        return Ready(partial(browser.post, path, self.fill(browser.forms(path), deal)), 302)


def posts(name: str, value: str | None = None, /, **texts: str) -> Fill:
    """The form that has the field `name`, with these texts typed into it."""
    return lambda forms, deal: typed(with_field(forms, name, value), **texts)


def at(page: str) -> Callable[[Deal], str]:
    return lambda deal: page


def of_step(place: int, page: str) -> Callable[[Deal], str]:
    return lambda deal: f"milestones/{deal.milestone(place).pk}/{page}"
