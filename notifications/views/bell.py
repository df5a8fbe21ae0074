"""The bell: what somebody was told, and which of it they have read."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from contracts.reading.cursors import read_key, read_number
from marketplace.confirming import asked_from
from notifications.bell import MOST, notices_page, open_notice, reach, read_all, unread
from notifications.messages.inbox import unread_of


@require_safe
@vary_on_headers("HX-Request")
def bell(request: HttpRequest) -> HttpResponse:
    """What the user was told, newest first. Answers a page; to htmx the list of it."""
    after = read_number(request.GET.get("after", ""))
    page = notices_page(request.user, after)
    template = "notifications/bell.html#notices" if request.htmx else "notifications/bell.html"
    return render(request, template, {"page": page, "after": after})


@require_safe
def ringing(request: HttpRequest) -> HttpResponse:
    """How much is unread. Answers what stands in `#bell-count` of the header, and beside it what counts messages.

    What leads to the very page that asks, one of a contract's, is read by being there.
    """
    contract = read_key(request.GET.get("contract", ""))
    if contract is not None and request.htmx:
        reach(request.user, contract, asked_from(request))
    context = {"unread": unread(request.user), "most": MOST, **_unread_messages(request)}
    return render(request, "notifications/_ringing.html", context)


@require_safe
def notice(request: HttpRequest, post_id: int) -> HttpResponse:
    """Open what a notice is about, which marks it as read. Answers a redirect; 404 for what others were told."""
    place = open_notice(request.user, post_id)
    if place is None:
        raise Http404
    return redirect(place.path)


@require_POST
def reading(request: HttpRequest) -> HttpResponse:
    """Mark as read all that was shown. Answers a redirect to the page."""
    upto = read_number(request.POST.get("upto", ""))
    if upto is not None:
        read_all(request.user, upto)
    return redirect("notifications:bell")


def _unread_messages(request: HttpRequest) -> dict[str, object]:
    """What is unread of Messages: in all, and on the contract that the page is about, if it names one."""
    counts, contract = unread_of(request.user, request.party), request.GET.get("contract", "")
    of_contract = next((count for key, count in counts.items() if str(key) == contract), 0)
    return {"messages_unread": sum(counts.values()), "contract_unread": of_contract, "asked_for": contract}
