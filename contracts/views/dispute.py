"""Open a dispute about held money, which freezes it until it is decided (B44). Knows no decision."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.forms.refund import DisputeForm
from contracts.models import Contract
from contracts.operations.disputes import check_dispute, open_dispute
from contracts.policy import Action, has_role
from contracts.reading.ending import ending
from contracts.refusals import ContractError
from contracts.views.answers import refused
from contracts.views.closed import closed_to
from contracts.views.room import visible_contract


@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """The open dispute, or the form that opens one. Answers a page."""
    contract = visible_contract(request, contract_id)
    if request.method == "POST":
        return _open(request, contract, DisputeForm(request.POST))
    return _answer(request, contract, DisputeForm())


def _open(request: HttpRequest, contract: Contract, form: DisputeForm) -> HttpResponse:
    if not has_role(contract, Action.OPEN_DISPUTE):
        raise PermissionDenied
    if not form.is_valid():
        return _answer(request, contract, form, status=422)
    try:
        open_dispute(contract=contract, by=request.user, reason=form.cleaned_data["reason"])
    except ContractError as refusal:
        status = refused(request, form, refusal)
        return _answer(request, contract, form, obstacle=refusal if status == 409 else None, status=status)
    messages.success(request, _("The dispute is open. The held money is frozen until it is decided."))
    return redirect("contracts:dispute", contract.pk)


def _obstacle(contract: Contract) -> ContractError | None:
    """Why this side cannot open a dispute now."""
    try:
        check_dispute(contract)
    except ContractError as refusal:
        return closed_to(contract, Action.OPEN_DISPUTE) or refusal
    return closed_to(contract, Action.OPEN_DISPUTE)


def _answer(request: HttpRequest, contract: Contract, form: DisputeForm, status: int = 200, **said) -> HttpResponse:
    dispute = contract.disputes.filter(closed_at=None).select_related("by").first()
    if not dispute and not has_role(contract, Action.OPEN_DISPUTE):
        raise PermissionDenied
    if not dispute and not form.is_bound and (obstacle := _obstacle(contract)):
        said, status = {"obstacle": obstacle}, 409
    context = {"contract": contract, "dispute": dispute, "form": form, "held": ending(contract).held, **said}
    return render(request, "contracts/dispute.html", context, status=status)
