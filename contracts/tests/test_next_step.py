"""The next step on a contract in the moments between: a charge under way, an offer without its deposit."""

import pytest

from contracts.tests import dealing
from contracts.tests.dealing import Deal
from contracts.tests.visiting import at, said, signed_in
from escrow.tests.paying import DECLINES, LATER
from marketplace.models import MemberRole
from tests.books import books_hold
from tests.factories import card, joined

pytestmark = pytest.mark.django_db


def changed() -> Deal:
    deal = dealing.offered("100.00")
    deal.change(dealing.plan_of("130.00"), base=1, method=card(deal.client, DECLINES))
    return deal


def taken_back() -> Deal:
    deal = dealing.offered("100.00")
    dealing.charge_back(deal.charges[0])
    return deal


def test_b20_while_a_milestone_is_being_funded_the_client_is_led_to_the_payment():
    deal = dealing.agreed("100.00", "50.00")
    deal.release(1, "100.00")
    payment = deal.fund(2, method=card(deal.client, LATER))
    browser, room = signed_in(deal.payer), at(deal.contract, "")
    door = at(deal.contract, f"milestones/{deal.milestone(2).pk}/funding/")
    assert f'href="{door}">See the payment</a>' in browser.get(room).content.decode()
    assert browser.get(door)["Location"] == at(deal.contract, f"payments/{payment.pk}/")
    for user in (joined(deal.client, MemberRole.VIEWER), deal.earner):
        text = said(signed_in(user).get(room))
        assert "The payment for the next milestone is under way" in text
        assert "See the payment" not in text
    books_hold()


@pytest.mark.parametrize("stopped", [changed, taken_back])
def test_b40_an_offer_without_its_deposit_says_what_it_waits_for(stopped):
    deal = stopped()
    assert "The offer waits for its deposit" in said(signed_in(deal.payer).get(at(deal.contract, "")))
    text = said(signed_in(deal.earner).get(at(deal.contract, "")))
    assert f"The offer cannot be accepted right now: {deal.client.name} has to pay its deposit" in text
    books_hold()
