"""The outbox of the demo: all mail that was sent, for whoever runs it. Mounted in demo mode only."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from notifications.outbox import sent_messages


@require_GET
@login_not_required
def outbox(request: HttpRequest) -> HttpResponse:
    """All mail, newest first. Answers a page."""
    context = {"sent": sent_messages(settings.OUTBOX_DIR)}
    return render(request, "notifications/outbox.html", context)


@require_GET
@login_not_required
def message(request: HttpRequest, key: str) -> HttpResponse:
    """One mail. Answers a page."""
    for sent in sent_messages(settings.OUTBOX_DIR):
        if sent.key == key:
            return render(request, "notifications/message.html", {"mail": sent})
    raise Http404
