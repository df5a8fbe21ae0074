"""Forms that come again once what they did has had its answer: none is judged by how things stand since (I17)."""

import pytest

from contracts.tests import asking_back
from contracts.tests.asking_back import form_of
from contracts.tests.dealing import agreed
from contracts.tests.visiting import at, fill, followed, forms_in, signed_in
from contracts.tests.visiting import send as post
from tests.books import books_hold

pytestmark = pytest.mark.django_db


def test_a_form_that_charged_nothing_is_not_asked_for_a_card_later():
    deal = agreed("100.00", "30.00")
    deal.release(1, "60.00")
    browser = signed_in(deal.payer)
    page = at(deal.contract, f"milestones/{deal.milestone(2).pk}/funding/")
    form = fill(browser, page)
    post(browser, page, form)
    deal.release(2, "30.00")
    text = followed(browser, post(browser, page, form))
    assert "is not active any more. Nothing was charged: the money for it was held already." in text
    books_hold()


def test_b31_the_wish_for_changes_again_returns_no_new_work():
    deal = agreed("100.00")
    deal.submit(1)
    browser = signed_in(deal.payer)
    address = at(deal.contract, f"milestones/{deal.milestone(1).pk}/changes-request/")
    form = {"submission": "1", "reason": "Not quite yet."}
    assert "You asked for changes." in followed(browser, post(browser, address, form))
    deal.submit(1)
    text = followed(browser, post(browser, address, form))
    assert "You asked for these changes before. New work was submitted since" in text
    assert deal.states == ["submitted"]
    books_hold()


def test_b24_the_wish_for_money_back_again_is_the_same_once_it_was_agreed_to():
    for deal, typed in ((asking_back.left_over(), {"amount": "15.00"}), (asking_back.whole(), {})):
        browser, page = signed_in(deal.payer), asking_back.page(deal)
        form = form_of(browser.get(page), "ask") | {"reason": "It became less.", **typed}
        assert "decides; until then" in followed(browser, post(browser, page, form))
        deal.give_back(typed.get("amount", "100.00"))
        text = followed(browser, post(browser, page, form))
        assert f"You asked for ${typed.get('amount', '100.00')} back." in text
        assert "until then" not in text
        assert post(browser, page, form | {"reason": "Another one."}).status_code == 409
        books_hold()


def test_b44_the_offer_of_a_split_again_is_the_same_once_it_was_accepted():
    deal = agreed("100.00")
    deal.submit(1)
    deal.dispute(deal.payer)
    browser, page = signed_in(deal.payer), at(deal.contract, "dispute/")
    (form,) = [form for form in forms_in(browser.get(page)) if form["decision"] == "offer"]
    form |= {"amount": "40.00", "note": "Half of it."}
    assert "can accept it at once" in followed(browser, post(browser, page, form))
    deal.accept_split(deal.earner, deal.disputed.splits.get())
    text = followed(browser, post(browser, page, form))
    assert "You offered this split." in text
    assert "can accept it at once" not in text
    assert post(browser, page, form | {"amount": "50.00"}).status_code == 409
    books_hold()
