"""The life of a contract, from the offer to the feedback, lived by two people in two browsers.

After each step the figures on both sides' pages are the ledger's, to the cent.
"""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from contracts.models import Contract
from escrow import ledger
from escrow.models import Kind
from tests.books import books_hold
from tests.browser.living import Person, figures, sums

D = Decimal
TITLE = "Garden sign"


@pytest.fixture
def client(sign_in) -> Person:
    return Person(sign_in("client@cairn.test"))


@pytest.fixture
def talent(sign_in) -> Person:
    return Person(sign_in("freelancer@cairn.test"))


def made() -> Contract:
    """The contract that this test made, with its money as the database has it."""
    return Contract.objects.with_money().get(title=TITLE)


def agree(*people: Person, paid: str, held: str, to_fund: str) -> None:
    """All read the same figures on the Overview; they are those expected, and the ledger's; they add up."""
    contract = made()
    expected = {"Paid": D(paid), "Held": D(held), "To fund": D(to_fund)}
    for person in people:
        shown = figures(person.at())
        whole = shown.pop("Agreed" if contract.started_at else "Offered")
        assert shown == expected
        assert whole == sum(shown.values())
    assert expected["Held"] == ledger.balance(Kind.ESCROW, scope=contract.pk)
    assert expected["Paid"] == contract.paid
    books_hold()


def earned(talent: Person, net: str) -> None:
    """The Balance shows what the ledger says, and this contract's part of it comes to `net`."""
    shown, contract = figures(talent.at("/balance/")), made()
    assert shown["Pending"] == ledger.balance(Kind.PENDING, contract.talent_id)
    assert shown["Available"] == ledger.balance(Kind.AVAILABLE, contract.talent_id)
    assert sum(earning.net for earning in contract.earnings.all()) == D(net)


def offered(client: Person, talent: Person) -> None:
    """Step 1: an offer, whose deposit and fee are charged when it is sent (B40)."""
    client.offer("Fenn Alder", TITLE, [("Sketches", "1000"), ("Carving", "500"), ("Paint", "300.50")])
    expect(client.page.locator("main")).to_contain_text("$1,004.95")
    client.press("Pay the deposit and send the offer")
    client.told("$1,004.95 was charged")
    client.room = talent.room = client.page.url
    agree(client, talent, paid="0", held="1000", to_fund="800.50")
    talent.follow("Read and answer")
    talent.press("Accept the offer")
    talent.told("You accepted the offer")
    agree(client, talent, paid="0", held="1000", to_fund="800.50")


def worked(client: Person, talent: Person) -> None:
    """Step 2: submit, request changes, resubmit, release 60 % (B22, B30, B31)."""
    talent.submit("First sketches")
    talent.told("Your work was submitted")
    client.request_changes("Rounder letters, please")
    client.told("You asked for changes")
    talent.submit("Rounder ones")
    client.at()
    client.follow("Review")
    client.page.get_by_label("Another amount").check()
    client.page.get_by_label("Amount", exact=True).fill("600")
    told = sums(client.page)
    assert told["To Fenn Alder after the fee"] == D("540.00")
    assert told["Stays for the next milestone"] == D("400.00")
    client.press("Release")
    client.told("$600.00 was released")
    agree(client, talent, paid="600", held="400", to_fund="400.50")
    earned(talent, "540")


def funded_from_the_rest(client: Person, talent: Person) -> None:
    """Step 3: the next milestone takes what was left over first (B21, B22)."""
    client.at("next/")
    client.follow("Activate and fund")
    told = sums(client.page)
    assert told["Paid from money that is held already"] == D("400.00")
    assert told["Charged now"] == D("100.00")
    client.press("Pay $100.00 and activate")
    client.told("$100.00")
    agree(client, talent, paid="600", held="500", to_fund="300.50")


def released_by_the_clock(client: Person, talent: Person, wait_days: Callable[[int], None]) -> None:
    """Step 4: nobody reviews for fourteen days (B31); the first earning has left its security hold (B23)."""
    talent.submit("Carved")
    wait_days(14)
    agree(client, talent, paid="1100", held="0", to_fund="300.50")
    expect(client.at("activity/").locator(".events")).to_contain_text("Nobody reviewed Carving in time")
    earned(talent, "990")


def paid_a_bonus(client: Person, talent: Person) -> None:
    """Step 5: a bonus is charged by itself, and the usual fee is taken (B22)."""
    client.at("bonus/")
    client.page.get_by_label("Amount", exact=True).fill("50")
    assert sums(client.page)["To Fenn Alder"] == D("45.00")
    client.press("Pay the bonus")
    client.told("$50.00")
    agree(client, talent, paid="1100", held="0", to_fund="300.50")
    expect(client.page.locator("main")).to_contain_text("Bonuses on top of it: $50.00")


def ended_with_a_counter(client: Person, talent: Person) -> None:
    """Step 6: the client ends, asks for the rest back; the talent counters, the client accepts (B24)."""
    client.at("next/")
    client.follow("Activate and fund")
    client.press("Pay $300.50 and activate")
    client.at("end/")
    client.page.get_by_label("Pay nothing of it").check()
    client.page.get_by_label("Reason").fill("The shop closes")
    client.page.get_by_role("button", name=re.compile("End")).click()
    agree(client, talent, paid="1100", held="300.50", to_fund="0")
    talent.follow("Answer")
    talent.page.get_by_label("Amount to return").fill("200")
    assert sums(talent.page)["To you after the fee"] == D("90.45")
    talent.press("Send this offer")
    client.at()
    client.follow("Answer")
    client.press("Accept $200.00 back")
    agree(client, talent, paid="1200.50", held="0", to_fund="0")
    earned(talent, "1125.45")


def said_how_it_was(client: Person, talent: Person) -> None:
    """Step 7: feedback, hidden until both have given it (B43)."""
    talent.give_feedback(5, "Clear from the first day")
    assert "Clear from the first day" not in client.at("feedback/").locator("main").inner_text()
    client.give_feedback(4, "Good letters")
    for person in (client, talent):
        shown = person.at("feedback/").locator("main")
        expect(shown).to_contain_text("Clear from the first day")
        expect(shown).to_contain_text("Good letters")


def test_two_people_live_a_contract(client, talent, wait_days):
    offered(client, talent)
    worked(client, talent)
    funded_from_the_rest(client, talent)
    released_by_the_clock(client, talent, wait_days)
    paid_a_bonus(client, talent)
    ended_with_a_counter(client, talent)
    said_how_it_was(client, talent)


def test_the_statement_of_each_side_adds_up(client, talent):
    offered(client, talent)
    worked(client, talent)
    for person in (client, talent):
        page: Page = person.at("/statement/")
        expect(page.locator("main")).to_contain_text(TITLE)
