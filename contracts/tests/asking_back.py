"""Money back on a live contract as a browser without a screen asks for it and answers, and deals to do it on."""

from django.http import HttpResponse
from django.test import Client

from contracts.models import RefundRequest
from contracts.tests import dealing
from contracts.tests.dealing import Deal
from contracts.tests.visiting import at, forms_in, said, send, signed_in
from marketplace.models import User


def whole() -> Deal:
    """100.00 held for the current milestone."""
    return dealing.agreed("100.00", "50.00")


def left_over() -> Deal:
    """40.00 left over, and nothing current."""
    deal = dealing.agreed("100.00", "150.00")
    deal.release(1, "60.00")
    return deal


def some_of_each() -> Deal:
    """50.00 claimed by the current milestone, and 30.00 left over."""
    deal = dealing.agreed("100.00", "50.00")
    deal.release(1, "20.00")
    deal.fund(2)
    return deal


def page(deal: Deal) -> str:
    return at(deal.contract, "money-back/")


def form_of(answer: HttpResponse, decision: str) -> dict[str, str]:
    (form,) = [form for form in forms_in(answer) if form["decision"] == decision]
    return form


def act(browser: Client, deal: Deal, decision: str, /, **typed: str) -> HttpResponse:
    """Fill in and send the form with this decision, as the page shows it."""
    return send(browser, page(deal), form_of(browser.get(page(deal)), decision) | typed)


def request_on(deal: Deal) -> RefundRequest:
    return RefundRequest.objects.get(contract=deal.key)


def read(user: User, deal: Deal) -> str:
    return said(signed_in(user).get(page(deal)))
