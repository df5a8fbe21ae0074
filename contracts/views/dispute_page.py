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
    """The open dispute; else the form to open one, where that is possible; else what came of the last one."""
    standing = disputed(contract)
    if standing and (standing.dispute.is_open or _is_the_last_word(contract, said)):
        return _show_dispute(request, standing, status, **said)
    return _show_opening(request, contract, status, **said)


def _is_the_last_word(contract: Contract, said: dict) -> bool:
    """Whether the dispute that is over is what there is to show: nobody asks to open another, or none can be opened."""
    is_asked = "form" in said
    return not is_asked and (not has_role(contract, Action.OPEN_DISPUTE) or _obstacle(contract) is not None)


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


def _show_opening(request: HttpRequest, contract: Contract, status: int, **said) -> HttpResponse:
    if not has_role(contract, Action.OPEN_DISPUTE):
        raise PermissionDenied
    form = said.pop("form", None) or DisputeForm()
    if not form.is_bound and (obstacle := _obstacle(contract)):
        said, status = {"obstacle": obstacle}, STALE
    context = {"contract": contract, "form": form, "held": ending(contract).held, **said}
    return render(request, "contracts/dispute_opening.html", context, status=status)


def _obstacle(contract: Contract) -> ContractError | None:
    """Why this side cannot open a dispute now."""
    try:
        check_dispute(contract)
    except ContractError as refusal:
        return closed_to(contract, Action.OPEN_DISPUTE) or refusal
    return closed_to(contract, Action.OPEN_DISPUTE)
