"""What a page says would move is, to the cent, what moves once its button was pressed (I15, B24, B44)."""

import pytest
from django.http import HttpResponse

from contracts.models import StaffAct
from contracts.tests.browsing import read
from contracts.tests.dealing import D, Deal, agreed, charge_back
from contracts.tests.staffing import journal_of
from contracts.tests.test_staff_pages import new, pressed
from escrow.models import Kind
from marketplace.models import Party
from tests.books import books_hold
from tests.figures import SUM, amount, figures
from tests.screens import acting_for
from tests.staff import at_work, staff
from tests.truth_settling import Truth

pytestmark = pytest.mark.django_db


def named(answer: HttpResponse) -> dict[str, D]:
    """Each figure of a page by its name; the same name says the same everywhere on it."""
    found: dict[str, D] = {}
    for figure in figures(answer):
        assert found.setdefault(figure.name, figure.amount) == figure.amount, figure
    return found


def page(deal: Deal, party: Party, what: str) -> dict[str, D]:
    return named(acting_for(party).get(f"/contracts/{deal.key}/{what}/"))


def effect(answer: HttpResponse) -> list[tuple[str, ...]]:
    """The rows of the page of an act: from where, to where, how much."""
    rows = [["".join(cell.itertext()).strip() for cell in row.iter("td")] for row in read(answer).iter("tr")]
    return [tuple(row) for row in rows if len(row) == 3]


def moved_since(last: int) -> list[tuple[str, ...]]:
    """What the ledger moved after the transfer with this number, as a page would name it."""
    names = {party.pk: party.name for party in Party.objects.all()}

    def said(kind: str, party: object, _scope: object) -> str:
        return f"{Kind(kind).label} · {names[party]}" if party else str(Kind(kind).label)

    moves = sorted((move for move in Truth().moves if move.id > last), key=lambda move: move.id)
    return [(said(*move.away), said(*move.there), f"${move.amount:,.2f}") for move in moves]


def last_transfer() -> int:
    return max(move.id for move in Truth().moves)


def test_i15_an_act_of_staff_moves_what_its_page_showed():
    browser = at_work(staff("finance"))
    deal = agreed("1000.00", "150.00")
    deal.release(1, "999.99")
    deal.fund(2)
    deal.submit(2)
    deal.dispute(deal.payer)
    acts = [(new("decide", deal.disputed), {"to_talent": "66.67"}), (new("reverse", journal_of(deal)), {})]
    for path, typed in acts:
        before, shown = last_transfer(), browser.get(path, typed)
        assert pressed(browser, path, **typed).status_code == 302
        act = StaffAct.objects.latest("requested_at")
        rows = effect(shown)
        assert rows == moved_since(before)[: len(rows)]
        assert rows == effect(browser.get(f"/admin/contracts/staffact/{act.pk}/change/"))
        in_all = next(figure.amount for figure in figures(shown) if figure.name == "decided_about")
        assert in_all == act.amount
        books_hold()


def test_i15_the_page_of_another_division_is_not_what_moves():
    browser = at_work(staff("finance"))
    deal = agreed("100.00")
    deal.submit(1)
    deal.dispute(deal.payer)
    path, before = new("decide", deal.disputed), last_transfer()
    other = effect(browser.get(path, {"to_talent": "60.01"}))
    assert pressed(browser, path, to_talent="60.00").status_code == 302
    assert [amount(SUM.search(row[2])) for row in other][:3] == [D("54.01"), D("6.00"), D("4.95")]
    assert other != moved_since(before)[: len(other)]


def test_i15_an_accepted_split_moves_what_was_offered():
    deal = agreed("100.00", "50.00")
    deal.end("0.00")
    deal.dispute(deal.earner)
    offer = deal.offer_split(deal.earner, "33.35")
    shown = page(deal, deal.client, "dispute")
    dispute = deal.accept_split(deal.payer, offer)
    truth, after = Truth(), page(deal, deal.talent, "dispute")
    for part in ("net", "fee", "back"):
        assert shown[f"offered_{part}"] == after[f"divided_{part}"] == getattr(truth, f"divided_{part}")(dispute.pk)
    assert (after["divided_net"], after["divided_fee"], after["divided_back"]) == (D("30.01"), D("3.34"), D("66.65"))
    books_hold()


def test_i15_what_a_refund_request_says_of_each_answer_is_what_moves():
    given, countered = agreed("100.00"), agreed("100.00")
    for deal in (given, countered):
        deal.end("0.00")
    shown = page(given, given.talent, "refund")
    assert shown["approved_back"] + shown["approved_initiation"] == shown["silence_back"] == D("104.95")
    given.approve()
    assert page(given, given.client, "refund")["settled_back"] == shown["silence_back"]
    assert given.sent_back == [shown["silence_back"]]
    countered.counter("33.35")
    shown = page(countered, countered.client, "refund")
    countered.accept_counter()
    after = page(countered, countered.talent, "refund")
    assert (after["settled_back"], after["settled_net"]) == (shown["silence_back"], shown["silence_net"])
    assert countered.money["pending"] == shown["silence_net"] == D("59.98")
    books_hold()


def test_i15_money_back_is_what_the_page_said_could_go_back():
    deal = agreed("100.00", "50.00")
    deal.release(1, "60.00")
    deal.ask_back("30.00")
    shown = page(deal, deal.talent, "money-back")
    deal.give_back(str(shown["reachable"]))
    assert page(deal, deal.client, "money-back")["given_back"] == shown["reachable"] == D("30.00")
    assert deal.sent_back == [shown["reachable"]]
    books_hold()


def test_i15_a_closed_request_tells_what_moved_though_a_bank_took_some_before():
    deal = agreed("100.00", "50.00")
    deal.release(1, "60.00")
    deal.fund(2)
    deal.end("0.00")
    charge_back(deal.charges[1])
    left = deal.contract.held
    deal.approve()
    seen = page(deal, deal.client, "refund")
    assert (seen["settled_back"], seen["settled_net"]) == (left, D("0.00"))
    books_hold()
