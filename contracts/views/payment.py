"""A charge that is not settled yet, for the one who pays: it waits, or the payer agrees to it or calls it off."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from contracts.models import Contract
from contracts.policy import Action, has_role, role_of
from contracts.reading.funding import SeenCharge, charges, seen_charge
from contracts.views.room import visible_contract
from escrow.gateways.base import GatewayNotHere, GatewayUnavailable
from escrow.models import Payment
from escrow.operations import payments
from escrow.operations.refusals import ProviderGone, ProviderSilent

ANSWERS = {"confirm": payments.agree, "cancel": payments.call_off, "check": payments.confirm}
AGAIN = {"deposit": "contracts:deposit", "proposal": "contracts:proposal", "bonus": "contracts:bonus"}


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def payment(request: HttpRequest, contract_id: UUID, payment_id: UUID) -> HttpResponse:
    """How a charge stands. Answers a page; to htmx, which asks while it is open, the region, or 204 for no news."""
    contract = visible_contract(request, contract_id)
    if not role_of(contract).is_client_side:
        raise Http404
    found = get_object_or_404(charges(contract).select_related("method"), pk=payment_id)
    if request.method == "POST":
        return _act(request, contract, found)
    if request.htmx and found.is_open and request.GET.get("waits") == ("payer" if found.awaits_payer else "bank"):
        return HttpResponse(status=204)
    return _answer(request, contract, found)


def _act(request: HttpRequest, contract: Contract, found: Payment) -> HttpResponse:
    if not has_role(contract, Action.FUND):
        raise PermissionDenied
    act = ANSWERS.get(request.POST.get("answer", ""))
    if act is None:
        return _answer(request, contract, found, status=422)
    try:
        act(found.pk)
    except GatewayNotHere:
        messages.warning(request, str(ProviderGone()))
    except GatewayUnavailable:
        messages.warning(request, str(ProviderSilent()))
    return redirect("contracts:payment", contract.pk, found.pk)


def _answer(request: HttpRequest, contract: Contract, found: Payment, status: int = 200) -> HttpResponse:
    charge = seen_charge(found)
    context = {
        "contract": contract,
        "charge": charge,
        "again": _again(contract, charge),
        "may_act": has_role(contract, Action.FUND),
    }
    template = "contracts/payment.html#payment" if request.htmx else "contracts/payment.html"
    return render(request, template, context, status=status)


def _again(contract: Contract, charge: SeenCharge) -> str:
    """Where a charge that failed can be tried again."""
    if name := AGAIN.get(charge.payment.purpose):
        return reverse(name, args=[contract.pk])
    return reverse("contracts:fund", args=[contract.pk, charge.milestone.pk]) if charge.milestone else ""
