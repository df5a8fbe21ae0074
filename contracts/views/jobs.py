"""My Jobs: the contracts of the party that the user acts for. Knows no milestone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRefresh

from contracts.policy import decides_about_money
from contracts.reading.cursors import Place
from contracts.reading.jobs import JobsPage, jobs_page
from contracts.reading.proposals import clients_of
from contracts.views.party import client_acted_for
from marketplace.acting import of_its_party
from marketplace.fields import plain_text
from marketplace.standby import from_standby

SEARCH_LENGTH = 120


@from_standby
@require_safe
@vary_on_headers("HX-Request")
@of_its_party
def jobs(request: HttpRequest) -> HttpResponse:
    """My Jobs, active or ended. Answers a page; to htmx the rows that follow the last one shown.

    An open list of which nothing is left is loaded anew, as a whole page: that says what it is empty of.
    """
    show_ended = request.GET.get("show") == "ended"
    search = plain_text(request.GET.get("q", ""))[:SEARCH_LENGTH]
    after = Place.read(request.GET.get("after", ""))
    page = JobsPage()
    if request.party:
        page = jobs_page(user=request.user, party=request.party, is_closed=show_ended, search=search, after=after)
    if request.htmx and after is None and not page.contracts:
        return HttpResponseClientRefresh()
    context = {"page": page, "show_ended": show_ended, "search": search, "after": after}
    client = client_acted_for(request)
    context["may_offer"] = client is not None and decides_about_money(client)
    context["may_propose"] = _may_propose(request)
    return render(request, "contracts/jobs.html#rows" if request.htmx else "contracts/jobs.html", context)


def _may_propose(request: HttpRequest) -> bool:
    """Whether the talent acted for has a client to propose a contract to, and the user decides (B41)."""
    party = request.party
    if not party or party.is_client or not decides_about_money(party):
        return False
    return clients_of(request.user, party).exists()
