"""Pages that a browser still has: 304 for one on which nothing would be different. Knows no page.

A tag says for whom, by which code and of what a page was made. The browser asks each time ("no-cache") and shows the
tag that it has; where it is still the right one, neither the rest is read from the database nor anything rendered.
"""

from collections.abc import Callable, Hashable
from functools import cache
from hashlib import sha256

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.cache import get_conditional_response

CODE = ("marketplace", "escrow", "contracts", "notifications", "templates", "static")
KINDS = {".py", ".html", ".txt", ".js", ".css", ".svg"}


def unless_unchanged(request: HttpRequest, of: tuple[Hashable, ...], make: Callable[[], HttpResponse]) -> HttpResponse:
    """What `make` answers, or 304 where the browser has what it once answered `of` the same, for the same person.

    `of` is all that the page depends on besides the person, whose parties a whole page shows in its header. What is
    said once (a flash message) is in no tag: a page that has something to say is always made, and bears none.
    """
    if not request.htmx and len(get_messages(request)):
        return make()
    etag = tag(person(request), whole(request), of)
    response = get_conditional_response(request, etag=etag) or make()
    response["ETag"] = etag
    return response


def person(request: HttpRequest) -> tuple[Hashable, ...]:
    """Who sees it: in which session, with which token against forgery, and in whose time."""
    get_token(request)  # each page has one, masked anew each time: what counts is what the cookie holds
    user = request.user
    session = request.session.session_key, request.META["CSRF_COOKIE"]
    return user.pk, user.name, user.email, user.is_staff, timezone.get_current_timezone_name(), *session


def whole(request: HttpRequest) -> tuple[Hashable, ...]:
    """What the header of a page shows and a fragment does not; one query, which the page would make as well."""
    if request.htmx:
        return ("fragment",)
    parties = tuple((party.pk, party.name, party.kind, party.role) for party in request.parties)
    return ("page", request.party.pk if request.party else None, parties)


def tag(*parts: Hashable) -> str:
    """Weak: a proxy may compress what bears it."""
    return f'W/"{sha256(repr((code(), *parts)).encode()).hexdigest()[:32]}"'


@cache
def code() -> str:
    """Which code makes pages: one value for all processes of a release, another for the next."""
    found = sha256()
    for folder in CODE:
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in KINDS and path.is_file():
                found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()
