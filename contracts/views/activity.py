"""Activity: what happened on a contract, and two revisions of its plan side by side."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from contracts.reading.activity import activity_page
from contracts.reading.activity import comparison as compare
from contracts.reading.cursors import read_number
from contracts.views.room import visible_contract
from marketplace.standby import from_standby


@from_standby
@require_safe
@vary_on_headers("HX-Request")
def activity(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Events with their diffs. Answers a page; to htmx the events that follow the last one shown."""
    contract = visible_contract(request, contract_id)
    after = read_number(request.GET.get("after", ""))
    context = {"contract": contract, "page": activity_page(contract, after), "after": after}
    return render(request, "contracts/activity.html#entries" if request.htmx else "contracts/activity.html", context)


@from_standby
@require_safe
def comparison(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """What changed between the revisions `from` and `to` (X1). Answers a page; 404 for one not to be compared."""
    contract = visible_contract(request, contract_id)
    old, new = (read_number(request.GET.get(name, "")) for name in ("from", "to"))
    found = compare(contract, old, new)
    if found is None:
        raise Http404
    return render(request, "contracts/comparison.html", {"contract": contract, "comparison": found})
