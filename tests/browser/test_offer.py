"""Offers in a real browser: the talent found while typing, rows in a form, the charge said while its amount changes."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.living import Person, sums
from tests.browser.test_editor import CLIENT

FIRST, FEE, CHARGE = "Deposit: the first milestone", "Contract Initiation Fee", "You are charged now"
D = Decimal


@pytest.fixture
def client(sign_in) -> Person:
    return Person(sign_in(CLIENT))


@pytest.fixture
def page(client) -> Page:
    """An offer of two milestones that was not sent yet."""
    client.add_card("4242424242424242")
    client.offer("Fenn Alder", "A bridge", [("Piers", "1,200.50"), ("Deck", "80")])
    return client.page


def rows(page: Page):
    return page.locator("#rows > li")


def test_a_talent_is_found_while_one_types(client, axe):
    page = client.at("/offers/new/")
    page.get_by_role("searchbox").fill("fenn")
    expect(page.locator(".talents .list-title")).to_have_text(["Fenn Alder"])
    axe(page)
    page.get_by_role("searchbox").fill("nobody of this name")
    expect(page.locator("#found")).to_contain_text("Nobody found for")
    axe(page)


def test_b21_the_charge_follows_the_first_milestone_whatever_is_done_to_the_rows(page, axe):
    assert sums(page) == {FIRST: D("1200.50"), FEE: D("4.95"), CHARGE: D("1205.45")}
    page.get_by_role("button", name="Move Deck up").click()
    assert sums(page) == {FIRST: D("80.00"), FEE: D("4.95"), CHARGE: D("84.95")}
    page.get_by_role("button", name="Delete Deck").click()
    assert sums(page)[CHARGE] == D("1205.45")
    expect(page.locator("#plan-sum")).to_have_text("$1,200.50")
    page.get_by_role("button", name="Undo delete Deck").click()
    rows(page).first.get_by_label("Amount").fill("99.99")
    assert sums(page)[CHARGE] == D("104.94")
    rows(page).first.get_by_label("Amount").fill("")
    assert list(sums(page)) == [FEE]
    axe(page)


def test_what_is_refused_comes_back_as_it_was_typed_with_the_focus_on_it(client, page, watch, axe):
    watch.allow(422)
    rows(page).last.get_by_label("Amount").fill("4.99")
    client.press("Pay the deposit and send the offer")
    expect(rows(page).last.get_by_label("Amount")).to_be_focused()
    expect(rows(page).last).to_contain_text("The least amount is $5.00.")
    expect(page.get_by_label("Title of the contract")).to_have_value("A bridge")
    assert sums(page)[CHARGE] == D("1205.45")
    axe(page)


def test_b40_a_change_says_what_goes_back_and_does_it(client, page, axe):
    client.press("Pay the deposit and send the offer")
    client.told("$1,205.45 was charged")
    client.follow("Change the offer")
    page.get_by_role("button", name="Edit Piers").click()
    rows(page).first.get_by_label("Amount").fill("1000")
    assert sums(page)["Goes back to you"] == D("200.50")
    assert sums(page)[CHARGE] == D("0.00")
    axe(page)
    client.press("Save this version")
    client.told("$200.50 of its deposit goes back to you.")
    client.follow("Withdraw the offer")
    expect(page.locator("main")).to_contain_text("$1,004.95 goes back to what you paid with")
    client.press("Withdraw the offer")
    client.told("The offer was withdrawn. $1,004.95 goes back to you.")


def test_without_a_script_a_milestone_is_added_and_the_charge_worked_out(sign_in, client):
    client.add_card("4242424242424242")
    plain = Person(sign_in(CLIENT, "/offers/new/", java_script_enabled=False))
    plain.follow("Fenn Alder")
    plain.press("Add one more row")
    expect(rows(plain.page)).to_have_count(2)
    rows(plain.page).first.get_by_label("Amount").fill("50")
    plain.press("Work out what is charged")
    assert sums(plain.page)[CHARGE] == D("54.95")
