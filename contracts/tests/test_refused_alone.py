"""Refusals and repeated wishes of operations that something below would hide, each where it alone decides."""

import uuid
from dataclasses import replace

import pytest

from contracts.models import ActKind, ChangeRequest
from contracts.operations import requests
from contracts.operations._dispute import DisputeOver
from contracts.operations._paying import PaymentUnderWay
from contracts.operations._requests import RequestInTheWay
from contracts.operations._rows import ForeignMilestone
from contracts.operations.disputes import withdraw_dispute
from contracts.operations.plan import PlanMoved
from contracts.operations.staff.acts import NoReason
from contracts.operations.staff.freezing import NotFrozen, unfreeze_contract
from contracts.plan import Plan
from contracts.refusals import KeyReused, NotAllowed
from contracts.tests import asking
from contracts.tests.asking import TODAY, asked, block_next
from contracts.tests.dealing import D, agreed, nobody, plan_of
from contracts.tests.editing import edited, save
from contracts.tests.proposing import accept, proposed
from contracts.tests.staffing import ask, finance, journal_of, refuse
from escrow.tests.paying import CONFIRMS
from marketplace.suspension import NotSuspended, SuspendedBefore, reinstate, suspend
from tests import factories
from tests.books import books_hold
from tests.factories import Agreed, card, outsider

pytestmark = pytest.mark.django_db


def replaced(world: Agreed, request: ChangeRequest, mine: Plan, key: uuid.UUID) -> ChangeRequest:
    return requests.replace_request(
        contract=world.contract, by=world.talent, key=key, request=request, mine=mine, today=TODAY
    )


def test_b44_a_dispute_that_is_over_is_not_withdrawn_because_another_one_is_open():
    deal = agreed("100.00", "150.00", "50.00")
    deal.submit(1)
    over = deal.dispute(deal.payer)
    deal.accept_split(deal.earner, deal.offer_split(deal.payer, "60.00"))
    deal.fund(2)
    deal.submit(2)
    deal.dispute(deal.payer)
    with pytest.raises(DisputeOver):
        withdraw_dispute(contract=deal.contract, by=deal.payer, dispute=over)
    books_hold()


def test_b10_what_a_pending_request_would_change_is_not_funded():
    world = factories.agreed(3)
    block_next(world)
    following = world.contract.milestones.filter(status="future").order_by("position")[0]
    with pytest.raises(RequestInTheWay):
        factories.fund(following)
    books_hold()


def test_money_is_asked_back_under_no_key_of_a_payment_and_not_while_one_is_under_way():
    deal = agreed("100.00", "150.00")
    deal.release(1, "60.00")
    with pytest.raises(KeyReused):
        deal.ask_back("40.00", key=deal.charges[0].pk)
    deal.fund(2, card(deal.client, CONFIRMS))
    with pytest.raises(PaymentUnderWay):
        deal.ask_back("40.00")
    books_hold()


def test_s12_only_a_client_makes_an_offer():
    one, other = nobody(), nobody()
    turned = replace(other, client=one.talent, payer=one.earner)
    with pytest.raises(NotAllowed) as refused:
        turned.offer(plan_of("100.00"), method=None)
    assert type(refused.value) is NotAllowed


def test_b41_a_proposal_is_not_paid_under_the_key_of_another_payment():
    deal = proposed("100.00")
    bonus = replace(deal, key=deal.contract.talent.contracts_as_talent.exclude(pk=deal.key).get().pk).bonus("5.00")
    with pytest.raises(KeyReused):
        accept(deal, key=bonus.pk)
    books_hold()


def test_b09_a_request_is_revised_withdrawn_and_reminded_of_once():
    world, key = factories.agreed(4), uuid.uuid4()
    request = asked(world)
    with pytest.raises(requests.NothingRevised):
        replaced(world, request, request.plan, uuid.uuid4())
    mine = Plan(request.plan.lines[:-1])
    second = replaced(world, request, mine, key)
    assert replaced(world, request, mine, key) == second
    assert not requests.remind_of_request(second.pk)
    for _each in range(2):
        requests.withdraw_request(contract=world.contract, by=world.talent, request=second)
    assert asking.statuses(world.contract) == ["superseded", "withdrawn"]


def test_x4_a_request_fits_the_plan_as_it_is_and_takes_nothing_of_another():
    world, other = factories.agreed(4), factories.agreed(2)
    shown = asking.fresh(world).plan()
    save(world.contract, edited(shown, 3, title="Theirs"), by=world.client)
    with pytest.raises(PlanMoved) as moved:
        asked(world, edited(shown, 3, title="Ours"), base=1)
    with pytest.raises(requests.AnsweredMeanwhile):
        requests._on_current(moved.value.merge)
    foreign = asking.fresh(other).plan().lines[-1]
    with pytest.raises(ForeignMilestone):
        asked(world, Plan((*asking.fresh(world).plan(), foreign)))


def test_b24_who_ends_a_contract_or_agrees_to_a_refund_again_sees_success():
    deal, key = agreed("100.00"), uuid.uuid4()
    request = deal.end("0.00", key=key, held=D("100.00"))
    assert deal.end("0.00", key=key, held=D("100.00")) == request
    assert deal.approve() == deal.approve() == request
    paid = agreed("100.00")
    for _each in range(2):
        assert paid.end("100.00", held=D("100.00")) is None
    books_hold()


def test_staff_give_a_reason_and_undo_only_what_was_done(settings):
    settings.SECOND_PERSON_ABOVE = D("50.00")
    deal = agreed("100.00", "150.00")
    deal.release(1, "100.00")
    act = ask(ActKind.REVERSE, journal_of(deal), finance())
    with pytest.raises(NoReason):
        refuse(act, finance(), "")
    with pytest.raises(NotFrozen):
        unfreeze_contract(contract=deal.contract, reason="It was frozen.")
    user = outsider()
    with pytest.raises(NotSuspended):
        reinstate(user)
    suspend(user)
    with pytest.raises(SuspendedBefore):
        suspend(user)
