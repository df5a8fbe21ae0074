"""The address at which a browser hears of news. Knows nothing of the news."""

import resource
from collections.abc import Iterator

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from notifications.live.handover import can_be_taken, take
from notifications.live.listener import hub
from notifications.live.stream import Stream

EVENTS = "text/event-stream"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # the second: nginx would keep it to itself
MOST = resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2  # streams of this process; the rest is for its pages


@require_GET
@login_not_required  # a worker is not to be led to the sign-in page
def news(request: HttpRequest, user_id: int) -> HttpResponseBase:
    """What this user has news of, as an event stream; 204 for a browser that polls: the address may be asked.

    403 for anybody else, 501 where the server cannot stream, 503 when it has enough streams.
    """
    if request.user.pk != user_id:
        return HttpResponse(status=403, headers=HEADERS)
    if request.headers.get("Accept") != EVENTS:
        return HttpResponse(status=204, headers=HEADERS)
    if not can_be_taken(request.META):
        return HttpResponse(status=501, headers=HEADERS)
    if len(hub()) >= MOST:
        return HttpResponse(status=503, headers=HEADERS)
    return StreamingHttpResponse(opened(request, user_id), content_type=EVENTS, headers=HEADERS)


def opened(request: HttpRequest, user_id: int) -> Iterator[bytes]:
    """The server writes the head of the response and the first line; then the connection goes to the hub."""
    yield b": cairn\n\n"
    chunked = request.META["SERVER_PROTOCOL"] == "HTTP/1.1"
    hub().join(Stream(take(request.META), user_id, chunked=chunked), since(request))


def since(request: HttpRequest) -> float:
    """The server's time up to which the browser has heard everything; 0 if it does not say."""
    try:
        return float(request.GET.get("since", 0))
    except ValueError:
        return 0
