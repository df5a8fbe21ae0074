"""How long a session lasts, and whose sessions there are. Knows no page.

A session has an end that nothing moves, written into it at sign-in; in between it remembers, no oftener than each hour,
when somebody last came. What an open page asks for by itself is nobody coming. Its key changes whenever somebody shows
who they are: at sign-in, and when they are asked again.
"""

import time
from collections.abc import Callable, Iterable
from datetime import timedelta

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from marketplace.models import User
from marketplace.security_log import security_event

SEEN = "seen_at"
BY_ITSELF = "live/"  # where an open page listens


class SessionLife:
    """Ends a session in which nobody came for SESSION_IDLE_SECONDS; gives one a new key once its owner showed again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seen = request.session.get(SEEN)
        if seen is not None:
            _look(request, time.time() - seen)
        before = _shown_again(request)
        response = self.get_response(request)
        after = _shown_again(request)
        if len(after) > len(before):
            _renew(request, after[-1])
        return response


def begin(request: HttpRequest) -> None:
    """Somebody signed in: from now on the session has an end."""
    request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    request.session[SEEN] = time.time()


def end(sessions: Iterable[UserSession]) -> None:
    """Whoever is in these sessions is signed out with their next request."""
    for session in sessions:
        session.end()


def end_all(user: User) -> None:
    """Sign somebody out everywhere."""
    end(UserSession.objects.filter(user=user))


def factors(records: list[dict]) -> list[str]:
    """What somebody showed, in the order in which they first did: a password, an app's code, a recovery code."""
    return list(dict.fromkeys(record.get("type", record["method"]) for record in records))


def _shown_again(request: HttpRequest) -> list[dict]:
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    return [record for record in records if record.get("reauthenticated")]


def _renew(request: HttpRequest, record: dict) -> None:
    """The same session under a new key: whoever knew the one before is out (ASVS 7.2.4)."""
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)
    security_event("confirmed_again", user=request.user.pk, by="+".join(factors([record])))


def _look(request: HttpRequest, away: float) -> None:
    if away > settings.SESSION_IDLE_SECONDS:
        logout(request)
    elif away > settings.SESSION_SEEN_EVERY and _is_somebody(request):
        request.session[SEEN] = time.time()
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


def _is_somebody(request: HttpRequest) -> bool:
    asked_by_page = request.method == "GET" and "HX-Request" in request.headers
    return not asked_by_page and not request.path_info.lstrip("/").startswith(BY_ITSELF)
