"""A refund request: what was asked for, until when it waits for whom, what each answer comes to (B24)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.forms.refund import ACCEPT, APPROVE, COUNTER, AnswerForm
from contracts.operations.settlement import accept_counter, approve_refund, counter_refund
from contracts.policy import Action, has_role, may, role_of
from contracts.reading.ending import Settling, settling
from contracts.reading.words import money
from contracts.refusals import ContractError
from contracts.views.answers import refused
from contracts.views.room import visible_contract

DECIDES = {APPROVE: Action.ANSWER_REFUND, COUNTER: Action.ANSWER_REFUND, ACCEPT: Action.ANSWER_COUNTER}


@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """How the refund request stands, and the answers to it for those whose turn it is. Answers a page."""
    contract = visible_contract(request, contract_id)
    standing = settling(contract)
    if standing is None:
        raise Http404
    if request.method == "POST":
        return _decide(request, standing, AnswerForm(request.POST, asked=standing.request.amount))
    return _answer(request, standing, AnswerForm(asked=standing.request.amount))


def _decide(request: HttpRequest, standing: Settling, form: AnswerForm) -> HttpResponse:
    if not any(has_role(standing.contract, action) for action in DECIDES.values()):
        raise PermissionDenied
    if not form.is_valid():
        return _answer(request, standing, form, status=422)
    if not has_role(standing.contract, DECIDES[form.cleaned_data["decision"]]):
        raise PermissionDenied
    if "preview" in request.POST:
        return _answer(request, standing, form)
    try:
        _carry_out(request, standing, form)
    except ContractError as refusal:
        return _answer(request, settling(standing.contract) or standing, form, status=refused(request, form, refusal))
    messages.success(request, _what_was_done(form, standing))
    return redirect("contracts:refund", standing.contract.pk)


def _carry_out(request: HttpRequest, standing: Settling, form: AnswerForm) -> None:
    typed, wish = form.cleaned_data, {"contract": standing.contract, "by": request.user, "request": standing.request}
    if typed["decision"] == COUNTER:
        counter_refund(**wish, amount=typed["amount"], answer=typed["answer"])
    elif typed["decision"] == APPROVE:
        approve_refund(**wish)
    else:
        accept_counter(**wish)


def _what_was_done(form: AnswerForm, standing: Settling) -> str:
    if form.cleaned_data["decision"] == COUNTER:
        return _("You offered to return %(back)s.") % {"back": money(form.cleaned_data["amount"])}
    return _("Settled: %(back)s goes back, and the contract has ended.") % {"back": money(standing.settled.back_in_all)}


def _answer(request: HttpRequest, standing: Settling, form: AnswerForm, status: int = 200) -> HttpResponse:
    contract, decision, until = standing.contract, form.data.get("decision"), standing.request.answer_by
    in_time = until is not None and contract.now < until
    typed = form.cleaned_data.get("amount") if decision == COUNTER and form.is_valid() else None
    context = {
        "contract": contract,
        "settling": standing,
        "form": form,
        "counter": None if typed is None else standing.countered(typed),
        "gave_up": standing.given_up_by(by_client=role_of(contract).is_client_side),
        "may_answer": in_time and standing.waits_for_talent and may(contract, Action.ANSWER_REFUND),
        "may_accept": in_time and standing.waits_for_client and may(contract, Action.ANSWER_COUNTER),
    }
    return render(request, "contracts/refund.html", context, status=status)
