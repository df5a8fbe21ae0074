"""Every kind of email as it will look, for staff. Its HTML is a response of its own, only to be seen."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from marketplace import clock
from notifications.letters import Digest, Letter
from notifications.mail import rendered
from notifications.previews import kinds, reader, sample

# What an email's HTML may do in a browser: have its inline styles, inside a page of ours.
SANDBOX = {
    "sandbox": True,
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "frame-ancestors": [CSP.SELF],
}
View = Callable[..., HttpResponse]
WITH_FRAME = settings.SECURE_CSP | {"frame-src": [CSP.SELF]}


def only_staff(view: View) -> View:
    """404 for everybody else."""

    @wraps(view)
    def seen(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return seen


@require_safe
@only_staff
def mails(request: HttpRequest) -> HttpResponse:
    """All kinds. Answers a page."""
    return render(request, "notifications/mails.html", {"kinds": kinds()})


@require_safe
@only_staff
@csp_override(WITH_FRAME)
def mail(request: HttpRequest, kind: str) -> HttpResponse:
    """One kind: its subject and both parts. Answers a page."""
    letter, (_html, text) = _made(kind)
    context = {"kind": kind, "name": kinds()[kind], "letter": letter, "text": text}
    return render(request, "notifications/mail.html", context)


@require_safe
@only_staff
@xframe_options_sameorigin
@csp_override(SANDBOX)
def mail_html(request: HttpRequest, kind: str) -> HttpResponse:
    """The HTML of one kind. Answers just that, in a sandbox."""
    return HttpResponse(_made(kind)[1][0])


def _made(kind: str) -> tuple[Letter | Digest, tuple[str, str]]:
    """The letter and its two parts; 404 for no kind."""
    if kind not in kinds():
        raise Http404
    letter = sample(kind, clock.now())
    return letter, rendered(letter, reader())
