"""The talent's answer to an offer: read it, accept it or decline it (B40)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.forms.answer import AcceptForm, DeclineForm
from contracts.forms.members import MembersForm
from contracts.models import Contract
from contracts.operations.offers import accept_offer, decline_offer
from contracts.policy import Action, has_role
from contracts.reading.offers import Offered
from contracts.refusals import ContractError
from contracts.views.answers import refused
from contracts.views.closed import closed_to
from contracts.views.deposits import too_late
from contracts.views.room import allowed_contract, visible_contract


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """The offer, and the two answers to it. Answers a page; an answer that comes too late is refused with it, 409."""
    contract = allowed_contract(request, contract_id, Action.ANSWER_OFFER)
    if request.method == "POST":
        return _decline(request, contract) if "decline" in request.POST else _accept(request, contract)
    return _page(request, contract)


def _accept(request: HttpRequest, contract: Contract) -> HttpResponse:
    form, team = AcceptForm(request.POST), _team(contract, request)
    if not form.is_valid() or (team and not team.is_valid()):
        return _page(request, contract, form=form, team=team, status=422)
    try:
        members = team.cleaned_data["members"] if team else None
        accept_offer(contract=contract, by=request.user, version=form.cleaned_data["version"], memberships=members)
    except ContractError as refusal:
        return _again(request, contract, refusal, team=team)
    messages.success(request, _("You accepted the offer. The first milestone is funded: work on it can begin."))
    return redirect("contracts:room", contract.pk)


def _decline(request: HttpRequest, contract: Contract) -> HttpResponse:
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, contract, decline=form, status=422)
    try:
        decline_offer(contract=contract, by=request.user, reason=form.cleaned_data["reason"])
    except ContractError as refusal:
        return _again(request, contract, refusal, decline=form)
    messages.success(request, _("You declined the offer. The client was told, and the deposit goes back in full."))
    return redirect("contracts:room", contract.pk)


def _again(request: HttpRequest, contract: Contract, refusal: ContractError, **forms) -> HttpResponse:
    """The offer as it is now, with what stands in the way."""
    contract = visible_contract(request, contract.pk)
    form = AcceptForm({"version": contract.plan_version})
    status = refused(request, form, refusal)
    return _page(request, contract, form=form, status=status, **forms)


def _page(request: HttpRequest, contract: Contract, *, status: int = 200, **said) -> HttpResponse:
    if closed := closed_to(contract, Action.ANSWER_OFFER):
        return too_late(request, contract, closed)
    context = {
        "contract": contract,
        "offered": Offered(contract),
        "form": AcceptForm(initial={"version": contract.plan_version}),
        "team": _team(contract),
        "decline": DeclineForm(),
        **said,
    }
    return render(request, "contracts/answer.html", context, status=status)


def _team(contract: Contract, request: HttpRequest | None = None) -> MembersForm | None:
    """Which members work on it: asked of those who may say so, an agency's managers."""
    if not has_role(contract, Action.ASSIGN_MEMBERS):
        return None
    return MembersForm(request.POST, contract=contract) if request else MembersForm(contract=contract)
