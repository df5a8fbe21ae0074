"""A release that was a mistake is reversed: held again, whether the talent still has it or not (I12, record 12)."""

from datetime import timedelta

import pytest

from contracts.models import ActKind, Earning
from contracts.operations.staff.reversal import DecideFirst, NotReversible, ReversedBefore
from contracts.tests.dealing import NEW, D, Deal, agreed, fresh
from contracts.tests.pages import parsed, words
from contracts.tests.staffing import ask, effect_of, finance, journal_of
from contracts.tests.test_jobs import signed_in
from contracts.timers import sweep
from escrow.models import Direction, Journal
from escrow.operations.bad_luck import owed
from escrow.operations.starting import start_payment
from escrow.purposes import WITHDRAWAL
from marketplace import clock
from tests.books import books_hold
from tests.factories import bank

pytestmark = pytest.mark.django_db


def released(amount: str = "100.00") -> Deal:
    deal = agreed("100.00", "150.00")
    deal.release(1, amount)
    return deal


def reverse(deal: Deal):
    return ask(ActKind.REVERSE, journal_of(deal), finance())


def test_b21_a_release_in_its_hold_is_held_again_with_its_fees_and_funds_the_next():
    deal = released()
    act = reverse(deal)
    assert effect_of(act) == [
        f"pending · {deal.talent.name} -> escrow: 90.00", "platform fees -> held initiation fee: 4.95",
        "platform fees -> escrow: 10.00",
    ]  # fmt: skip
    assert deal.money == {"escrow": D("100.00"), "initiation_fee": D("4.95")}
    assert (deal.contract.paid, deal.states, deal.told[-1]) == (D("0.00"), ["paid", "future"], "release_reversed")
    clock.advance(timedelta(days=6))
    sweep()
    assert deal.money == {"escrow": D("100.00"), "initiation_fee": D("4.95")}  # nothing matures of it
    assert deal.fund(2).amount == D("50.00")  # the leftover pays first
    browser = signed_in(deal.earner)
    assert "reversed by Cairn" in words(parsed(browser.get("/balance/")))
    invoice = Earning.objects.get(contract=deal.key).invoice
    assert "Cairn reversed this payment" in words(parsed(browser.get(f"/invoices/{invoice.pk}/")))
    books_hold()


def test_b26_what_was_withdrawn_is_owed_and_paid_from_what_is_earned_next():
    deal = released()
    clock.advance(timedelta(days=6))
    sweep()
    begin_payout(deal, "70.00")
    act = reverse(deal)
    assert effect_of(act)[:2] == [
        f"available · {deal.talent.name} -> escrow: 20.00", f"receivable · {deal.talent.name} -> escrow: 70.00"
    ]  # fmt: skip
    assert deal.money == {"escrow": D("100.00"), "initiation_fee": D("4.95")}
    assert owed(deal.talent) == D("70.00")
    books_hold()


def begin_payout(deal: Deal, amount: str) -> None:
    """The talent withdraws it: it has left the balance before the bank is asked."""
    key = fresh(NEW)
    start_payment(
        direction=Direction.PAYOUT, purpose=WITHDRAWAL.name, subject=key, party=deal.talent, amount=D(amount),
        method=bank(deal.talent), key=key,
    )  # fmt: skip


def test_b24_a_contract_that_has_ended_gives_it_to_the_client_at_once():
    deal = released("60.00")
    deal.leave()
    act = reverse(deal)
    assert effect_of(act)[-1] == f"credit · {deal.client.name} -> outside world: 64.95"
    assert (deal.money, deal.status, sum(deal.sent_back)) == ({}, "ended", D("104.95"))
    books_hold()


def test_b24_while_a_contract_is_settled_what_is_asked_back_stays_what_it_was():
    deal = released("60.00")
    deal.end("0.00")
    reverse(deal)
    assert (deal.contract.held, deal.request.amount, deal.sent_back) == (D("40.00"), D("40.00"), [D("60.00")])
    deal.approve()
    assert sum(deal.sent_back) == D("104.95")
    books_hold()


def test_b21_once_everything_is_reversed_in_whatever_order_the_initiation_fee_is_held_again():
    deal = released()
    deal.fund(2)
    deal.release(2, "150.00")
    reverse(deal)
    act = ask(ActKind.REVERSE, journal_of(deal, 2), finance())
    assert effect_of(act)[-1] == "platform fees -> held initiation fee: 4.95"
    deal.leave()
    assert (deal.money, sum(deal.sent_back)) == ({}, D("254.95"))
    books_hold()


def test_b44_while_a_dispute_about_the_end_is_open_it_is_decided_first():
    deal = released("60.00")
    deal.end("0.00")
    deal.dispute(deal.earner)
    with pytest.raises(DecideFirst):
        reverse(deal)
    deal.decide("10.00", finance())
    reverse(deal)
    assert (deal.status, deal.contract.held, sum(deal.sent_back)) == ("ended", D("0.00"), D("90.00"))
    books_hold()


def test_b21_while_something_else_was_released_the_initiation_fee_stays_captured():
    deal = released("100.00")
    deal.fund(2)
    deal.release(2, "150.00")
    reverse(deal)
    assert deal.money["fees"] == D("19.95")
    books_hold()


def test_i12_nothing_is_reversed_twice_and_nothing_else_at_all():
    deal = released()
    journal = journal_of(deal)
    reverse(deal)
    with pytest.raises(ReversedBefore):
        reverse(deal)
    assert Earning.objects.get(journal=journal).reversal.reverses == journal
    for other in Journal.objects.exclude(pk=journal.pk):
        with pytest.raises(NotReversible):
            ask(ActKind.REVERSE, other, finance())
    books_hold()
