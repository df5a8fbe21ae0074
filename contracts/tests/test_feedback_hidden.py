"""Whether the other side gave feedback cannot be told from lists and pages, before both can be read (B43)."""

import re
from collections.abc import Hashable

import pytest

from contracts.tests.dealing import Deal, agreed, another
from contracts.tests.visiting import signed_in
from contracts.views.room import OVERVIEWED, shown_of
from marketplace.models import MemberRole, User
from tests.factories import joined

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal() -> Deal:
    """An ended contract, and a later one between the same two."""
    deal = agreed("100.00")
    deal.leave()
    another(deal, "100.00").leave()
    return deal


def listed(user: User) -> list[str]:
    """The contracts of My Jobs, the latest activity first."""
    page = signed_in(user).get("/jobs/?show=ended").content.decode()
    return re.findall(r'id="job-([0-9a-f-]+)"', page)


def kept(deal: Deal, user: User) -> tuple[Hashable, ...]:
    """What the tag of their Overview is made of, at one moment."""
    contract = OVERVIEWED.first(contract=deal.key, user=user.pk)
    contract.pending, contract.now = None, contract.ended_at
    return shown_of(contract)


def news(deal: Deal, user: User, since: int) -> int:
    return signed_in(user).get(f"/contracts/{deal.key}/news/?since={since}").status_code


def last_event(deal: Deal, user: User) -> int:
    return OVERVIEWED.first(contract=deal.key, user=user.pk).last_event


def test_b43_nothing_of_the_other_sides_pages_moves_when_feedback_is_given(deal):
    orders = [listed(user) for user in (deal.earner, deal.payer)]
    assert orders[0][1:] == [str(deal.key)]
    page, known = kept(deal, deal.earner), last_event(deal, deal.earner)
    deal.rate(deal.payer)
    assert [listed(user) for user in (deal.earner, deal.payer)] == orders
    assert kept(deal, deal.earner) == page
    assert last_event(deal, deal.earner) == known
    assert news(deal, deal.earner, known) == 204


def test_b43_the_side_that_gave_it_has_another_page_and_no_news_of_it_on_that(deal):
    team = (deal.payer, joined(deal.client, MemberRole.VIEWER))
    pages, before = [kept(deal, user) for user in team], last_event(deal, deal.payer)
    deal.rate(deal.payer)
    for user, page in zip(team, pages, strict=True):
        assert kept(deal, user) != page
        assert news(deal, user, before) == 200
        assert news(deal, user, last_event(deal, user)) == 204


def test_b43_once_both_gave_it_both_have_another_page_and_find_it_first(deal):
    deal.rate(deal.payer)
    people = (deal.earner, deal.payer)
    pages = [kept(deal, user) for user in people]
    deal.rate(deal.earner)
    assert all(kept(deal, user) != page for user, page in zip(people, pages, strict=True))
    assert [listed(user)[0] for user in people] == [str(deal.key)] * 2
