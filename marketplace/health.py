"""What machines ask: whether this process lives, whether it can serve, and figures for who watches.

Knows no figure: those are vitals.py's, and of requests request_log.py's.
"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from marketplace import vitals
from marketplace.metrics import Vitals, collected


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while this process answers at all; asks nobody."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 while pages can be served, else 503; with `?all`, 503 too when anything else is unwell. Names what is.

    A web process is not taken out of service because the worker is silent: that is for who watches.
    """
    unwell = [each.vital for each in vitals.read() if not each.is_well]
    is_ready = not any(vital.needed or "all" in request.GET for vital in unwell)
    status = "not ready" if not is_ready else "ailing" if unwell else "ready"
    return JsonResponse({"status": status, "unwell": [vital.name for vital in unwell]}, status=200 if is_ready else 503)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, which knows the token; without one in the settings there is no such page."""
    token = settings.METRICS_TOKEN
    if not token or not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        raise Http404
    return HttpResponse(generate_latest(collected(Vitals())), content_type=CONTENT_TYPE_LATEST)
