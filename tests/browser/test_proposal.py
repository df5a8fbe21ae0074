"""Proposed contracts in two browsers: written, accepted and paid; or made an offer of, with a diff for both (B41)."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.editor import room
from tests.browser.living import Person, figures, sums
from tests.browser.test_editor import CLIENT

D = Decimal
NARROW = {"viewport": {"width": 375, "height": 812}}


@pytest.fixture
def client(sign_in) -> Person:
    return Person(sign_in(CLIENT))


@pytest.fixture
def talent(sign_in) -> Person:
    return Person(sign_in("freelancer@cairn.test", **NARROW))


def write(talent: Person, title: str, steps: list[tuple[str, str]]) -> Page:
    """Propose a contract to the one client; afterwards the page is its Overview."""
    page = talent.page
    talent.follow("Propose a new contract")
    talent.follow("Lanternfish Museum")
    page.get_by_label("Title of the contract").fill(title)
    for place, (step, worth) in enumerate(steps):
        if place:
            talent.press("Add a milestone")
            expect(page.locator("#rows > li")).to_have_count(place + 1)
        page.locator("#rows > li").nth(place).get_by_label("Title").fill(step)
        page.locator("#rows > li").nth(place).get_by_label("Amount").fill(worth)
    return page


def test_b41_a_contract_is_proposed_read_accepted_and_paid(client, talent, axe):
    page = write(talent, "Winter postcards", [("Six motifs", "240.50"), ("Print files", "90")])
    expect(page.locator("#plan-sum")).to_have_text("$330.50")
    axe(page)
    talent.press("Propose this contract")
    talent.told("You proposed the contract. Lanternfish Museum can read it now.")
    talent.room = page.url
    expect(page.locator(".next-step")).to_contain_text("Waiting for Lanternfish Museum to answer your proposal")
    axe(page)

    page = client.at("/jobs/")
    page.get_by_role("link", name="Winter postcards").click()
    client.room = page.url
    assert figures(page)["Proposed"] == D("330.50")
    client.follow("Read and answer")
    assert sums(page) == {
        "The first milestone": D("240.50"), "Contract Initiation Fee": D("4.95"), "You are charged now": D("245.45"),
    }  # fmt: skip
    axe(page)
    client.press("Pay $245.45 and accept")
    client.told("You accepted it. $245.45 was charged to Visa •••• 4242")
    assert figures(page)["Held"] == D("240.50")

    page = talent.at()
    expect(page.locator(".next-step")).to_contain_text("Submit your work on the current milestone")


def test_b41_a_refused_proposal_comes_back_as_it_was_typed(talent, watch, axe):
    watch.allow(422)
    page = write(talent, "Winter postcards", [("Six motifs", "4.99")])
    talent.press("Propose this contract")
    expect(page.locator("#rows > li").first).to_contain_text("The least amount is $5.00.")
    expect(page.get_by_label("Title of the contract")).to_have_value("Winter postcards")
    axe(page)


def test_b41_an_offer_is_made_of_a_proposal_and_both_see_what_changed(sign_in, client, axe):
    page = client.at(room("Door signs", "proposal/"))
    client.follow("Make an offer of it")
    page.get_by_role("button", name="Edit Walk through the house").click()
    page.locator("#rows > li").first.get_by_label("Amount").fill("400")
    assert sums(page)["You are charged now"] == D("404.95")
    page.get_by_role("button", name="Move Files for the sign maker up").click()
    axe(page)
    client.press("Pay the deposit and send the offer")
    client.told("Your offer was sent to Nine Herons Studio. $404.95 was charged")

    agency = Person(sign_in("agency@cairn.test", room("Door signs", "activity/"), **NARROW))
    for page in (client.at(room("Door signs", "activity/")), agency.page):
        newest = page.locator(".event").first
        expect(newest).to_contain_text("made an offer of the proposed contract and paid the deposit, $404.95")
        newest.locator("summary").click()
        expect(newest.locator(".diff")).to_contain_text("$450.00")
        expect(newest.locator(".diff")).to_contain_text("Files for the sign maker from 3 to 2")
        axe(page)
    agency.at(room("Door signs"))
    agency.follow("Read and answer")
    agency.press("Accept the offer")
    agency.told("You accepted the offer.")


def test_b41_the_talent_withdraws_and_the_client_comes_too_late(sign_in, client, watch, axe):
    watch.allow(409)
    page = client.at(room("Door signs", "proposal/"))
    agency = Person(sign_in("agency@cairn.test", room("Door signs"), **NARROW))
    agency.follow("Withdraw the proposal")
    axe(agency.page)
    agency.press("Withdraw the proposal")
    agency.told("You withdrew the proposed contract.")
    client.press("Decline the proposed contract")
    expect(page.get_by_role("main")).to_contain_text("The proposed contract was withdrawn.")
    axe(page)
