"""Where money is moved, asked back or fought over."""

from django import forms

from contracts.tests import asking_back, dealing, earning
from contracts.tests.visiting import signed_in
from escrow.tests.paying import CONFIRMS
from tests.factories import bank, card
from tests.inputs.places import Scene, on, place

LONG = "Half of it was done, and we agreed on that."


@place("contracts:fund")
def next_milestone() -> Scene:
    deal = dealing.agreed("100.00", "150.00")
    deal.release(1, "60.00")
    return on(deal.key, f"milestones/{deal.milestone(2).pk}/funding/", deal.payer)


@place("contracts:review", typed={"pick": "other", "amount": "5.00"})
def work_handed_in() -> Scene:
    deal = dealing.agreed("1500.00")
    deal.submit(1)
    return on(deal.key, f"milestones/{deal.milestone(1).pk}/review/", deal.payer)


@place("contracts:changes_request", typed={"reason": LONG})
def work_to_send_back() -> Scene:
    deal = dealing.agreed("100.00")
    deal.submit(1)
    return on(deal.key, f"milestones/{deal.milestone(1).pk}/changes-request/", deal.payer)


@place("contracts:submission", typed={"message": LONG, "links": "https://cairn.test/"})
def work_to_hand_in() -> Scene:
    deal = dealing.agreed("100.00")
    return on(deal.key, f"milestones/{deal.milestone(1).pk}/submission/", deal.earner)


@place("contracts:bonus", typed={"amount": "5.00", "note": LONG})
def a_bonus() -> Scene:
    deal = dealing.agreed("100.00")
    return on(deal.key, "bonus/", deal.payer)


@place("contracts:end", typed={"choice": "part", "amount": "5.00", "reason": LONG})
def the_clients_end() -> Scene:
    deal = dealing.agreed("2000.00")
    return on(deal.key, "end/", deal.payer)


@place("contracts:end", typed={"reason": LONG})
def the_talents_end() -> Scene:
    deal = dealing.agreed("100.00")
    return on(deal.key, "end/", deal.earner)


@place("contracts:refund", typed={"decision": "counter", "amount": "5.00", "answer": LONG})
def a_counter() -> Scene:
    deal = dealing.agreed("2000.00")
    deal.end("0.00")
    return on(deal.key, "refund/", deal.earner)


@place("contracts:refund", typed={"decision": "accept"})
def a_counter_accepted() -> Scene:
    deal = dealing.agreed("100.00")
    deal.end("0.00")
    deal.counter("40.00")
    return on(deal.key, "refund/", deal.payer)


@place("contracts:money_back", typed={"decision": "ask", "choice": "part", "amount": "5.00", "reason": LONG})
def money_asked_back() -> Scene:
    deal = asking_back.some_of_each()
    return on(deal.key, "money-back/", deal.payer)


@place("contracts:money_back", typed={"decision": "decline", "answer": LONG})
def money_kept() -> Scene:
    deal = asking_back.left_over()
    deal.ask_back("30.00")
    return on(deal.key, "money-back/", deal.earner)


@place("contracts:money_back", typed={"decision": "agree"})
def money_given_back() -> Scene:
    deal = asking_back.left_over()
    deal.ask_back("30.00")
    return on(deal.key, "money-back/", deal.earner)


@place("contracts:money_back", typed={"decision": "withdraw"})
def money_asked_no_longer() -> Scene:
    deal = asking_back.left_over()
    deal.ask_back("30.00")
    return on(deal.key, "money-back/", deal.payer)


@place("contracts:dispute", typed={"reason": LONG})
def money_in_dispute() -> Scene:
    deal = dealing.agreed("100.00")
    deal.submit(1)
    return on(deal.key, "dispute/", deal.payer)


@place("contracts:feedback", typed={"rating": "4", "text": LONG})
def an_ended_contract() -> Scene:
    deal = dealing.agreed("100.00")
    deal.leave()
    return on(deal.key, "feedback/", deal.payer)


@place("contracts:payment", typed={"answer": "confirm"}, kinds={"answer": forms.ChoiceField()})
def a_charge_under_way() -> Scene:
    deal = dealing.agreed("50.00", "100.00")
    deal.release(1, "50.00")
    payment = deal.fund(2, card(deal.client, CONFIRMS))
    return on(deal.key, f"payments/{payment.pk}/", deal.payer)


@place("contracts:withdrawal", typed={"amount": "5.00"})
def money_to_take_out() -> Scene:
    party, owner = earning.talent("2000.00")
    bank(party)
    return Scene(signed_in(owner), "/balance/withdrawal/")


@place("contracts:methods", typed={"entry": "000123456789"}, picky=frozenset({"entry"}))
def a_bank_account() -> Scene:
    _party, owner = earning.talent("0.00")
    return Scene(signed_in(owner), "/payment-methods/")


@place("contracts:methods", typed={"entry": "5555555555554444"}, picky=frozenset({"entry"}))
def a_card() -> Scene:
    return Scene(signed_in(dealing.nobody().payer), "/payment-methods/")


@place("contracts:method_default")
def another_card() -> Scene:
    deal = dealing.nobody()
    second = card(deal.client, "5555555555554444")
    return Scene(signed_in(deal.payer), f"/payment-methods/{second.pk}/default/", "/payment-methods/")


@place("contracts:method_removal")
def a_card_too_many() -> Scene:
    deal = dealing.nobody()
    return Scene(signed_in(deal.payer), f"/payment-methods/{deal.card.pk}/removal/", "/payment-methods/")
