"""End a contract: what of the held money is paid and what goes back, and what that means (B24)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.forms.ending import EndForm
from contracts.models import Contract
from contracts.operations.settlement import HeldChanged, end_as_client, end_as_talent, is_in_the_way
from contracts.policy import Action, has_role
from contracts.reading.ending import ending
from contracts.reading.funding import open_charge
from contracts.reading.words import money
from contracts.refusals import ContractError
from contracts.views.answers import STALE, WRONG, refused
from contracts.views.closed import closed_to
from contracts.views.room import visible_contract


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """What ending it comes to for each choice, and the button. Answers a page."""
    contract = visible_contract(request, contract_id)
    action = _action(contract)
    held, pays = ending(contract).held, action is Action.END_AS_CLIENT
    if request.method == "POST":
        return _end(request, contract, EndForm.posted(request.POST, held=held, pays=pays))
    form = EndForm(held=held, pays=pays)
    if closed := closed_to(contract, action):
        return _answer(request, contract, form, obstacle=closed, status=409)
    return _answer(request, contract, form)


def _action(contract: Contract) -> Action:
    """The viewer's own way of ending it; PermissionDenied when the role has none."""
    for action in (Action.END_AS_CLIENT, Action.END_AS_TALENT):
        if has_role(contract, action):
            return action
    raise PermissionDenied


def _end(request: HttpRequest, contract: Contract, form: EndForm) -> HttpResponse:
    if not form.is_valid():
        closed = closed_to(contract, _action(contract))
        return _answer(request, contract, form.mended(), obstacle=closed, status=STALE if closed else WRONG)
    if "preview" in request.POST:
        return _answer(request, contract, form)
    try:
        return _end_by_client(request, contract, form) if form.pays else _end_by_talent(request, contract, form)
    except HeldChanged as refusal:
        form, shown = form.anew(ending(contract).held), form.shown
        return _answer(request, contract, form, stale=refusal, shown=shown, status=409)
    except ContractError as refusal:
        status = refused(request, form, refusal)
        why = {"obstacle": refusal} if status == STALE else {}
        return _answer(request, contract, form, status=status, **why)


def _end_by_client(request: HttpRequest, contract: Contract, form: EndForm) -> HttpResponse:
    typed, sums = form.cleaned_data, ending(contract).divided(paid=form.pay)
    asked = end_as_client(
        contract=contract, by=request.user, key=typed["key"], pay=form.pay, held=form.shown, reason=typed["reason"]
    )
    if asked:
        text = _("You asked for %(back)s back. %(other)s has until the date below to answer.")
        messages.success(request, text % {"back": money(asked.amount), "other": contract.talent.name})
        return redirect("contracts:refund", contract.pk)
    text = _("The contract has ended. %(net)s goes to %(other)s.") if form.pay else _("The contract has ended.")
    messages.success(request, text % {"net": money(sums.net), "other": contract.talent.name})
    return redirect("contracts:room", contract.pk)


def _end_by_talent(request: HttpRequest, contract: Contract, form: EndForm) -> HttpResponse:
    end_as_talent(contract=contract, by=request.user, held=form.shown, reason=form.cleaned_data["reason"])
    text = _("The contract has ended. %(back)s goes back to %(other)s.") if form.shown else _("The contract has ended.")
    messages.success(request, text % {"back": money(form.shown), "other": contract.client.name})
    return redirect("contracts:room", contract.pk)


def _answer(request: HttpRequest, contract: Contract, form: EndForm, status: int = 200, **said) -> HttpResponse:
    standing = ending(contract)
    part = standing.divided(paid=form.pay, back=form.asked_back) if form.is_bound and form.is_valid() else None
    charge = open_charge(contract)
    under_way = charge if is_in_the_way(charge, _action(contract)) else None
    context = {"contract": contract, "ending": standing, "form": form, "part": part, "under_way": under_way,
               "late": charge if form.pays else None, **said}  # fmt: skip
    return render(request, "contracts/end.html", context, status=STALE if under_way else status)
