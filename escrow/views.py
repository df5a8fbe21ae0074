"""Where payment gateways call. Knows no page and no person: who calls is known by a signature over the raw body."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from escrow import gateways
from escrow.gateways.base import BadSignature, GatewayUnavailable
from escrow.operations.payments import hear


@csrf_exempt
@login_not_required
@require_POST
def webhook(request: HttpRequest, name: str) -> HttpResponse:
    """A gateway's call: 200 once it is dealt with, also when it means nothing here; 503 asks for it again.

    Without TLS it is refused, not led to HTTPS: a gateway that was given the wrong address is to notice (ASVS 4.1.2).
    """
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        return HttpResponse("Call this address over HTTPS.", status=403, content_type="text/plain; charset=utf-8")
    if name not in settings.GATEWAYS:
        raise Http404
    there = gateways.gateway(name)
    try:
        if notice := there.read_notice(request.body, request.headers):
            hear(name, notice)
    except BadSignature:
        return HttpResponse(status=400)
    except GatewayUnavailable:
        return HttpResponse(status=503, headers={"Retry-After": "60"})
    return HttpResponse()
