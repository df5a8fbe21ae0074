"""Money back on a live contract: the client asks and may withdraw, the talent agrees or declines (B24)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.forms.money_back import AGREE, ASK, DECLINE, WITHDRAW, AskForm, DecisionForm
from contracts.models import Contract, RefundRequest
from contracts.operations.money_back import (
    agree_to_money_back,
    ask_money_back,
    decline_money_back,
    withdraw_money_back,
)
from contracts.operations.settlement import HeldChanged
from contracts.policy import Action, has_role
from contracts.reading.money_back import MoneyBack, money_back
from contracts.reading.words import money
from contracts.refusals import ContractError
from contracts.states import RefundStatus
from contracts.views.answers import STALE, refused, sent_before
from contracts.views.closed import closed_to
from contracts.views.room import visible_contract

DECIDES = {
    WITHDRAW: Action.ASK_MONEY_BACK, AGREE: Action.ANSWER_MONEY_BACK, DECLINE: Action.ANSWER_MONEY_BACK,
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def money_back_page(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """The request and what can be done about it, or the form that asks. Answers a page."""
    contract = visible_contract(request, contract_id)
    standing = money_back(contract)
    if request.method != "POST":
        return _answer(request, standing)
    if request.POST.get("decision") == ASK:
        return _ask(request, contract, AskForm(request.POST, standing=standing))
    return _decide(request, standing, DecisionForm(request.POST))


def _ask(request: HttpRequest, contract: Contract, form: AskForm) -> HttpResponse:
    if not has_role(contract, Action.ASK_MONEY_BACK):
        raise PermissionDenied
    before = sent_before(request, contract.refund_requests.filter(ends=False))
    if before and form.repeats(before):
        return _tell(request, before)
    if not form.is_valid():
        return _changed(request, form) if form.is_stale else _answer(request, form.standing, form=form, status=422)
    typed = form.cleaned_data
    try:
        asked = ask_money_back(
            contract=contract, by=request.user, key=typed["key"], amount=form.asked, held=typed["held"],
            reason=typed["reason"],
        )  # fmt: skip
    except HeldChanged:
        return _changed(request, form)
    except ContractError as refusal:
        status = refused(request, form, refusal)
        return _answer(request, money_back(contract), form=form, obstacle=refusal, status=status)
    return _tell(request, asked)


def _tell(request: HttpRequest, asked: RefundRequest) -> HttpResponse:
    """To the page of the request; it says how it ended if the same form comes again after that."""
    text = _("You asked for %(amount)s back.")
    if asked.status == RefundStatus.PENDING:
        text = _("You asked for %(amount)s back. %(talent)s decides; until then everything goes on.")
    messages.success(request, text % {"amount": money(asked.amount), "talent": asked.contract.talent.name})
    return redirect("contracts:money_back", asked.contract_id)


def _changed(request: HttpRequest, form: AskForm) -> HttpResponse:
    standing = money_back(form.standing.contract)
    return _answer(request, standing, form=form.anew(standing), stale=HeldChanged(), shown=form.shown, status=STALE)


def _decide(request: HttpRequest, standing: MoneyBack, form: DecisionForm) -> HttpResponse:
    contract = standing.contract
    if not any(has_role(contract, action) for action in DECIDES.values()):
        raise PermissionDenied
    if not form.is_valid():
        return _answer(request, standing, decision=form, status=422)
    if not has_role(contract, DECIDES[form.cleaned_data["decision"]]):
        raise PermissionDenied
    asked = get_object_or_404(contract.refund_requests, ends=False, pk=form.cleaned_data["request"])
    try:
        said = _carry_out(request, contract, asked, form)
    except ContractError as refusal:
        return _answer(request, money_back(contract), decision=form, status=refused(request, form, refusal))
    messages.success(request, said)
    return redirect("contracts:money_back", contract.pk)


def _carry_out(request: HttpRequest, contract: Contract, asked: RefundRequest, form: DecisionForm) -> str:
    typed, wish = form.cleaned_data, {"contract": contract, "by": request.user, "request": asked}
    if typed["decision"] == WITHDRAW:
        withdraw_money_back(**wish)
        return _("You no longer ask for %(amount)s back.") % {"amount": money(asked.amount)}
    if typed["decision"] == DECLINE:
        decline_money_back(**wish, answer=typed["answer"])
        return _("You declined. The money stays where it is.")
    given = agree_to_money_back(**wish, amount=typed["amount"])
    text = _("%(amount)s goes back to %(client)s. The contract goes on.")
    return text % {"amount": money(given.returned), "client": contract.client.name}


def _answer(request: HttpRequest, standing: MoneyBack, status: int = 200, **said) -> HttpResponse:
    contract, is_asker = standing.contract, has_role(standing.contract, Action.ASK_MONEY_BACK)
    if not (standing.request or is_asker):
        raise PermissionDenied
    obstacle = said.get("obstacle") or (closed_to(contract, Action.ASK_MONEY_BACK) if is_asker else None)
    if obstacle and not standing.request:
        status = STALE  # whatever was typed: the state says no before the form does
    form = said.get("form") or AskForm(standing=standing)
    decision = said.get("decision") or DecisionForm()
    context = {
        "contract": contract, "standing": standing, **said, "form": form, "decision": decision, "obstacle": obstacle,
    }  # fmt: skip
    return render(request, "contracts/money_back.html", context, status=status)
