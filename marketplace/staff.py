"""What a request needs before it is shown anything of the administration: a one-time code, and recent work there.

Knows sessions and second steps, and which addresses are the staff's. Knows nobody's rights.
"""

import time
from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

ROUTES = ("admin/", "staff/")
SEEN_KEY = "staff_seen_at"
EXACTNESS = 60  # seconds: a session is not written for each of somebody's pages


class StaffSecondStep:
    """Leads staff to set up one-time codes, to type one, or to sign in again after a pause.

    Whoever is not staff is the administration's own to refuse.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if not request.resolver_match.route.startswith(ROUTES):
            return None
        if not (request.user.is_authenticated and request.user.is_staff):
            return None
        return _without_codes(request) or _without_code(request) or _after_a_pause(request)


def _without_codes(request: HttpRequest) -> HttpResponse | None:
    if Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).exists():
        return None
    messages.info(request, _("Staff sign in with a one-time code. Set up your authenticator app, then come back."))
    return HttpResponseRedirect(reverse("mfa_activate_totp"))


def _without_code(request: HttpRequest) -> HttpResponse | None:
    """One who signed in before there was a second step, or set it up just now, types a code once."""
    if _typed_at(request):
        return None
    here = urlencode({"next": request.get_full_path() if request.method == "GET" else reverse("admin:index")})
    return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{here}")


def _after_a_pause(request: HttpRequest) -> HttpResponse | None:
    """Signs out who was away for too long, everywhere; else remembers that somebody is here."""
    now = time.time()
    seen = max(request.session.get(SEEN_KEY, 0), _typed_at(request))
    if now - seen > settings.STAFF_IDLE_MINUTES * 60:
        logout(request)
        messages.info(request, _("You were away for a while, so you were signed out. Sign in again to go on."))
        return redirect_to_login(request.get_full_path())
    if now - seen > EXACTNESS:
        request.session[SEEN_KEY] = now
    return None


def _typed_at(request: HttpRequest) -> float:
    """When this session last typed a code; 0 if it never did."""
    records = get_authentication_records(request, request.user)
    return max((record["at"] for record in records if record["method"] == "mfa"), default=0)
