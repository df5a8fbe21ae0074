"""How a dispute ends (B44): the two sides agree on a split, the one that opened it withdraws it, or staff decide."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from contracts.operations._dispute import DisputeOver, NotAtStake
from contracts.operations.disputes import NoDisputeYet, NotDecider, NotTheirs, WithdrawnBefore
from contracts.operations.settlement import HeldChanged
from contracts.operations.splits import OfferGone, OthersOffer, OwnOffer, withdraw_split
from contracts.refusals import Disputed, KeyReused, NotAllowed, ReasonMissing, WrongState
from contracts.tests.dealing import D, Deal, agreed, charge_back
from marketplace import clock
from marketplace.models import MemberRole, User
from marketplace.permissions import FINANCE
from tests.books import books_hold
from tests.factories import UserFactory, joined


@pytest.fixture
def finance(db) -> User:
    user = UserFactory.create(is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=FINANCE)[0])
    return user


@pytest.fixture
def live(db) -> Deal:
    """100.00 in dispute for the current milestone, whose work the client disputes; 70.00 of it charged last."""
    deal = agreed("130.00", "100.00", "50.00")
    deal.release(1, "100.00")
    deal.fund(2)
    deal.submit(2)
    deal.dispute(deal.payer)
    return deal


@pytest.fixture
def ending(db) -> Deal:
    """100.00 in dispute that the client wants back at the end, and the initiation fee of 4.95."""
    deal = agreed("100.00", "50.00")
    deal.end("0.00")
    deal.dispute(deal.earner)
    return deal


# Offers of a split


def test_b44_an_accepted_split_divides_what_is_held_for_the_milestone_and_the_contract_goes_on(live):
    offer = live.offer_split(live.payer, "60.00", note="Most of it works.")
    assert (offer.to_talent, offer.to_client) == (D("60.00"), D("40.00"))
    before = live.money
    dispute = live.accept_split(live.earner, offer)
    assert (dispute.status, dispute.paid, dispute.returned) == ("settled", D("60.00"), D("40.00"))
    assert live.money["pending"] - before["pending"] == D("54.00")
    assert (live.status, live.states) == ("active", ["paid", "paid", "future"])
    assert (live.contract.held, live.sent_back) == (before["escrow"] - D("100.00"), [D("40.00")])
    assert live.told[-2:] == ["split_offered", "split_accepted"]
    books_hold()


def test_b44_what_is_left_over_is_not_in_dispute_and_funds_the_next_milestone(db):
    deal = agreed("250.00", "100.00", "50.00")
    deal.release(1, "100.00")
    deal.fund(2)
    deal.submit(2)
    deal.dispute(deal.payer)
    with pytest.raises(NotAtStake):
        deal.offer_split(deal.payer, "100.01")
    deal.accept_split(deal.earner, deal.offer_split(deal.payer, "60.00"))
    assert (deal.contract.held, deal.sent_back) == (D("50.00"), [D("40.00")])
    assert deal.fund(3) is None
    books_hold()


def test_b44_a_split_that_pays_nothing_refunds_the_milestone(live):
    live.accept_split(live.payer, live.offer_split(live.earner, "0.00"))
    assert live.states == ["paid", "refunded", "future"]
    books_hold()


def test_b44_an_accepted_split_ends_a_contract_that_was_ending(ending):
    dispute = ending.accept_split(ending.payer, ending.offer_split(ending.earner, "70.00"))
    assert (ending.status, ending.states) == ("ended", ["paid", "cancelled"])
    assert (ending.request.status, ending.request.returned) == ("approved", D("30.00"))
    assert ending.money == {"pending": D("63.00"), "fees": D("11.95")}
    assert (dispute.closed_by, ending.told[-1]) == (ending.payer, "split_accepted")
    ending.rate(ending.payer)
    books_hold()


def test_b44_each_side_has_one_open_offer_and_a_newer_one_replaces_it(live):
    first, theirs = live.offer_split(live.payer, "10.00"), live.offer_split(live.earner, "90.00")
    second = live.offer_split(live.payer, "20.00")
    statuses = {offer.pk: offer.status for offer in live.disputed.splits.all()}
    assert statuses == {first.pk: "replaced", theirs.pk: "open", second.pk: "open"}
    with pytest.raises(OfferGone):
        live.accept_split(live.earner, first)
    live.accept_split(live.payer, theirs)
    assert sorted(live.disputed.splits.values_list("status", flat=True)) == ["accepted", "over", "replaced"]
    assert live.accept_split(live.payer, theirs).status == "settled"  # again: it is so already
    for late in (lambda: live.accept_split(live.earner, second), lambda: live.offer_split(live.payer, "5.00")):
        with pytest.raises(WrongState):
            late()
    books_hold()


def test_b44_what_can_be_offered_and_by_whom(live):
    for amount in ("-0.01", "100.01"):
        with pytest.raises(NotAtStake):
            live.offer_split(live.payer, amount)
    with pytest.raises(HeldChanged):
        live.offer_split(live.payer, "50.00", at_stake=D("130.00"))
    with pytest.raises(NotAllowed):
        live.offer_split(joined(live.client, MemberRole.VIEWER), "50.00")
    mine = live.offer_split(live.payer, "50.00")
    assert live.offer_split(live.payer, "50.00", key=mine.pk) == mine
    with pytest.raises(KeyReused):
        live.offer_split(live.payer, "51.00", key=mine.pk)
    with pytest.raises(OwnOffer):
        live.accept_split(live.payer, mine)
    with pytest.raises(OthersOffer):
        withdraw_split(contract=live.contract, by=live.earner, offer=mine)
    mine.to_talent = D("51.00")  # a page that shows other figures
    with pytest.raises(OfferGone):
        live.accept_split(live.earner, mine)
    assert withdraw_split(contract=live.contract, by=live.payer, offer=mine).status == "withdrawn"
    mine.refresh_from_db()
    with pytest.raises(OfferGone):
        live.accept_split(live.earner, mine)
    assert live.told[-2:] == ["split_offered", "split_withdrawn"]


def test_b44_an_offer_of_money_that_the_bank_took_meanwhile_cannot_be_accepted(live, finance):
    offer = live.offer_split(live.payer, "60.00")
    charge_back(live.charges[-1])
    assert live.disputed.at_stake(live.contract.held) < D("100.00")
    with pytest.raises(HeldChanged):
        live.accept_split(live.earner, offer)
    left = live.disputed.at_stake(live.contract.held)
    live.decide(str(left), finance)
    assert (live.disputed.paid, live.disputed.returned) == (left, D("0.00"))
    assert live.status == "active"
    books_hold()


# Withdrawing it


def test_b44_a_withdrawn_dispute_starts_the_review_again_in_full(live):
    offer = live.offer_split(live.earner, "60.00")
    with pytest.raises(NotTheirs):
        live.dispute_no_longer(live.earner)
    live.dispute_no_longer(live.payer)
    assert live.dispute_no_longer(live.payer).status == "withdrawn"
    offer.refresh_from_db()
    assert (offer.status, live.states[1]) == ("over", "submitted")
    _is_in(live.milestone(2).review_by, days=14)
    books_hold()
    with pytest.raises(NoDisputeYet):  # the same work again
        live.dispute(live.payer)
    live.send_back(2)
    live.submit(2)
    live.dispute(live.payer)
    books_hold()


def test_b44_a_withdrawn_dispute_lets_the_refund_request_wait_again(ending):
    assert ending.request.answer_by is None
    ending.dispute_no_longer(ending.earner)
    assert (ending.status, ending.request.status) == ("settling", "pending")
    _is_in(ending.request.answer_by, days=7)
    books_hold()
    with pytest.raises(WithdrawnBefore):
        ending.dispute(ending.earner)
    ending.counter("40.00")
    ending.dispute(ending.payer)
    ending.dispute_no_longer(ending.payer)
    assert ending.request.status == "countered"
    _is_in(ending.request.answer_by, days=7)
    ending.accept_counter()
    books_hold()


# Staff decide


def test_b44_staff_decide_with_a_reason_and_both_read_it(live, finance):
    live.offer_split(live.payer, "10.00")
    dispute = live.decide("25.50", finance)
    assert (dispute.status, dispute.paid, dispute.returned) == ("decided", D("25.50"), D("74.50"))
    assert (dispute.closed_by, dispute.decision) == (finance, "Half of it was done.")
    event = live.contract.events.latest("pk")
    assert (event.kind, event.paid, event.returned, event.note) == (
        "dispute_decided", D("25.50"), D("74.50"), "Half of it was done."
    )  # fmt: skip
    assert live.states == ["paid", "paid", "future"]
    assert live.decide("25.50", finance) == dispute
    with pytest.raises(DisputeOver):
        live.decide("25.51", finance)
    books_hold()


@pytest.mark.parametrize(
    ("to_talent", "request_of", "states"), [("0.00", "100.00", "refunded"), ("100.00", "0.00", "paid")]
)
def test_b44_a_decision_ends_a_contract_that_was_ending(ending, finance, to_talent, request_of, states):
    ending.decide(to_talent, finance)
    assert (ending.status, ending.states) == ("ended", [states, "cancelled"])
    assert (ending.request.status, ending.request.returned) == ("decided", D(request_of))
    assert sum(ending.sent_back) == (D("104.95") if states == "refunded" else 0)  # with the initiation fee (B21)
    ending.rate(ending.earner)
    books_hold()


def test_b44_who_decides_and_what(live, finance):
    support, former = UserFactory.create(is_staff=True), UserFactory.create(is_staff=True, is_superuser=True)
    root, party = UserFactory.create(is_staff=True, is_superuser=True), joined(live.client, MemberRole.VIEWER)
    party.is_staff = party.is_superuser = True
    party.save()
    User.objects.filter(pk=former.pk).update(is_active=False)
    for nobody in (live.payer, support, former, root, party):
        with pytest.raises(NotDecider):
            live.decide("50.00", nobody)
    with pytest.raises(ReasonMissing):
        live.decide("50.00", finance, reason="")
    for amount in ("-1.00", "100.01"):
        with pytest.raises(NotAtStake):
            live.decide(amount, finance)
    assert live.disputed.is_open
    live.decide("50.00", finance)
    books_hold()


def test_b44_while_it_is_open_held_money_does_not_move(live):
    for act in (
        lambda: live.release(2, "100.00"),
        lambda: live.send_back(2),
        lambda: live.end("0.00"),
        live.leave,
        lambda: live.ask_back("30.00"),
        lambda: live.fund(3),
    ):
        with pytest.raises(Disputed):
            act()
    assert live.bonus("5.00").status == "confirmed"
    books_hold()


def _is_in(moment, *, days: int) -> None:
    assert abs(moment - clock.now() - timedelta(days=days)) < timedelta(minutes=1)
