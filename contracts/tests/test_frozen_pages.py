"""What the pages of a frozen contract say: that Cairn froze it, and of no deadline that it runs (record 12)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from contracts.operations.requests import send_request
from contracts.operations.staff.freezing import freeze_contract, unfreeze_contract
from contracts.plan import Plan
from contracts.reading.balance import balance_of, maturing
from contracts.tests.browsing import read, with_class
from contracts.tests.browsing import text as text_of
from contracts.tests.dealing import Deal, agreed, offered
from contracts.tests.proposing import proposed
from contracts.tests.visiting import fill, forms_in, said, send, signed_in
from contracts.timers import sweep
from marketplace import clock
from marketplace.models import User
from tests.books import books_hold
from tests.factories import line

WHY = "Cairn has frozen this contract. Until it goes on this cannot be done, and every deadline stands still."
BANNER = "Cairn has frozen this contract Something about it is being looked into."
pytestmark = pytest.mark.django_db


def frozen(deal: Deal) -> Deal:
    freeze_contract(contract=deal.contract, reason="Looked into.")
    return deal


def submitted() -> Deal:
    deal = agreed("100.00", "150.00")
    deal.submit(1)
    return deal


def ended() -> Deal:
    deal = agreed("100.00")
    deal.leave()
    return deal


def page(deal: Deal, user: User, path: str = "", status: int = 200) -> str:
    answer = signed_in(user).get(f"/contracts/{deal.key}/{path}")
    assert answer.status_code == status, said(answer)
    return said(answer)


def next_step(deal: Deal, user: User) -> str:
    """What the Overview says of it, with its deadline."""
    (found,) = with_class(read(signed_in(user).get(f"/contracts/{deal.key}/")), "next-step")
    return text_of(found)


def test_a_page_whose_action_is_stopped_says_that_cairn_froze_it():
    deal = submitted()
    first, second = (f"milestones/{deal.milestone(place).pk}/" for place in (1, 2))
    frozen(deal)
    for path in (f"{second}funding/", f"{first}changes-request/", "end/", "bonus/", "next/", "money-back/", "dispute/"):
        assert WHY in page(deal, deal.payer, path, status=409), path
    for path in (f"{first}submission/", "end/", "dispute/"):
        assert WHY in page(deal, deal.earner, path, status=409), path


def test_so_does_one_of_an_offer_of_a_proposal_and_of_an_ended_contract():
    offer, proposal, over = frozen(offered("100.00")), frozen(proposed("100.00")), frozen(ended())
    assert WHY in page(offer, offer.earner, "answer/", status=409)
    for path in ("offer/", "deposit/", "withdrawal/"):
        assert WHY in page(offer, offer.payer, path, status=409), path
    for path in ("proposal/", "offer/"):
        assert WHY in page(proposal, proposal.payer, path, status=409), path
    assert WHY in page(over, over.payer, "bonus/", status=409)


def test_work_that_is_submitted_meanwhile_is_refused_with_that_reason():
    deal = agreed("100.00")
    address = f"/contracts/{deal.key}/milestones/{deal.milestone(1).pk}/submission/"
    browser = signed_in(deal.earner)
    form = fill(browser, address, message="All of it.")
    frozen(deal)
    answer = send(browser, address, form)
    assert answer.status_code == 409
    assert WHY in said(answer)
    assert "All of it." in said(answer)


def test_what_goes_on_in_a_freeze_keeps_its_own_reasons():
    deal = frozen(ended())
    answer = signed_in(deal.payer).post(f"/contracts/{deal.key}/milestones/new/", {})
    assert answer.status_code == 409
    assert "The contract is not active" in said(answer)


def test_b31_the_overview_and_the_review_tell_no_deadline_that_stands_still():
    deal = submitted()
    review = f"milestones/{deal.milestone(1).pk}/review/"
    assert "releases by itself" in page(deal, deal.payer, review)
    assert "until" in next_step(deal, deal.payer)
    frozen(deal)
    for user in (deal.payer, deal.earner):
        assert BANNER in page(deal, user)
        assert "until" not in next_step(deal, user)
        assert "Cairn has frozen this contract. Until it goes on no money" in page(deal, user, review)


def test_b10_no_door_beside_a_change_request_leads_to_what_is_stopped():
    deal = agreed("100.00", "150.00")
    mine = Plan((*deal.contract.plan(), line("One more", "80.00")))
    send_request(contract=deal.contract, by=deal.earner, mine=mine, base=1, key=uuid4(), today=clock.now().date())
    assert "Submit work" in page(deal, deal.earner)
    assert "Submit work" not in page(frozen(deal), deal.earner)


@pytest.mark.parametrize("counter", ["", "40.00"])
def test_b24_a_refund_request_says_nothing_of_what_silence_would_do(counter):
    deal = agreed("100.00", "150.00")
    deal.end("0.00")
    if counter:
        deal.counter(counter)
    assert "Without an answer until then" in page(deal, deal.earner, "refund/")
    assert "until" in next_step(deal, deal.earner)
    frozen(deal)
    for user in (deal.payer, deal.earner):
        text = page(deal, user, "refund/")
        assert BANNER in text
        assert "stands still until the contract goes on" in text
        assert "Without an answer" not in text
        assert ", until" not in text
        assert "until" not in next_step(deal, user)
    books_hold()


def test_a_dispute_and_a_request_for_money_back_say_so_to_both_sides():
    disputed, asked = submitted(), agreed("100.00", "150.00")
    disputed.dispute(disputed.payer)
    asked.ask_back("100.00")
    assert "a review that runs out releases the money" in page(asked, asked.earner, "money-back/")
    for deal, path in ((frozen(disputed), "dispute/"), (frozen(asked), "money-back/")):
        assert BANNER in page(deal, deal.earner, path)
        answer = signed_in(deal.payer).get(f"/contracts/{deal.key}/{path}")
        assert "Cairn has frozen this contract" in said(answer)
        assert not forms_in(answer)
    assert "a review that runs out" not in page(asked, asked.earner, "money-back/")


def test_b43_the_time_for_feedback_stands_still_and_goes_on_where_it_stopped():
    deal = ended()
    clock.advance(timedelta(days=4))
    assert "Until " in page(deal, deal.payer, "feedback/")
    left = deal.contract.feedback_by - clock.now()
    frozen(deal)
    clock.advance(timedelta(days=40))
    sweep()
    assert "the time for it stands still now" in page(deal, deal.payer, "feedback/")
    deal.rate(deal.payer)
    assert "which stands still now" in page(deal, deal.payer)
    unfreeze_contract(contract=deal.contract, reason="All is well.")
    assert abs(deal.contract.feedback_by - clock.now() - left) < timedelta(minutes=1)
    sweep()
    assert deal.contract.revealed_at is None
    clock.advance(timedelta(days=10))
    sweep()
    assert deal.contract.revealed_at
    books_hold()


def test_b23_no_day_is_named_for_what_does_not_mature_in_a_freeze():
    deal = agreed("100.00", "150.00")
    deal.release(1, "100.00")
    balance = signed_in(deal.earner)
    assert "pending until" in said(balance.get("/balance/"))
    frozen(deal)
    text = said(balance.get("/balance/"))
    assert "pending: Cairn has frozen this contract" in text
    assert "pending until" not in text
    assert not maturing(deal.talent, balance_of(deal.talent).pending)
    books_hold()
