"""The inbox: every conversation of the party that the user acts for. Knows no post but the last of each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from contracts.reading.cursors import read_number
from marketplace.acting import of_its_party
from marketplace.standby import from_standby
from notifications.messages.inbox import InboxPage, inbox_page


@from_standby
@require_safe
@vary_on_headers("HX-Request")
@of_its_party
def inbox(request: HttpRequest) -> HttpResponse:
    """Conversations, the latest first. Answers a page; to htmx the rows that follow the last one shown."""
    after = read_number(request.GET.get("after", ""))
    page = inbox_page(user=request.user, party=request.party, after=after) if request.party else InboxPage()
    context = {"page": page, "after": after}
    template = "notifications/messages_inbox.html"
    return render(request, f"{template}#rows" if request.htmx else template, context)
