"""A contract that its talent proposes (B41): what it needs, the client's answers, and what each of them charges."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from contracts.models import Contract
from contracts.operations._contract import lock
from contracts.operations._drafting import NoMilestone
from contracts.operations._paying import PaymentUnderWay
from contracts.operations.members import assign_members
from contracts.operations.plan import DueDatePassed
from contracts.operations.proposals import OnBothSides, ProposalWaits, Strangers, _begin
from contracts.plan import Plan
from contracts.refusals import KeyReused, NoMethod, NotAllowed, WrongState
from contracts.tests.dealing import D, Deal, agreed, bank, charge_back, hear, nobody, plan_of
from contracts.tests.proposing import (
    TITLE,
    accept,
    acquainted,
    charged,
    decline,
    make_offer_of_it,
    propose,
    proposed,
    withdraw,
)
from escrow.operations.payments import sweep_payments
from escrow.tests.paying import CONFIRMS, DECLINES, LATER, TIMES_OUT, TWICE, UNREACHABLE
from marketplace import clock
from marketplace.models import Job, MemberRole
from tests import factories
from tests.books import books_hold
from tests.factories import JobFactory, joined, line

HELD = {"escrow": D("100.00"), "initiation_fee": D("4.95")}


@pytest.fixture
def deal(db) -> Deal:
    """A proposal of 100.00 and then 50.00, to a client that pays with a card."""
    return proposed("100.00", "50.00")


# Proposed


def test_b41_a_proposed_contract_is_seen_at_once_and_holds_no_money(deal):
    contract = deal.contract
    assert (contract.status, contract.plan_version, contract.title) == ("proposed", 1, TITLE)
    assert contract.sent_at
    assert (contract.answer_by, contract.expires_at, contract.started_at) == (None, None, None)
    assert (deal.states, deal.told, deal.money, charged(deal)) == (["future"] * 2, ["proposal_sent"], {}, [])
    assert contract.events.get().revision.plan == contract.plan()
    for user in (deal.payer, deal.earner):
        assert contract in Contract.objects.visible_to(user)
    books_hold()


def test_b21_the_fees_and_times_of_a_proposal_are_those_of_its_day(settings, deal):
    settings.TIMERS = {**settings.TIMERS, "review_days": 3}
    assert (deal.contract.review_days, deal.contract.initiation_fee) == (14, D("4.95"))


def test_b41_it_has_no_deadline(deal):
    clock.advance(timedelta(days=300))
    accept(deal)
    assert deal.status == "active"
    books_hold()


def test_b41_the_same_form_twice_proposes_once(deal):
    assert propose(deal, deal.contract.plan()).pk == deal.key
    assert deal.told == ["proposal_sent"]
    assert Job.objects.filter(client=deal.client).count() == 2  # with that of the contract before
    books_hold()


@pytest.mark.parametrize("other", ["plan", "title", "terms", "client", "job", "job_title"])
def test_i17_the_form_of_a_proposal_makes_no_second_other_one(deal, other):
    wish = {"plan": deal.contract.plan(), "title": TITLE, "terms": ""}
    others = {"plan": plan_of("9.00"), "client": nobody().client, "job": JobFactory.create(title=TITLE)}
    wish |= {other: others.get(other, "Another")}
    with pytest.raises(KeyReused):
        propose(deal, **wish)
    assert deal.contract.plan_version == 1


def test_b41_a_proposal_needs_a_milestone_and_somebody_who_decides(db):
    deal = acquainted()
    past = Plan((line("Past", "5.00", due_date=clock.now().date() - timedelta(days=1)),))
    for refusal, wish in (
        (NoMilestone, {"plan": Plan(())}),
        (DueDatePassed, {"plan": past}),
        (NotAllowed, {"plan": plan_of("5.00"), "by": deal.payer}),
        (NotAllowed, {"plan": plan_of("5.00"), "by": joined(deal.talent, MemberRole.MEMBER)}),
    ):
        with pytest.raises(refusal):
            propose(deal, **wish)
    assert not Contract.objects.filter(status="proposed").exists()


def test_b41_only_to_a_client_with_whom_a_contract_once_started(db):
    deal = nobody()
    for _each in range(2):
        with pytest.raises(Strangers):
            propose(replace(deal, key=uuid.uuid4()), plan_of("5.00"))
        deal.offer(plan_of("5.00"), key=uuid.uuid4())  # made, and not accepted
    assert not Job.objects.filter(title=TITLE).exists()


def test_b41_also_to_a_client_whose_contract_has_ended(db):
    before = agreed("50.00")
    before.leave()
    deal = replace(before, key=uuid.uuid4())
    propose(deal, plan_of("100.00"))
    assert deal.status == "proposed"
    books_hold()


def test_b41_one_open_proposal_per_pair_and_then_another(deal):
    other = replace(deal, key=uuid.uuid4())
    with pytest.raises(ProposalWaits):
        propose(other, plan_of("9.00"))
    withdraw(deal)
    propose(other, plan_of("9.00"))
    assert other.status == "proposed"
    books_hold()


def test_s12_nobody_proposes_a_contract_to_themselves(db):
    deal = acquainted()
    deal.client.memberships.create(user=deal.earner, role=MemberRole.VIEWER)
    with pytest.raises(OnBothSides):
        propose(deal, plan_of("5.00"))


def test_b41_under_a_job_of_a_contract_between_the_two_or_a_new_one(db):
    deal = acquainted()
    for foreign in (JobFactory.create(), JobFactory.create(client=deal.client)):
        with pytest.raises(NotAllowed):
            propose(deal, plan_of("5.00"), job=foreign)
    known = Contract.objects.get(client=deal.client).job
    assert propose(deal, plan_of("5.00"), job=known).job == known
    withdraw(deal)
    other = propose(replace(deal, key=uuid.uuid4()), plan_of("5.00"), job_title="A bridge")
    assert (other.job.title, other.job.client) == ("A bridge", deal.client)


def test_b41_an_agency_says_who_works_on_it_and_only_they_see_it(db):
    world = factories.agreed(1, agency=True, paid=1)
    before, member = world.contract, world.member.memberships.get()
    deal = Deal(before.client, before.talent, world.client, world.talent, factories.card(before.client))
    contract = propose(deal, plan_of("5.00"), memberships=[member])
    assert contract in Contract.objects.visible_to(world.member)
    assert contract not in Contract.objects.visible_to(world.idle)
    assign_members(contract=contract, by=world.talent, memberships=world.idle.memberships.all())
    assert contract in Contract.objects.visible_to(world.idle)
    with pytest.raises(NotAllowed):
        propose(replace(deal, key=uuid.uuid4()), plan_of("5.00"), by=world.member)


# Accepted


def test_b41_accepted_its_first_milestone_is_funded_and_active_at_once(deal):
    payment = accept(deal)
    assert (payment.amount, payment.status) == (D("104.95"), "confirmed")
    assert (deal.status, deal.states, deal.money) == ("active", ["active", "future"], HELD)
    assert deal.contract.started_at
    event = deal.contract.events.latest("pk")
    assert (event.kind, event.by, event.charged) == ("proposal_accepted", deal.payer, D("104.95"))
    assert event.milestone == deal.milestone(1)
    deal.submit(1)
    deal.release(1, "100.00")
    assert deal.money["fees"] == D("14.95")  # 10 % of it, and the initiation fee
    books_hold()


def test_b41_the_same_click_twice_charges_once(deal):
    key = uuid.uuid4()
    assert accept(deal, key=key) == accept(deal, key=key)
    assert len(charged(deal)) == 1
    assert deal.told == ["proposal_sent", "proposal_accepted"]
    books_hold()


def test_b41_with_a_declined_card_it_is_still_proposed_and_another_may_be_tried(deal):
    assert accept(deal, DECLINES).status == "failed"
    assert (deal.status, deal.money, deal.told) == ("proposed", {}, ["proposal_sent"])
    accept(deal)
    assert (deal.status, deal.money) == ("active", HELD)
    books_hold()


def test_b41_without_anything_to_pay_with_nothing_is_accepted(deal):
    with pytest.raises(NoMethod):
        accept(deal, None)
    assert deal.status == "proposed"


def test_b41_a_card_that_is_to_be_confirmed_makes_it_active_then(deal):
    payment = accept(deal, CONFIRMS)
    assert (payment.awaits_payer, deal.status) == (True, "proposed")
    for act in (lambda: accept(deal), lambda: make_offer_of_it(deal, plan_of("9.00"))):
        with pytest.raises(PaymentUnderWay):
            act()
    bank().answer(payment.reference, agreed=True)
    hear()
    assert (deal.status, deal.states, deal.money) == ("active", ["active", "future"], HELD)
    books_hold()


def test_b41_a_charge_that_was_not_agreed_to_leaves_it_proposed(deal):
    payment = accept(deal, CONFIRMS)
    bank().answer(payment.reference, agreed=False)
    hear()
    assert (deal.status, deal.states, deal.money) == ("proposed", ["future"] * 2, {})
    accept(deal)
    assert deal.status == "active"
    books_hold()


@pytest.mark.parametrize("number", [TIMES_OUT, UNREACHABLE, TWICE])
def test_b41_whatever_the_gateway_does_it_is_accepted_once(deal, number):
    accept(deal, number)
    hear()
    sweep_payments(clock.now() + timedelta(minutes=2))
    hear()
    assert [charge.status for charge in charged(deal)] == ["confirmed"]
    assert (deal.status, deal.money) == ("active", HELD)
    assert deal.told == ["proposal_sent", "proposal_accepted"]
    books_hold()


@pytest.mark.parametrize(("way", "status"), [(None, "active"), (withdraw, "withdrawn")])
def test_b41_killed_before_the_gateway_was_asked_the_sweep_goes_on(deal, way, status):
    with transaction.atomic():  # what is committed first; whoever was to ask then was killed
        _begin(lock(deal.key, deal.payer), deal.payer, uuid.uuid4(), deal.card)
    if way:
        way(deal)
    sweep_payments(clock.now() + timedelta(minutes=2))
    assert (deal.status, deal.money) == (status, HELD if status == "active" else {})
    assert deal.sent_back == ([] if status == "active" else [D("104.95")])
    books_hold()


@pytest.mark.parametrize("way", [decline, withdraw])
def test_b41_money_that_arrives_after_it_was_closed_goes_back_by_itself(deal, way):
    payment = accept(deal, LATER)
    way(deal)
    bank().answer(payment.reference, agreed=True)
    hear()
    assert (deal.money, deal.sent_back, deal.states) == ({}, [D("104.95")], ["future"] * 2)
    assert charged(deal)[0].status == "refunded"
    assert "proposal_accepted" not in deal.told
    books_hold()


def test_b41_what_the_bank_takes_back_afterwards_closes_the_milestone(deal):
    charge_back(accept(deal))
    assert (deal.status, deal.states, deal.money) == ("active", ["refunded", "future"], {})
    books_hold()


# Closed


@pytest.mark.parametrize(("way", "status"), [(decline, "declined"), (withdraw, "withdrawn")])
def test_b41_closed_twice_is_once_and_then_it_is_over(deal, way, status):
    way(deal)
    way(deal)
    assert (deal.status, deal.told) == (status, ["proposal_sent", f"proposal_{status}"])
    for act in (accept, decline, withdraw, lambda deal: make_offer_of_it(deal, plan_of("9.00"))):
        if act is not way:
            with pytest.raises(WrongState, match=f"The proposed contract was {status}."):
                act(deal)
    assert (deal.money, charged(deal)) == ({}, [])
    books_hold()


def test_b41_a_reason_is_kept(deal):
    decline(deal, reason="Not this year.")
    assert deal.contract.events.latest("pk").note == "Not this year."
