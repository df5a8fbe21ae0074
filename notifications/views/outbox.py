"""The outbox of the demo: all mail that was sent, for whoever runs it. Mounted in demo mode only."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from notifications.outbox import SentMessage, sent_messages
from notifications.views.mails import SANDBOX, WITH_FRAME


@require_safe
@login_not_required
def outbox(request: HttpRequest) -> HttpResponse:
    """All mail, newest first. Answers a page."""
    context = {"sent": sent_messages(settings.OUTBOX_DIR)}
    return render(request, "notifications/outbox.html", context)


@require_safe
@login_not_required
@csp_override(WITH_FRAME)
def message(request: HttpRequest, key: str) -> HttpResponse:
    """One mail, both of its parts. Answers a page."""
    return render(request, "notifications/message.html", {"mail": _found(key)})


@require_safe
@login_not_required
@xframe_options_sameorigin
@csp_override(SANDBOX)
def message_html(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML of one mail. Answers just that, in a sandbox; 404 for a mail without."""
    mail = _found(key)
    if not mail.html:
        raise Http404
    return HttpResponse(mail.html)


def _found(key: str) -> SentMessage:
    for sent in sent_messages(settings.OUTBOX_DIR):
        if sent.key == key:
            return sent
    raise Http404
