"""What the page of a dispute shows: the dispute and how it can end, or the form that opens one (B44)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from contracts.forms.dispute import DecisionForm, DisputeForm, SplitForm
from contracts.models import Contract
from contracts.operations.disputes import check_dispute
from contracts.policy import Action, has_role
from contracts.reading.disputes import Disputed, disputed
from contracts.reading.ending import ending
from contracts.reading.evidence import evidence_for
from contracts.refusals import ContractError
from contracts.views.answers import STALE
from contracts.views.closed import closed_to


def show(request: HttpRequest, contract: Contract, status: int = 200, **said) -> HttpResponse:
    """The open dispute, and one that an answer came too late for; else the form to open one, where that is possible,
    and what came of the last one.
    """
    standing = disputed(contract)
    if standing and (standing.dispute.is_open or "split" in said or "decision" in said):
        return _show_dispute(request, standing, status, **said)
    why_not = obstacle(contract)
    if standing and "form" not in said and (why_not or not has_role(contract, Action.OPEN_DISPUTE)):
        return _show_dispute(request, standing, status, why_not=_for_those_who_would(contract, why_not), **said)
    return _show_opening(request, contract, status, why_not=why_not, last=standing, **said)


def _for_those_who_would(contract: Contract, why_not: ContractError | None) -> ContractError | None:
    """Why there is no new one, for whoever could open it on a contract that goes on."""
    return None if contract.is_closed or not has_role(contract, Action.OPEN_DISPUTE) else why_not


def _show_dispute(request: HttpRequest, standing: Disputed, status: int, **said) -> HttpResponse:
    split = said.pop("split", None) or SplitForm(at_stake=standing.at_stake)
    typed = split.cleaned_data.get("amount") if split.is_bound and split.is_valid() else None
    context = {
        "contract": standing.contract,
        "standing": standing,
        "split": split,
        "sums": None if typed is None else standing.typed(typed),
        "decision": DecisionForm(),
        "evidence": evidence_for(standing.contract, standing.dispute),
        **said,
    }
    return render(request, "contracts/dispute.html", context, status=status)


def _show_opening(
    request: HttpRequest, contract: Contract, status: int, *, why_not: ContractError | None, **said
) -> HttpResponse:
    if not has_role(contract, Action.OPEN_DISPUTE):
        raise PermissionDenied
    form = said.pop("form", None) or DisputeForm()
    if not form.is_bound and why_not:
        said, status = {**said, "obstacle": why_not}, STALE
    context = {"contract": contract, "form": form, "held": ending(contract).held, **said}
    return render(request, "contracts/dispute_opening.html", context, status=status)


def obstacle(contract: Contract) -> ContractError | None:
    """Why this side cannot open a dispute now."""
    try:
        check_dispute(contract)
    except ContractError as refusal:
        return closed_to(contract, Action.OPEN_DISPUTE) or refusal
    return closed_to(contract, Action.OPEN_DISPUTE)
