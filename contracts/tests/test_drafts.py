"""Versions of an offer that were never sent: they are the client's, and its talent reads nothing of them (B40)."""

import pytest

from contracts.operations.offers import withdraw_offer
from contracts.tests.dealing import Deal, charge_back, nobody, offered, plan_of
from contracts.tests.visiting import at, said, signed_in
from escrow.tests.paying import DECLINES
from marketplace.models import User
from tests.books import books_hold
from tests.factories import card, line

pytestmark = pytest.mark.django_db


def draft(deal: Deal, title: str, amount: str, base: int) -> None:
    """The client changes the offer to one milestone more, and the charge for its deposit is declined."""
    plan = plan_of(amount, "50.00")
    plan = type(plan)((line(title, amount), *plan.lines[1:]))
    assert deal.change(plan, base=base, method=card(deal.client, DECLINES)).status == "failed"


def shown(user: User, deal: Deal, page: str = "") -> str:
    return said(signed_in(user).get(at(deal.contract, page)))


@pytest.fixture
def rewritten() -> Deal:
    """Declined, changed, declined again, changed, sent; changed and declined, changed and sent."""
    deal = nobody()
    deal.offer(plan_of("200.00"), method=card(deal.client, DECLINES))
    draft(deal, "First thought", "210.00", 1)
    deal.change(plan_of("100.00", "50.00"), base=2)
    draft(deal, "Second thought", "220.00", 3)
    deal.change(plan_of("120.00"), base=4)
    return deal


def test_x01_what_was_sent_is_shown_against_what_was_sent_before(rewritten):
    for user in (rewritten.earner, rewritten.payer):
        text = shown(user, rewritten, "activity/")
        assert "Revision 3: 2 added" in text
        assert "Revision 5: 1 added, 2 removed" in text
        assert "thought" not in text
    books_hold()


def test_x01_the_talent_compares_only_what_was_sent(rewritten):
    browser, contract = signed_in(rewritten.earner), rewritten.contract
    assert "1 added, 2 removed" in said(browser.get(at(contract, "activity/comparison/?from=3&to=5")))
    for old, new in ((1, 3), (2, 3), (3, 4), (4, 5), (1, 2)):
        query = f"activity/comparison/?from={old}&to={new}"
        assert browser.get(at(contract, query)).status_code == 404
        assert signed_in(rewritten.payer).get(at(contract, query)).status_code == 200


@pytest.mark.parametrize(("side", "first", "last"), [("earner", 3, 5), ("payer", 1, 5)])
def test_x01_each_side_is_offered_what_it_may_compare(rewritten, side, first, last):
    page = signed_in(getattr(rewritten, side)).get(at(rewritten.contract, "activity/")).content.decode()
    assert f'name="from" min="{first}" max="{last}" value="{first}"' in page
    assert f'name="to" min="{first}" max="{last}" value="{last}"' in page


def test_x01_a_draft_gives_the_talent_nothing_to_compare():
    deal = offered("100.00", "50.00")
    draft(deal, "A thought", "210.00", 1)
    assert "Compare" not in shown(deal.earner, deal, "activity/")
    assert "Compare" in shown(deal.payer, deal, "activity/")


# While a changed offer waits for its deposit


@pytest.fixture
def waiting() -> Deal:
    """An offer of 100.00 and 50.00 that was sent; now it has other milestones and terms, which nobody paid for."""
    deal = offered("100.00", "50.00")
    deal.change(plan_of("777.00"), base=1, terms="New words.", method=card(deal.client, DECLINES))
    return deal


def test_b40_the_overview_shows_the_talent_the_plan_that_it_was_sent(waiting):
    text = shown(waiting.earner, waiting)
    assert "Offered $150.00 Paid $0.00 Held $100.00 To fund $50.00" in text
    assert "The client is changing the offer. Until the new version is sent, these are the milestones" in text
    assert "Step 2" in text
    assert "777" not in text
    assert "Offered $777.00" in shown(waiting.payer, waiting)
    assert "last sent to you" not in shown(waiting.payer, waiting)
    books_hold()


def test_b40_a_draft_stays_hidden_when_the_offer_is_withdrawn(waiting):
    withdraw_offer(contract=waiting.contract, by=waiting.payer)
    text = shown(waiting.earner, waiting)
    assert "These are the milestones as they were last sent to you." in text
    assert "777" not in text
    assert "New words." not in shown(waiting.earner, waiting, "terms/")


def test_b40_my_jobs_counts_the_plan_that_the_talent_was_sent(waiting):
    assert "Agreed $150.00" in said(signed_in(waiting.earner).get("/jobs/"))
    assert "Agreed $777.00" in said(signed_in(waiting.payer).get("/jobs/"))


@pytest.mark.parametrize("page", ["terms/", "answer/"])
def test_b40_terms_that_were_not_sent_cannot_be_read(waiting, page):
    text = shown(waiting.earner, waiting, page)
    assert "New words." not in text
    assert "777" not in text


def test_b40_the_client_reads_the_terms_it_drafts(waiting):
    assert "New words." in shown(waiting.payer, waiting, "terms/")


def test_b40_what_was_sent_can_be_read_again_when_the_deposit_is_there(waiting):
    waiting.pay_deposit()
    assert "Offered $777.00" in shown(waiting.earner, waiting)
    assert "New words." in shown(waiting.earner, waiting, "terms/")
    assert "New words." in shown(waiting.earner, waiting, "answer/")
    books_hold()


def test_b40_an_offer_without_its_deposit_is_read_as_it_was_sent():
    deal = offered("100.00", "50.00")
    charge_back(deal.charges[0])
    text = shown(deal.earner, deal)
    assert "last sent to you" not in text
    assert "Offered $150.00" in text


def test_what_the_talent_was_sent_costs_one_query(waiting, django_assert_num_queries):
    browser, room = signed_in(waiting.earner), at(waiting.contract, "")
    with django_assert_num_queries(5):  # session, user, parties, contract, what was sent
        browser.get(room)
    # Session, user, parties, contracts, milestones, what was sent, and whether there is a client to propose to.
    with django_assert_num_queries(7):
        browser.get("/jobs/")
