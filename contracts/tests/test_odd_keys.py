"""Forms hand out keys that become ids. Whoever puts another id there, of something known, strands no money (I17)."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.models import Earning
from contracts.operations._rows import ForeignMilestone
from contracts.operations.plan import save_plan
from contracts.plan import Line, Plan
from contracts.refusals import KeyReused
from contracts.tests.dealing import D, agreed, nobody, plan_of
from contracts.tests.staffing import finance
from contracts.timers import sweep
from marketplace import clock
from tests.books import books_hold

pytestmark = pytest.mark.django_db


def test_b24_a_refund_request_under_the_id_of_a_dispute_is_settled_like_any_other():
    deal = agreed("100.00", "150.00")
    deal.submit(1)
    dispute = deal.dispute(deal.payer)
    deal.decide("50.00", finance())
    deal.fund(2)
    deal.end("0.00", key=dispute.pk)
    clock.advance(timedelta(days=8))
    sweep()
    assert (deal.status, deal.contract.held, deal.sent_back[-1]) == ("ended", D("0.00"), D("150.00"))
    books_hold()


def test_i17_money_back_under_the_id_of_a_payment_is_refused_while_it_can_be_asked_anew():
    deal = agreed("100.00", "100.00")
    deal.release(1, "50.00")
    deal.ask_back("20.00")
    deal.give_back("20.00")
    refund = deal.charges[0].refunded_by.get()
    for key in (refund.pk, deal.key):  # the contract's own id is that of its deposit
        with pytest.raises(KeyReused):
            deal.ask_back("30.00", key=key)
    deal.ask_back("30.00")
    deal.give_back("30.00")
    deal.fund(2)
    deal.leave()
    assert (deal.status, deal.contract.held, sum(deal.sent_back)) == ("ended", D("0.00"), D("150.00"))
    books_hold()


def test_b22_a_milestone_under_the_contracts_own_id_leaves_the_client_its_way_to_end():
    key = uuid.uuid4()
    deal = replace(nobody(), key=key)
    deal.offer(Plan((Line(key, "One", "", D("100.00"), None), *plan_of("100.00").lines)))
    deal.accept()
    deal.release(1, "60.00")
    deal.end("40.00")
    assert (deal.status, deal.contract.paid, deal.contract.held) == ("ended", D("100.00"), D("0.00"))
    books_hold()


def test_i8_no_milestone_takes_the_id_of_an_earning_so_each_can_be_released():
    deal = agreed("100.00")
    deal.bonus("0.05")
    trap = Line(Earning.objects.get(contract=deal.key).pk, "Trap", "", D("100.00"), None)
    mine = Plan((*deal.contract.plan().lines, trap))
    with pytest.raises(ForeignMilestone):
        save_plan(contract=deal.contract, by=deal.payer, base=1, mine=mine, today=clock.now().date())
    books_hold()
