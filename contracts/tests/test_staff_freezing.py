"""A frozen contract stands still, and so do its deadlines; a suspended user is out at once."""

from datetime import timedelta
from functools import partial

import pytest
from allauth.usersessions.models import UserSession

from contracts.models import ActKind
from contracts.operations.bonus import BonusTooLate
from contracts.operations.staff.freezing import freeze_contract, unfreeze_contract
from contracts.policy import FREE, Action, in_state
from contracts.refusals import Frozen, NotAllowed
from contracts.tests.dealing import D, Deal, agreed, bank, hear, offered
from contracts.tests.pages import parsed, words
from contracts.tests.staffing import ask, finance
from contracts.tests.test_jobs import signed_in
from contracts.timers import sweep
from marketplace import clock
from tests.books import books_hold
from tests.factories import LATER


def submitted() -> Deal:
    deal = agreed("100.00", "150.00")
    deal.submit(1)
    return deal


def freeze(deal: Deal) -> None:
    freeze_contract(contract=deal.contract, reason="Looked into.")


def let_go(deal: Deal) -> None:
    unfreeze_contract(contract=deal.contract, reason="All is well.")


@pytest.mark.django_db
def test_what_a_freeze_stops_and_what_it_does_not():
    deal = submitted()
    freeze(deal)
    for act in (
        partial(deal.release, 1, "100.00"), partial(deal.send_back, 1), partial(deal.end, "0.00"), deal.leave,
        partial(deal.bonus, "5.00"), partial(deal.dispute, deal.payer), partial(deal.ask_back, "100.00"),
    ):  # fmt: skip
        with pytest.raises(Frozen):
            act()
    frozen = deal.contract
    assert not [action for action in Action if action not in FREE and in_state(frozen, action)]
    assert in_state(frozen, Action.POST)
    assert in_state(frozen, Action.EDIT_PLAN)
    page = words(parsed(signed_in(deal.earner).get(f"/contracts/{deal.key}/")))
    assert "Cairn has frozen this contract" in page
    let_go(deal)
    deal.release(1, "100.00")
    assert deal.told[-3:] == ["contract_frozen", "contract_unfrozen", "released"]
    books_hold()


@pytest.mark.django_db
def test_b31_no_clock_runs_while_a_contract_is_frozen_and_each_goes_on_where_it_stopped():
    review, settling, offer, earned = (
        submitted(),
        agreed("100.00", "150.00"),
        offered("100.00"),
        agreed("100.00", "9.00"),
    )
    settling.end("0.00")
    earned.release(1, "100.00")
    clock.advance(timedelta(days=4))
    everything = (review, settling, offer, earned)
    left = review.milestone(1).review_by - clock.now()
    for deal in everything:
        freeze(deal)
    clock.advance(timedelta(days=40))
    sweep()
    assert [deal.status for deal in everything] == ["active", "settling", "offered", "active"]
    assert (review.states[0], earned.money["pending"]) == ("submitted", D("90.00"))
    for deal in everything:
        let_go(deal)
    assert abs(review.milestone(1).review_by - clock.now() - left) < timedelta(minutes=1)
    sweep()
    assert (review.states[0], settling.status, offer.status) == ("submitted", "settling", "offered")
    assert earned.money["available"] == D("90.00")  # its hold was over: that is a least time, not a term
    clock.advance(timedelta(days=3, hours=1))
    sweep()
    assert (settling.status, offer.status) == ("ended", "expired")
    clock.advance(timedelta(days=8))
    sweep()
    assert review.states[0] == "paid"
    books_hold()


@pytest.mark.django_db
def test_b24_a_freeze_takes_no_day_from_those_for_a_bonus():
    deal = agreed("100.00")
    deal.end("100.00")
    clock.advance(timedelta(days=20))
    freeze(deal)
    clock.advance(timedelta(days=14, hours=23))
    with pytest.raises(Frozen):
        deal.bonus("5.00")
    let_go(deal)
    clock.advance(timedelta(days=9, hours=23))
    assert deal.bonus("5.00").status == "confirmed"
    clock.advance(timedelta(hours=3))
    for _each in range(2):
        with pytest.raises(BonusTooLate):
            deal.bonus("5.00")
        freeze(deal)  # what is over does not open again
        clock.advance(timedelta(days=40))
        let_go(deal)
    assert deal.contract.bonus_days == 45
    books_hold()


@pytest.mark.django_db
def test_b24_a_contract_that_staff_end_in_a_freeze_loses_no_day_for_a_bonus_and_gains_none():
    deal, someone = agreed("100.00"), finance()
    deal.end("0.00")
    deal.dispute(deal.earner)
    freeze(deal)
    clock.advance(timedelta(days=10))
    deal.decide("60.00", someone)
    assert deal.status == "ended"
    clock.advance(timedelta(days=1, hours=23))
    let_go(deal)
    assert deal.contract.bonus_days == 32
    books_hold()


@pytest.mark.django_db
def test_b40_a_deposit_that_arrives_in_a_freeze_leaves_seven_days_from_its_end():
    deal = offered("100.00", method=LATER)
    freeze(deal)
    clock.advance(timedelta(days=10))
    bank().answer(deal.charges[0].reference, agreed=True)
    hear()
    let_go(deal)
    left = deal.contract.answer_by - clock.now()
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    deal.accept()
    books_hold()


@pytest.mark.django_db
def test_a_suspended_user_is_out_at_once_and_comes_back_signed_out():
    deal = agreed("100.00", "150.00")
    browser = signed_in(deal.payer)
    UserSession.objects.create(user=deal.payer, session_key=browser.session.session_key, ip="::1", user_agent="test")
    room = f"/contracts/{deal.key}/"
    assert browser.get(room).status_code == 200
    ask(ActKind.SUSPEND, deal.payer, finance())
    assert browser.get(room).status_code == 302
    with pytest.raises(NotAllowed):
        deal.release(1, "100.00")
    ask(ActKind.REINSTATE, deal.payer, finance())
    assert browser.get(room).status_code == 302
    deal.release(1, "100.00")
    books_hold()
