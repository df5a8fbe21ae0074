"""The page of an open dispute: offering a split, accepting one, withdrawing, and what either side reads then (B44)."""

import pytest
from django.http import HttpResponse
from django.test import Client

from contracts.tests.dealing import D, Deal, agreed, charge_back
from contracts.tests.visiting import NO_AMOUNTS, NOWHERE, at, followed, forms_in, said, send, signed_in, wrong_fields
from marketplace.models import MemberRole
from tests.books import books_hold
from tests.factories import joined


@pytest.fixture
def live(db) -> Deal:
    """100.00 in dispute for submitted work; 30.00 left over."""
    deal = agreed("230.00", "100.00", "50.00")
    deal.release(1, "100.00")
    deal.fund(2)
    deal.submit(2)
    deal.dispute(deal.payer, reason="<b>It</b> is empty.")
    return deal


@pytest.fixture
def ending(db) -> Deal:
    deal = agreed("100.00", "50.00")
    deal.end("0.00")
    deal.dispute(deal.earner)
    return deal


def page(deal: Deal) -> str:
    return at(deal.contract, "dispute/")


def form_of(answer: HttpResponse, decision: str) -> dict[str, str]:
    (form,) = [form for form in forms_in(answer) if form["decision"] == decision]
    return form


def act(browser: Client, deal: Deal, decision: str, **typed: str) -> HttpResponse:
    return send(browser, page(deal), form_of(browser.get(page(deal)), decision) | typed)


def ways(browser: Client, deal: Deal) -> list[str]:
    return sorted(form["decision"] for form in forms_in(browser.get(page(deal))))


def test_b44_one_side_offers_and_the_other_accepts(live):
    client, talent = signed_in(live.payer), signed_in(live.earner)
    assert ways(client, live) == ["offer", "withdraw"]
    assert ways(talent, live) == ["offer"]
    text = followed(talent, act(talent, live, "offer", amount="60", note="Most of it works."))
    assert "Your offer" in text
    assert ways(talent, live) == ["offer", "take_back"]
    assert ways(client, live) == ["accept", "offer", "withdraw"]
    read = said(client.get(page(live)))
    for words in ("Most of it works.", "after the fee $54.00", "$40.00", "Another $30.00 is left over", "goes on"):
        assert words in read
    assert "Answer the split that" in said(client.get(at(live.contract, "")))
    assert "Answer the split that" not in said(talent.get(at(live.contract, "")))
    assert "Settled: $60.00 to the talent, $40.00 back" in followed(client, act(client, live, "accept"))
    over = said(talent.get(page(live)))
    assert "Both sides agreed" in over
    assert (live.states, ways(talent, live)) == (["paid", "paid", "future"], [])
    books_hold()


def test_b44_what_was_typed_by_hand_is_checked_and_kept(live):
    browser = signed_in(live.earner)
    opened = form_of(browser.get(page(live)), "offer")
    for amount in [*NO_AMOUNTS, "", "-1", "100.01"]:
        answer = send(browser, page(live), opened | {"amount": amount, "note": "Fair?"})
        assert (answer.status_code, wrong_fields(answer)) == (422, ["amount"])
        assert form_of(answer, "offer") | {"amount": amount, "note": "Fair?"} == form_of(answer, "offer")
    assert act(browser, live, "offer", amount="5", at_stake="x").status_code == 422
    worked_out = act(browser, live, "offer", amount="60", preview="1")
    assert "$54.00" in said(worked_out)
    assert not live.disputed.splits.exists()


def test_b44_figures_that_do_not_hold_any_more_are_shown_anew(live):
    client, talent = signed_in(live.payer), signed_in(live.earner)
    act(client, live, "offer", amount="10")
    accept = form_of(talent.get(page(live)), "accept")
    act(client, live, "offer", amount="20")
    assert "replaced" in said(answer := send(talent, page(live), accept))
    assert answer.status_code == 409
    other = form_of(talent.get(page(live)), "accept") | {"to_talent": "99.00", "to_client": "1.00"}
    assert send(talent, page(live), other).status_code == 409


