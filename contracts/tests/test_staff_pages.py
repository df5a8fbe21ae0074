"""The pages on which staff act: buttons for those who may, the effect before the click, a second person's answer."""

import re

import pytest
from django.test import Client

from contracts.models import StaffAct
from contracts.tests.dealing import D, Deal, agreed
from contracts.tests.pages import parsed, words
from contracts.tests.staffing import journal_of
from contracts.tests.test_staff_acts import disputed, open_dispute
from marketplace.models import User
from tests.books import books_hold
from tests.staff import at_work, staff

pytestmark = pytest.mark.django_db
ACTS = "/admin/contracts/staffact/"


def new(kind: str, target: object) -> str:
    return f"{ACTS}new/{kind}/{target.pk}/"  # type: ignore[attr-defined]


def hidden(page: str) -> dict[str, str]:
    """What the form that acts would post of its own accord."""
    fields = re.findall(r'<input type="hidden" name="(key|shown|to_talent)" value="([^"]*)"', page)
    return dict(fields)


def pressed(browser: Client, path: str, reason: str = "It was a mistake.", **query: str):
    """The page's button, with what the page showed."""
    page = parsed(browser.get(path, query))
    return browser.post(path, {**hidden(page), "reason": reason})


@pytest.fixture
def deal() -> Deal:
    made = agreed("100.00", "150.00")
    made.release(1, "100.00")
    return made


def test_each_page_has_the_buttons_of_those_who_may(deal):
    journal, root = journal_of(deal), staff(superuser=True)
    pages = {
        f"/admin/contracts/contract/{deal.key}/change/": "Freeze this contract",
        f"/admin/escrow/journal/{journal.pk}/change/": "Reverse this release",
        f"/admin/escrow/transfer/{journal.transfers.first().pk}/change/": "Reverse this release",
        f"/admin/marketplace/user/{deal.payer.pk}/change/": "Suspend this user",
    }
    finance, support, chief = (at_work(user) for user in (staff("finance"), staff("support"), root))
    for path, label in pages.items():
        assert label in words(parsed(finance.get(path)))
        assert label not in words(parsed(support.get(path)))
        assert (label in words(parsed(chief.get(path)))) == (label == "Suspend this user")


def test_b44_the_effect_is_shown_to_the_cent_before_the_click():
    deal, browser = disputed("100.00"), at_work(staff("finance"))
    path = new("decide", open_dispute(deal))
    assert "Between $0.00 and $100.00" in words(parsed(browser.get(path)))
    shown = words(parsed(browser.get(path, {"to_talent": "60"})))
    for figure in ("$54.00", "$6.00", "$4.95", "$40.00", "$104.95"):
        assert figure in shown
    assert deal.contract.held == D("100.00")
    assert browser.get(path, {"to_talent": "100.01"}).status_code == 422
    form = {**hidden(parsed(browser.get(path, {"to_talent": "60.00"}))), "reason": "Half of it was done."}
    assert [browser.post(path, form).status_code for _twice in range(2)] == [302, 302]
    assert browser.post(path, {**form, "to_talent": "50.00"}).status_code == 409
    assert deal.money["pending"] == D("54.00")
    assert "Decide" not in words(parsed(browser.get(f"/admin/contracts/dispute/{deal.disputed.pk}/change/")))
    books_hold()


def test_b44_a_second_person_approves_on_a_page_of_their_own(settings, deal):
    settings.SECOND_PERSON_ABOVE = D("50.00")
    one, two = at_work(staff("finance")), at_work(staff("finance"))
    path = new("reverse", journal_of(deal))
    assert "above $50.00" in words(parsed(one.get(path)))
    assert pressed(one, path, reason="Paid twice.").status_code == 302
    act = StaffAct.objects.get()
    assert deal.contract.held == D("0.00")
    assert str(act.pk) in parsed(two.get(ACTS, {"state": "waiting"}))
    assert "Take it back" in words(parsed(one.get(f"{ACTS}{act.pk}/change/")))
    assert one.post(f"{ACTS}{act.pk}/approve/").status_code == 409
    page = words(parsed(two.get(f"{ACTS}{act.pk}/approve/")))
    assert "Paid twice." in page
    assert "$104.95" in page
    assert two.post(f"{ACTS}{act.pk}/approve/").status_code == 302
    assert (deal.contract.held, deal.contract.paid) == (D("100.00"), D("0.00"))
    assert two.post(f"{ACTS}{act.pk}/refuse/", {"reason": "Too late."}).status_code == 409
    books_hold()


def test_refusals_keep_what_was_typed(deal):
    browser = at_work(staff("finance"))
    path = new("freeze", deal.contract)
    empty = browser.post(path, {**hidden(parsed(browser.get(path))), "reason": ""})
    assert empty.status_code == 422
    assert "Say why." in words(parsed(empty))
    stale = browser.post(path, {**hidden(parsed(browser.get(path))), "shown": "0" * 32, "reason": "Looks odd."})
    assert stale.status_code == 409
    page = parsed(stale)
    assert "Looks odd." in page
    assert browser.post(path, {**hidden(page), "reason": "Looks odd."}).status_code == 302
    again = browser.get(path)
    assert "frozen already" in words(parsed(again))
    assert "<textarea" not in parsed(again)


def test_nobody_else_gets_in_and_nothing_else_is_there(deal):
    for user in (staff("support"), staff(superuser=True)):
        browser = at_work(user)
        assert browser.get(new("freeze", deal.contract)).status_code == 403
        assert browser.post(new("freeze", deal.contract), {"reason": "x"}).status_code == 403
    browser = at_work(staff("finance"))
    for path in (f"{ACTS}new/freeze/nothing/", f"{ACTS}new/reverse/99999999999999999999/", f"{ACTS}new/steal/1/"):
        assert browser.get(path).status_code == 404
    assert browser.get(new("suspend", User.objects.get(pk=browser.session["_auth_user_id"]))).status_code == 403
    assert not StaffAct.objects.exists()
