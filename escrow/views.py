"""Where payment gateways call. Knows no page and no person: who calls is known by a signature over the raw body."""

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
    """A gateway's call: 200 once it is dealt with, also when it means nothing here; 503 asks for it again."""
    try:
        there = gateways.gateway(name)
    except KeyError:
        raise Http404 from None
    try:
        if notice := there.read_notice(request.body, request.headers):
            hear(name, notice)
    except BadSignature:
        return HttpResponse(status=400)
    except GatewayUnavailable:
        return HttpResponse(status=503, headers={"Retry-After": "60"})
    return HttpResponse()
