"""What every request knows of the person behind it: signed in or not, the party they act for, their time zone.

And what no request may be, whoever sends it, and what every answer says to the browser that gets it.
"""

import time
import zoneinfo
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from marketplace.confirming import NotConfirmed, asked_from, to_confirmation
from marketplace.models import Party

PARTY_KEY = "party_id"
RETRY = 60  # seconds, for an answer of 429 that does not know better


class Headers:
    """What every answer says, of whichever kind; a view's own word on caching stands.

    "no-cache" is to ask again each time, not to keep nothing: so that a 304 is possible. At sign-out the browser
    forgets pages and drafts; cookies it keeps, as the one that told who it was is deleted anyway.

    "Server-Timing" tells a page as of when it is true, in seconds since 1970 (live.js); of a page that the browser had
    and that is still right, it tells so anew.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.permissions = ", ".join(f"{feature}=()" for feature in settings.PERMISSIONS_POLICY)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = int(time.time())
        response = self.get_response(request)
        response["Server-Timing"] = f'now;desc="{begun}"'
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Permissions-Policy"] = self.permissions
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if hasattr(request, "retry_after") and response.status_code == 200:  # a form that the library shows again
            response.status_code = 429
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", str(getattr(request, "retry_after", RETRY)))
        if request.method == "POST" and request.resolver_match and request.resolver_match.view_name == "account_logout":
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class AsksAgain:
    """Leads whoever has to show once more who they are to the page that asks, and back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return to_confirmation(request, exception.back) if isinstance(exception, NotConfirmed) else None


class OnlyUTF8:
    """Refuses a body in any other charset: Django would decode it with whatever codec is named, and fail on some."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.content_params and request.content_params.get("charset", "utf-8").lower() != "utf-8":
            # An exception would not do: the page made of it checks for a token, which reads the body once more.
            return HttpResponseBadRequest(render_to_string("400.html"))
        return self.get_response(request)


class SignInRequired(LoginRequiredMiddleware):
    """Sends those who are not signed in to the sign-in page, and back afterwards.

    A fragment cannot show that page in its place: htmx gets a 401 that leads the whole page there.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:
        return to_sign_in(request) if request.htmx else super().handle_no_permission(request, view_func)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Leads the page that htmx asked from to the sign-in page, and back to where it stands."""
    query = urlencode({"next": asked_from(request)})
    return HttpResponse(status=401, headers={"HX-Redirect": f"{resolve_url(settings.LOGIN_URL)}?{query}"})


class ActiveParty:
    """Gives the request `parties` (all that the user acts for, oldest membership first) and `party`, the chosen one.

    Each has the user's `role` in it. Both are looked up when first asked for, with one query. Ask `party` for its
    truth, never `is None`: it is lazy.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.parties = SimpleLazyObject(lambda: parties_of(request))
        request.party = SimpleLazyObject(lambda: chosen(request.parties, request.session.get(PARTY_KEY)))
        with timezone.override(zone_of(request)):
            return self.get_response(request)


def parties_of(request: HttpRequest) -> list[Party]:
    if not request.user.is_authenticated:
        return []
    mine = Party.objects.filter(memberships__user=request.user)
    return list(mine.annotate(role=F("memberships__role")).order_by("memberships__pk"))


def chosen(parties: list[Party], key: str | None) -> Party | None:
    """The party with this id, or the first; a membership that ended since is not chosen any more."""
    first = parties[0] if parties else None
    return next((party for party in parties if str(party.pk) == key), first)


def zone_of(request: HttpRequest) -> zoneinfo.ZoneInfo | None:
    """The user's time zone; the site's own for strangers and for a zone that this machine does not know."""
    if not request.user.is_authenticated:
        return None
    try:
        return zoneinfo.ZoneInfo(request.user.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return None
