"""Two or more at once about one dispute: splits accepted by either side, a withdrawal, a decision, offers (B44).

Forty rounds, or twenty, with the guard, the contract's row lock. The controls take it away and let all read before any
writes; then a lower layer must refuse whoever comes second.
"""

from collections.abc import Iterator
from functools import partial

import pytest
from django.contrib.auth.models import Group

from contracts.tests.conftest import Crowd
from contracts.tests.dealing import D, Deal
from escrow.models import Journal
from marketplace.models import User
from marketplace.permissions import FINANCE
from tests.books import books_hold
from tests.factories import UserFactory
from tests.racing import at_once, both_read_first, kinds, refusals

UNIQUE, FROZEN, DEADLOCK = "23505", "CC002", "40P01"


@pytest.fixture
def finance(crowd: Crowd) -> User:
    user = UserFactory.create(is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=FINANCE)[0])
    return user


def disputed(crowd: Crowd, rounds: int = 40) -> Iterator[Deal]:
    """Each with 100.00 in dispute, which the client opened, and an offer of each side."""
    for deal in crowd["submitted"][:rounds]:
        deal.dispute(deal.payer)
        deal.offer_split(deal.payer, "10.00")
        deal.offer_split(deal.earner, "90.00")
        yield deal


def offer_of(deal: Deal, *, from_client: bool):
    return deal.disputed.splits.get(from_client=from_client, status="open")


def accepting(deal: Deal, *, as_client: bool):
    """The page is open; calling the answer accepts the other side's offer."""
    by = deal.payer if as_client else deal.earner
    return partial(deal.accept_split, by, offer_of(deal, from_client=not as_client))


def splits_of(deal: Deal) -> int:
    return Journal.objects.filter(scope=deal.key, cause="split").count()


def test_s07_four_ways_to_end_a_dispute_at_once_are_one_ending(crowd, finance):
    ends = set()
    for deal in disputed(crowd):
        answers = at_once(
            accepting(deal, as_client=True),
            accepting(deal, as_client=False),
            partial(deal.dispute_no_longer, deal.payer),
            partial(deal.decide, "50.00", finance),
        )
        assert kinds(answers)["Dispute"] == 1, answers
        dispute = deal.disputed
        assert splits_of(deal) == (0 if dispute.is_withdrawn else 1)
        assert not dispute.splits.filter(status="open").exists()
        ends.add((dispute.status, dispute.paid))
    assert len(ends) > 1  # else they did not meet
    books_hold()


def test_s07_a_double_click_on_accept_pays_once_and_both_see_success(crowd):
    for deal in disputed(crowd, 20):
        answers = at_once(*[accepting(deal, as_client=True)] * 2)
        assert kinds(answers) == {"Dispute": 2}
        assert (splits_of(deal), deal.told.count("split_accepted")) == (1, 1)
    books_hold()


def test_b44_two_offers_of_one_side_leave_one_open(crowd):
    for deal in disputed(crowd, 20):
        answers = at_once(*(partial(deal.offer_split, deal.payer, amount) for amount in ("20.00", "30.00")))
        assert kinds(answers) == {"SplitOffer": 2}
        assert offer_of(deal, from_client=True).to_talent in {D("20.00"), D("30.00")}
    books_hold()


def test_s07_controls_without_the_lock_the_second_ending_is_refused_below(crowd, finance, guard_off):
    pairs = (
        lambda deal: (accepting(deal, as_client=True), accepting(deal, as_client=False)),
        lambda deal: (accepting(deal, as_client=True), partial(deal.dispute_no_longer, deal.payer)),
        lambda deal: (accepting(deal, as_client=True), partial(deal.decide, "50.00", finance)),
        lambda deal: (partial(deal.dispute_no_longer, deal.payer), partial(deal.decide, "50.00", finance)),
    )
    for deal, acts in zip(disputed(crowd, len(pairs)), pairs, strict=True):
        answers = both_read_first(*acts(deal))
        assert kinds(answers)["Dispute"] == 1
        assert refusals(answers)[0] in {FROZEN, UNIQUE, DEADLOCK}, answers
        assert splits_of(deal) == (0 if deal.disputed.is_withdrawn else 1)
    books_hold()


def test_b44_control_without_the_lock_a_second_open_offer_is_refused_below(crowd, guard_off):
    deal = crowd["submitted"][0]
    deal.dispute(deal.payer)
    answers = both_read_first(*(partial(deal.offer_split, deal.payer, amount) for amount in ("20.00", "30.00")))
    assert refusals(answers) == [UNIQUE]
    books_hold()
