"""A dispute about held money: a side opens it, offers a split, accepts one, or withdraws what it offered (B44)."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.forms.dispute import ACCEPT, OFFER, TAKE_BACK, WITHDRAW, DecisionForm, DisputeForm, SplitForm
from contracts.models import Contract, Dispute, SplitOffer
from contracts.operations.disputes import open_dispute, withdraw_dispute
from contracts.operations.settlement import HeldChanged
from contracts.operations.splits import accept_split, offer_split, withdraw_split
from contracts.policy import Action, has_role
from contracts.reading.disputes import Disputed, disputed
from contracts.reading.words import money
from contracts.refusals import ContractError
from contracts.views.answers import STALE, WRONG, hold_to, refused, sent_before
from contracts.views.dispute_page import obstacle, show
from contracts.views.room import visible_contract

DECIDES = {ACCEPT: Action.ACCEPT_SPLIT, TAKE_BACK: Action.OFFER_SPLIT, WITHDRAW: Action.WITHDRAW_DISPUTE}


@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """The dispute and what can be done about it, or the form that opens one. Answers a page."""
    contract = visible_contract(request, contract_id)
    if request.method != "POST":
        return show(request, contract)
    decision = request.POST.get("decision")
    if decision == OFFER:
        return _offer(request, contract)
    return _decide(request, contract) if decision in DECIDES else _open(request, contract)


def _open(request: HttpRequest, contract: Contract) -> HttpResponse:
    if not has_role(contract, Action.OPEN_DISPUTE):
        raise PermissionDenied
    form = DisputeForm(request.POST)
    if not form.is_valid():
        why_not = obstacle(contract)
        return show(request, contract, form=form, obstacle=why_not, status=STALE if why_not else WRONG)
    try:
        open_dispute(contract=contract, by=request.user, reason=form.cleaned_data["reason"])
    except ContractError as refusal:
        status = refused(request, form, refusal)
        return show(request, contract, form=form, obstacle=refusal if status == STALE else None, status=status)
    messages.success(request, _("The dispute is open. The held money is frozen until it is decided."))
    return redirect("contracts:dispute", contract.pk)


def _offer(request: HttpRequest, contract: Contract) -> HttpResponse:
    if not has_role(contract, Action.OFFER_SPLIT):
        raise PermissionDenied
    if (standing := disputed(contract)) is None:
        raise Http404
    before = sent_before(request, SplitOffer.objects.filter(dispute__contract=contract))
    form = SplitForm(request.POST, at_stake=before.to_talent + before.to_client if before else standing.at_stake)
    if form.is_stale:
        return show(request, contract, split=form.anew(standing.at_stake), stale=HeldChanged(), status=STALE)
    if not form.is_valid() or "preview" in request.POST:
        return show(request, contract, split=form, status=200 if form.is_valid() else WRONG)
    return _send(request, standing, form, before.dispute if before else standing.dispute)


def _send(request: HttpRequest, standing: Disputed, form: SplitForm, about: Dispute) -> HttpResponse:
    contract, typed = standing.contract, form.cleaned_data
    try:
        hold_to(request, "offers")
        offer = offer_split(
            contract=contract, by=request.user, key=typed["key"], dispute=about, to_talent=typed["amount"],
            at_stake=typed["at_stake"], note=typed["note"],
        )  # fmt: skip
    except ContractError as refusal:
        status = refused(request, form, refusal)
        return show(request, contract, split=form, stale=refusal if status == STALE else None, status=status)
    text = (
        _("You offered this split. %(other)s can accept it at once.") if offer.is_open else _("You offered this split.")
    )
    messages.success(request, text % {"other": standing.other})
    return redirect("contracts:dispute", contract.pk)


def _decide(request: HttpRequest, contract: Contract) -> HttpResponse:
    form = DecisionForm(request.POST)
    if not has_role(contract, DECIDES[request.POST["decision"]]):
        raise PermissionDenied
    if not form.is_valid():
        return show(request, contract, decision=form, status=WRONG)
    try:
        said = CARRY_OUT[form.cleaned_data["decision"]](request, contract, form.cleaned_data)
    except ContractError as refusal:
        return show(request, contract, decision=form, stale=refusal, status=refused(request, form, refusal))
    messages.success(request, said)
    return redirect("contracts:dispute", contract.pk)


def _accept(request: HttpRequest, contract: Contract, typed: dict) -> str:
    settled = accept_split(
        contract=contract, by=request.user, offer=_split(contract, typed["about"]), to_talent=typed["to_talent"],
        to_client=typed["to_client"],
    )  # fmt: skip
    figures = {"paid": money(settled.paid), "back": money(settled.returned)}
    return _("Settled: %(paid)s to the talent, %(back)s back to the client.") % figures


def _take_back(request: HttpRequest, contract: Contract, typed: dict) -> str:
    withdraw_split(contract=contract, by=request.user, offer=_split(contract, typed["about"]))
    return _("Your offer is withdrawn.")


def _withdraw(request: HttpRequest, contract: Contract, typed: dict) -> str:
    about = get_object_or_404(contract.disputes, pk=typed["about"])
    withdraw_dispute(contract=contract, by=request.user, dispute=about)
    return _("The dispute is withdrawn. The contract goes on from where it was.")


def _split(contract: Contract, pk: UUID) -> SplitOffer:
    return get_object_or_404(SplitOffer, pk=pk, dispute__contract=contract)


CARRY_OUT: Mapping[str, Callable[[HttpRequest, Contract, dict], str]] = {
    ACCEPT: _accept,
    TAKE_BACK: _take_back,
    WITHDRAW: _withdraw,
}
