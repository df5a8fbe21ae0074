"""What a request is answered while something cannot be done: the database is busy or away, or all money is stopped.

A calm 503 that says when to try again, and keeps what was typed. What only met another transaction is done again first.
"""

import logging
import sys
from collections.abc import Callable
from pathlib import Path

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils.http import escape_leading_slashes
from django.views.defaults import server_error

from marketplace.trouble import Unavailable, again, is_conflict, retry_after, state_of

logger = logging.getLogger(__name__)
SECRET = ("password", "code", "entry", "token")  # parts of the names of fields that no page shows again
TOKEN = "csrfmiddlewaretoken"  # noqa: S105, a field's name


class Busy:
    """Does a request again that gave way to another transaction, and answers calmly what cannot be done now."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The view as a whole is safe to call again: forms carry keys, so what it did before, it does not do twice."""
        if not is_conflict(exception) or not _is_repeatable(request):
            return unavailable(request, exception)
        match = request.resolver_match
        try:
            return again(lambda: match.func(request, *match.args, **match.kwargs), failed=1)
        except Exception as met:
            if answer := unavailable(request, met):
                return answer
            raise


def broke(request: HttpRequest) -> HttpResponse:
    """The site's 500, unless it was the database that could not be asked: then no view was even reached."""
    return unavailable(request, sys.exception()) or server_error(request)


def unavailable(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """Answers 503, as a page or, for htmx, as the name of what to say; None when `error` is something else."""
    seconds = error.retry_after if isinstance(error, Unavailable) else retry_after(error)
    if error is None or seconds is None:
        return None
    trouble = error.trouble if isinstance(error, Unavailable) else Unavailable.trouble
    logger.warning("Not now (%s %s).", type(error).__name__, state_of(error))
    headers = {"Retry-After": str(seconds), "Cairn-Trouble": trouble, "Cache-Control": "no-store"}
    is_part = request.headers.get("HX-Request") == "true"
    body = "" if is_part else render_to_string("503.html", {"trouble": trouble, **_way_back(request)})
    return HttpResponse(body, status=503, headers=headers)


def _is_repeatable(request: HttpRequest) -> bool:
    """A large file that was moved to where it is kept cannot be read a second time."""
    places = (getattr(file, "temporary_file_path", None) for file in request.FILES.values())
    return all(place is None or Path(place()).exists() for place in places)


def _way_back(request: HttpRequest) -> dict:
    """Where to go on: the same address, and what was typed if it can be sent there once more."""
    here = escape_leading_slashes(request.get_full_path())
    return {"here": here, "is_form": request.method == "POST", "typed": _typed(request)}


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form as they came; none if one of them is a secret, or a file, which cannot be kept."""
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        if request.FILES or any(part in name for name, _value in fields for part in SECRET if name != TOKEN):
            return []
    except (SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return []
    return fields
