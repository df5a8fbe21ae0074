"""An offer that the client makes of what its talent proposed, and the keys of all answers (B41, I17)."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.models import Contract
from contracts.plan import Plan
from contracts.refusals import KeyReused, Stale, WrongState
from contracts.tests.dealing import D, Deal, plan_of
from contracts.tests.proposing import (
    TITLE,
    accept,
    charged,
    decline,
    make_offer_of_it,
    proposed,
    withdraw,
)
from escrow.tests.paying import DECLINES
from marketplace import clock
from marketplace.models import MemberRole
from tests import factories
from tests.books import books_hold
from tests.factories import joined


@pytest.fixture
def deal(db) -> Deal:
    """A proposal of 100.00 and then 50.00."""
    return proposed("100.00", "50.00")


def test_b41_edited_it_is_an_offer_with_a_deposit_and_a_diff(deal):
    before = deal.contract.plan()
    payment = make_offer_of_it(deal, Plan((replace(before.lines[0], amount=D("80.00")), *before.lines[1:])))
    assert payment.amount == D("84.95")
    contract = deal.contract
    assert (contract.status, contract.plan_version) == ("offered", 2)
    assert contract.answer_by - clock.now() > timedelta(days=6, hours=23)
    assert deal.told == ["proposal_sent", "offer_sent"]
    assert [each.plan.total for each in contract.revisions.all()] == [D("150.00"), D("130.00")]
    assert contract.events.latest("pk").revision.number == 2
    deal.accept(version=2)
    assert (deal.status, deal.money) == ("active", {"escrow": D("80.00"), "initiation_fee": D("4.95")})
    books_hold()


def test_b41_the_same_edit_twice_is_one(deal):
    plan, key = plan_of("80.00"), uuid.uuid4()
    made = make_offer_of_it(deal, plan, key=key)
    assert make_offer_of_it(deal, plan, key=key) == made
    assert (deal.contract.plan_version, len(charged(deal))) == (2, 1)
    deal.accept(version=2)
    assert make_offer_of_it(deal, plan, key=key) == made
    with pytest.raises(WrongState):
        make_offer_of_it(deal, plan)
    with pytest.raises(KeyReused):
        make_offer_of_it(deal, plan_of("90.00"), key=key)
    assert (deal.contract.plan_version, len(charged(deal))) == (2, 1)
    books_hold()


def test_b41_an_offer_made_of_it_waits_for_its_deposit_as_any_other(deal):
    make_offer_of_it(deal, plan_of("80.00"), method=factories.card(deal.client, DECLINES))
    assert (deal.status, deal.contract.answer_by, deal.told) == ("offered", None, ["proposal_sent"])
    assert deal.contract in Contract.objects.visible_to(deal.earner)
    deal.pay_deposit()
    assert deal.told == ["proposal_sent", "offer_sent"]
    deal.change(plan_of("80.00"), base=2, title=TITLE)
    assert deal.told[2:] == ["offer_changed"]
    books_hold()


def test_b41_an_offer_is_made_of_what_was_read(deal):
    with pytest.raises(Stale):
        make_offer_of_it(deal, plan_of("80.00"), base=2)
    assert deal.status == "proposed"


def test_b41_an_offer_that_was_made_of_it_is_not_answered_as_a_proposal(deal):
    make_offer_of_it(deal, plan_of("80.00"))
    for act in (accept, decline, withdraw):
        with pytest.raises(WrongState):
            act(deal)
    assert deal.money == {"escrow": D("80.00"), "initiation_fee": D("4.95")}
    books_hold()


# Keys


def test_i17_another_payments_key_accepts_nothing(deal):
    before = deal.charges[0]
    with pytest.raises(KeyReused):
        accept(deal, key=before.pk)
    with pytest.raises(KeyReused):
        make_offer_of_it(deal, plan_of("80.00"), key=before.pk)
    key = accept(deal, DECLINES).pk
    with pytest.raises(KeyReused):
        accept(deal, key=key, by=joined(deal.client, MemberRole.MANAGER))
    with pytest.raises(KeyReused):
        make_offer_of_it(deal, plan_of("80.00"), key=key)
    assert deal.status == "proposed"
    books_hold()
