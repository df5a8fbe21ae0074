"""How long a session lasts, and whose sessions there are. Knows no page.

A session has an end that nothing moves, written into it at sign-in; in between it remembers, no oftener than each hour,
when somebody last came. What an open page asks for by itself is nobody coming.
"""

import time
from collections.abc import Callable, Iterable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from marketplace.models import User

SEEN = "seen_at"
BY_ITSELF = "live/"  # where an open page listens


class SessionLife:
    """Ends a session in which nobody came for SESSION_IDLE_SECONDS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seen = request.session.get(SEEN)
        if seen is not None:
            _look(request, time.time() - seen)
        return self.get_response(request)


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


def _look(request: HttpRequest, away: float) -> None:
    if away > settings.SESSION_IDLE_SECONDS:
        logout(request)
    elif away > settings.SESSION_SEEN_EVERY and _is_somebody(request):
        request.session[SEEN] = time.time()
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


def _is_somebody(request: HttpRequest) -> bool:
    asked_by_page = request.method == "GET" and "HX-Request" in request.headers
    return not asked_by_page and not request.path_info.lstrip("/").startswith(BY_ITSELF)
