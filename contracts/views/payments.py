"""Payments: what a client was charged and refunded, and what is held for each of its contracts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from contracts.reading.balance import balance_of
from contracts.reading.cursors import Place
from contracts.reading.payments import held_for, holding_page, payments_page, returning
from contracts.views.party import client_acted_for
from marketplace.acting import of_its_party
from marketplace.models import Party

PAGE = "contracts/payments.html"


@require_safe
@vary_on_headers("HX-Request")
@of_its_party
def payments(request: HttpRequest) -> HttpResponse:
    """Charges and refunds, or contracts that hold money. Answers a page; to htmx the rows that follow the last."""
    party = client_acted_for(request)
    if not party:
        return render(request, PAGE, {"party": None})
    show_held = request.GET.get("show") == "held"
    after = Place.read(request.GET.get("after", ""))
    page = holding_page(party, after) if show_held else payments_page(party, after)
    context = {"party": party, "page": page, "after": after, "show_held": show_held}
    if request.htmx:
        return render(request, f"{PAGE}#rows", context)
    return render(request, PAGE, context | _figures(party))


def _figures(party: Party) -> dict:
    balance = balance_of(party)
    return {"held": held_for(party), "balance": balance, "returning": returning(party, balance.credit)}
