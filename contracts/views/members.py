"""Who of an agency works on a contract: its managers say so, when they accept an offer and later on."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.forms.members import MembersForm
from contracts.models import Contract
from contracts.operations.members import assign_members
from contracts.policy import Action
from contracts.refusals import ContractError, NotAllowed
from contracts.views.closed import closed_to
from contracts.views.deposits import too_late
from contracts.views.room import allowed_contract


@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """The agency's members, those who work on the contract chosen. Answers a page."""
    contract = allowed_contract(request, contract_id, Action.ASSIGN_MEMBERS)
    form = MembersForm(request.POST if request.method == "POST" else None, contract=contract)
    if closed := closed_to(contract, Action.ASSIGN_MEMBERS):
        return too_late(request, contract, closed)
    if form.is_valid():
        return _assign(request, contract, form)
    context = {"contract": contract, "form": form}
    return render(request, "contracts/members.html", context, status=422 if form.is_bound else 200)


def _assign(request: HttpRequest, contract: Contract, form: MembersForm) -> HttpResponse:
    try:
        assign_members(contract=contract, by=request.user, memberships=form.cleaned_data["members"])
    except NotAllowed:
        raise PermissionDenied from None
    except ContractError as refusal:
        return too_late(request, contract, refusal)
    messages.success(request, _("It is settled who works on this contract."))
    return redirect("contracts:room", contract.pk)
