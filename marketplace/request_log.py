"""One line for each request, with an id that the answer names. Knows statuses and patterns, and nothing of content."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from marketplace.logs import request_id
from marketplace.metrics import observe
from marketplace.security_log import security_event

logger = logging.getLogger("cairn.request")
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
STAFF = ("admin/", "staff/")
# What somebody tried and was refused: the event of each status. The route names the form; what was typed is nowhere.
REFUSALS = {
    400: "request_refused", 403: "permission_denied", 409: "state_refused", 422: "input_refused", 429: "limit_reached",
}  # fmt: skip


class RequestLog:
    """Takes over the id of a proxy if it is one, else gives one; then the request's line, and a security event's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.headers.get("X-Request-ID", "")
        request.id = asked if WELL_FORMED.match(asked) else uuid.uuid4().hex
        token, begun = request_id.set(request.id), time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request.id
            _write(request, response.status_code, time.perf_counter() - begun)
            return response
        finally:
            request_id.reset(token)


def _write(request: HttpRequest, status: int, seconds: float) -> None:
    user = getattr(request, "_cached_user", None)  # whoever did not ask for the user need not pay for it here
    facts = {
        "method": request.method if request.method in METHODS else "OTHER",
        "route": route_of(request),
        "status": status,
        "ms": round(seconds * 1000),
        "user": user.pk if user else None,
    }
    logger.info("request", extra={"facts": facts})
    observe(facts["method"], facts["route"], status, seconds)
    if event := _security_event(facts):
        security_event(event, user=facts["user"], route=facts["route"])


def _security_event(facts: dict) -> str:
    if facts["status"] in REFUSALS:
        return REFUSALS[facts["status"]]
    is_staffs = facts["route"].startswith(STAFF) and facts["method"] not in {"GET", "HEAD", "OPTIONS"}
    return "staff_act" if is_staffs and facts["status"] < 400 else ""


def route_of(request: HttpRequest) -> str:
    """The pattern of the address, which names nobody; the address itself may hold a token."""
    if request.resolver_match:
        return request.resolver_match.route
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"
