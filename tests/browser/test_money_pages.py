"""Every page on which money is looked at or moved, as each side sees it: readable, quiet, no wider than the window."""

import pytest

from contracts.models import Contract, Invoice
from marketplace.models import Party
from tests.browser.editor import room
from tests.browser.test_pages import NARROW, WIDE, look_through

looks = pytest.mark.parametrize(
    ("scheme", "size"), [("light", WIDE), ("dark", NARROW)], ids=["light-wide", "dark-narrow"]
)


def current(title: str, page: str) -> str:
    """A page of the contract's current milestone."""
    return room(title, f"milestones/{Contract.objects.get(title=title).current.pk}/{page}/")


def party(email: str) -> Party:
    return Party.objects.get(memberships__user__email=email)


@looks
def test_the_clients_pages(sign_in, axe, scheme, size):
    page = sign_in("client@cairn.test", color_scheme=scheme, viewport=size)
    mine, website = party("client@cairn.test"), "Website relaunch"
    talent = party("freelancer@cairn.test").pk
    look_through(page, [
        "/payments/", "/payments/?show=held", "/payment-methods/", f"/parties/{mine.pk}/tax/",
        "/offers/new/", f"/offers/new/?talent={talent}", room("Winter poster"), room("Winter poster", "offer/"),
        room("Winter poster", "withdrawal/"), current(website, "review"), current(website, "changes-request"),
        room(website, "bonus/"), room(website, "end/"), room(website, "dispute/"), room(website, "follow-on/"),
        room("Audio stories"), room("Audio stories", "refund/"), room("Brand guidelines", "feedback/"),
        room("Door signs"), room("Door signs", "proposal/"), room("Door signs", "offer/"),
        f"/invoices/{Invoice.objects.filter(earning__contract__client=mine).first().pk}/",
    ], axe)  # fmt: skip


@looks
def test_the_talents_pages(sign_in, axe, scheme, size):
    page = sign_in("freelancer@cairn.test", color_scheme=scheme, viewport=size)
    look_through(page, [
        "/balance/", "/balance/?show=withdrawals", "/balance/withdrawal/", "/payment-methods/", "/statement/",
        room("Winter poster"), room("Winter poster", "answer/"), current("Mobile app", "submission"),
        current("Website relaunch", "review"), room("Mobile app", "end/"), room("Website relaunch", "activity/"),
        "/proposals/new/", room("Mobile app", "new-proposal/"),
    ], axe)  # fmt: skip


@looks
def test_the_agencys_pages(sign_in, axe, scheme, size):
    page = sign_in("agency@cairn.test", color_scheme=scheme, viewport=size)
    look_through(page, [
        "/balance/", room("Audio stories", "refund/"), room("Audio stories", "dispute/"),
        room("Archive digitisation", "members/"), current("Archive digitisation", "submission"),
        room("Door signs", "proposal/withdrawal/"), room("Door signs", "members/"), "/proposals/new/",
    ], axe)  # fmt: skip
