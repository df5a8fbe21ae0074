"""What comes beside the milestones: a bonus (B22, B24), a dispute that freezes the money (B44), feedback (B43)."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from contracts.models import Dispute
from contracts.operations.bonus import BonusOfNothing, BonusTooLate
from contracts.operations.disputes import NoDisputeYet
from contracts.operations.feedback import FeedbackGiven, FeedbackOver, NoRating, reveal_feedback
from contracts.operations.settlement import AnsweredBefore, lapse_refund
from contracts.refusals import Disputed, KeyReused, NotAllowed, ReasonMissing, WrongState
from contracts.tests.dealing import D, Deal, agreed, bank, charge_back, hear, offered
from escrow.operations.payments import sweep_payments
from escrow.tests.paying import CONFIRMS, DECLINES, LATER, TIMES_OUT, TWICE
from marketplace import clock
from marketplace.models import MemberRole
from tests.books import books_hold
from tests.factories import card, joined


@pytest.fixture
def deal(db) -> Deal:
    return agreed("100.00", "50.00")


HELD = {"escrow": D("100.00"), "initiation_fee": D("4.95")}


# A bonus


def test_b22_a_bonus_is_charged_by_itself_and_pays_the_usual_fee(deal):
    payment = deal.bonus("25.05")
    assert payment.status == "confirmed"
    assert deal.money == {**HELD, "pending": D("22.54"), "fees": D("2.51")}
    earning = deal.contract.earnings.get()
    assert (earning.kind, earning.gross, earning.note) == ("bonus", D("25.05"), "Thanks")
    books_hold()


def test_b21_a_bonus_is_no_release_so_the_initiation_fee_stays_and_goes_back(deal):
    deal.bonus("10.00")
    deal.leave()
    assert deal.money == {"pending": D("9.00"), "fees": D("1.00")}
    assert deal.sent_back == [D("104.95")]
    books_hold()


@pytest.mark.parametrize("number", [CONFIRMS, LATER, TIMES_OUT, TWICE])
def test_b22_whatever_the_gateway_does_a_bonus_is_paid_once(deal, number):
    payment = deal.bonus("10.00", card(deal.client, number))
    if number in {CONFIRMS, LATER}:
        bank().answer(payment.reference, agreed=True)
    hear()
    sweep_payments(clock.now() + timedelta(minutes=2))
    hear()
    assert deal.money == {**HELD, "pending": D("9.00"), "fees": D("1.00")}
    assert deal.told.count("bonus_paid") == 1
    books_hold()


def test_b22_a_declined_bonus_pays_nothing_and_can_be_tried_again(deal):
    assert deal.bonus("10.00", card(deal.client, DECLINES)).status == "failed"
    assert deal.money == HELD
    assert deal.bonus("10.00").status == "confirmed"
    books_hold()


def test_i17_the_form_of_a_bonus_pays_once_and_nothing_else(deal):
    key = uuid.uuid4()
    assert deal.bonus("10.00", key=key) == deal.bonus("10.00", key=key)
    other = agreed("20.00")
    for act in (lambda: deal.bonus("11.00", key=key), lambda: other.bonus("10.00", key=key)):
        with pytest.raises(KeyReused):
            act()
    assert deal.money["pending"] == D("9.00")
    books_hold()


def test_i17_the_key_of_a_deposit_pays_no_bonus(deal):
    with pytest.raises(Exception, match="already used"):
        deal.bonus("104.95", key=deal.charges[0].pk)
    assert deal.money == HELD
    books_hold()


def test_b22_a_bonus_of_nothing_is_refused(deal):
    with pytest.raises(BonusOfNothing):
        deal.bonus("0.00")
    books_hold()


def test_b24_a_bonus_stays_possible_for_thirty_days_after_the_end(deal):
    deal.end("100.00")
    clock.advance(timedelta(days=29, hours=23))
    deal.bonus("10.00")
    clock.advance(timedelta(hours=1))
    with pytest.raises(BonusTooLate):
        deal.bonus("10.00")
    books_hold()


def test_b22_before_the_start_there_is_no_bonus(db):
    with pytest.raises(WrongState):
        offered("100.00").bonus("10.00")
    books_hold()


def test_a_bank_that_takes_a_bonus_back_takes_it_from_the_client(deal):
    charge_back(deal.bonus("10.00"))
    assert deal.money == {**HELD, "pending": D("9.00"), "fees": D("1.00"), "receivable": D("-10.00")}
    assert deal.states == ["active", "future"]
    books_hold()


# A dispute


def test_b44_the_client_may_dispute_once_work_was_submitted(deal):
    with pytest.raises(NoDisputeYet):
        deal.dispute(deal.payer)
    deal.submit(1)
    deal.dispute(deal.payer)
    assert deal.told[-1] == "dispute_opened"
    books_hold()


def test_b44_the_talent_may_dispute_after_the_second_request_for_changes(deal):
    for number in (1, 2):
        deal.submit(1)
        with pytest.raises(NoDisputeYet):
            deal.dispute(deal.earner)
        deal.send_back(1, number)
    deal.dispute(deal.earner)
    books_hold()


def test_b44_the_talent_may_dispute_a_refund_request_and_the_client_a_counter(deal):
    deal.end("30.00")
    with pytest.raises(NoDisputeYet):
        deal.dispute(deal.payer)
    deal.counter("20.00")
    with pytest.raises(NoDisputeYet):
        deal.dispute(deal.earner)
    deal.dispute(deal.payer)
    assert (deal.request.status, deal.request.answer_by) == ("disputed", None)
    books_hold()


def test_b44_who_may_dispute_and_why(deal):
    deal.end("0.00")
    with pytest.raises(NotAllowed):
        deal.dispute(joined(deal.client, MemberRole.VIEWER))
    with pytest.raises(ReasonMissing):
        deal.dispute(deal.earner, reason="")
    assert deal.dispute(deal.earner) == deal.dispute(deal.earner)
    with pytest.raises(Disputed):
        deal.dispute(deal.payer)
    assert Dispute.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispute.objects.create(contract=deal.contract, reason="Again", by=deal.payer)
    books_hold()


def test_b44_an_open_dispute_freezes_the_money_for_everybody_and_the_clock(deal):
    request = deal.end("0.00")
    deal.dispute(deal.earner)
    for act in (deal.approve, lambda: deal.counter("1.00"), deal.accept_counter, deal.leave, lambda: deal.fund(2)):
        with pytest.raises(WrongState):
            act()
    clock.advance(timedelta(days=30))
    assert not lapse_refund(request.pk)
    assert deal.money == HELD
    books_hold()


def test_b44_after_the_deadline_nothing_is_disputed_any_more(deal):
    deal.end("0.00")
    clock.advance(timedelta(days=7))
    with pytest.raises((NoDisputeYet, AnsweredBefore)):
        deal.dispute(deal.earner)
    books_hold()


def test_b44_a_bonus_stays_possible_while_money_is_frozen(deal):
    deal.submit(1)
    deal.dispute(deal.payer)
    deal.bonus("10.00")
    books_hold()


# Feedback


def test_b43_feedback_is_hidden_until_both_have_given_it(deal):
    deal.end("100.00")
    deal.rate(deal.payer, 4)
    assert deal.contract.revealed_at is None
    deal.rate(deal.earner, 5)
    assert deal.contract.revealed_at
    assert not reveal_feedback(deal.key)
    assert deal.told[-2:] == ["feedback_given", "feedback_revealed"]
    books_hold()


def test_b43_after_fourteen_days_it_is_revealed_and_no_more_can_be_given(deal):
    deal.end("100.00")
    deal.rate(deal.payer)
    assert not reveal_feedback(deal.key)
    clock.advance(timedelta(days=14))
    with pytest.raises(FeedbackOver):
        deal.rate(deal.earner)
    assert reveal_feedback(deal.key)
    assert not reveal_feedback(deal.key)
    books_hold()


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_b43_a_rating_is_one_to_five(deal, rating):
    deal.end("100.00")
    with pytest.raises(NoRating):
        deal.rate(deal.payer, rating)
    books_hold()


def test_b43_each_side_gives_it_once_and_after_the_end(deal):
    with pytest.raises(WrongState):
        deal.rate(deal.payer)
    deal.end("100.00")
    assert deal.rate(deal.payer, 4) == deal.rate(deal.payer, 4)
    with pytest.raises(FeedbackGiven):
        deal.rate(joined(deal.client, MemberRole.MANAGER), 3)
    with pytest.raises(NotAllowed):
        deal.rate(joined(deal.client, MemberRole.VIEWER))
    books_hold()