def test_b44_money_that_a_bank_took_meanwhile_is_shown_anew(db):
    deal = agreed("130.00", "100.00", "50.00")
    deal.release(1, "100.00")
    deal.fund(2)  # 70.00 of it charged now
    deal.submit(2)
    deal.dispute(deal.payer)
    client, talent = signed_in(deal.payer), signed_in(deal.earner)
    act(client, deal, "offer", amount="10")
    old = form_of(talent.get(page(deal)), "offer") | {"amount": "60.00", "note": "Keep these words."}
    charge_back(deal.charges[-1])
    answer = send(talent, page(deal), old)
    assert answer.status_code == 409
    assert "The money held changed" in said(answer)
    assert form_of(answer, "offer") | {"note": "Keep these words.", "at_stake": "30.00"} == form_of(answer, "offer")
    assert "cannot be accepted any more" in said(talent.get(page(deal)))
    assert deal.disputed.is_open
    books_hold()


def test_b44_withdrawing_says_before_what_comes_after(live, ending):
    client, talent = signed_in(live.payer), signed_in(ending.earner)
    assert "starts again, with 14 full days" in said(client.get(page(live)))
    assert "waits for its answer again, with 7 full days" in said(talent.get(page(ending)))
    old = form_of(client.get(page(live)), "withdraw")
    followed(client, act(client, live, "withdraw"))
    followed(talent, act(talent, ending, "withdraw"))
    assert followed(client, send(client, page(live), old))  # again: it is so already
    assert "It was withdrawn" in said(client.get(page(live)))
    assert "It was withdrawn" in said(signed_in(ending.earner).get(page(ending)))
    assert (live.states[1], ending.request.status) == ("submitted", "pending")
    books_hold()


@pytest.fixture
def of_talent(db) -> Deal:
    """100.00 in dispute: the talent opened it after two requests for changes, and the client could as well."""
    deal = agreed("100.00", "50.00")
    for number in (1, 2):
        deal.submit(1)
        deal.send_back(1, number)
    deal.submit(1)
    deal.dispute(deal.earner)
    return deal


def test_b44_what_comes_after_the_other_side_withdrew_it_is_told_so_and_kept(of_talent):
    client, talent = signed_in(of_talent.payer), signed_in(of_talent.earner)
    act(talent, of_talent, "offer", amount="60")
    opened = client.get(page(of_talent))
    offer = form_of(opened, "offer") | {"amount": "45.00", "note": "Less than half."}
    accept = form_of(opened, "accept")
    act(talent, of_talent, "withdraw")
    for form, kept in ((accept, ""), (offer, "What you typed To the talent, before the service fee: 45.00 Less than")):
        answer = send(client, page(of_talent), form)
        assert (answer.status_code, forms_in(answer)) == (409, [])
        assert "This dispute is over: it was settled, decided or withdrawn." in said(answer)
        assert kept in said(answer)
    assert "Open the dispute" in said(client.get(page(of_talent)))
    books_hold()


def test_b44_who_may_do_what_about_it(live):
    browser, viewer, talent = (
        signed_in(each) for each in (live.payer, joined(live.client, MemberRole.VIEWER), live.earner)
    )
    act(browser, live, "offer", amount="60")
    accept = form_of(talent.get(page(live)), "accept")
    withdraw, back = (form_of(browser.get(page(live)), each) for each in ("withdraw", "take_back"))
    assert ways(viewer, live) == []
    for form in (accept, withdraw, back, {"decision": "offer", "amount": "5"}):
        assert send(viewer, page(live), form).status_code == 403
    for wrong, form in ((browser, accept), (talent, withdraw), (talent, back)):
        assert send(wrong, page(live), form).status_code == 403
    assert send(talent, page(live), accept | {"about": NOWHERE}).status_code == 404
    assert send(talent, page(live), accept | {"about": "x"}).status_code == 422
    assert (live.disputed.is_open, live.contract.held) == (True, D("130.00"))


def test_b44_the_page_gathers_what_it_is_decided_on(live):
    read = said(signed_in(live.earner).get(page(live)))
    for words in (
        "<b>It</b> is empty.",
        "Step 2, submission 1",
        "Here it is.",
        "released $100.00 for Step 1",
        "In dispute",
    ):
        assert words in read
