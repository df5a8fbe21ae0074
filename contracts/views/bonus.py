"""Bonus: the page on which the client pays something on top of what was agreed (B22, B24)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.forms.bonus import BonusForm
from contracts.models import Contract
from contracts.operations.bonus import BonusTooLate, pay_bonus
from contracts.plan import MAXIMUM_AMOUNT
from contracts.policy import Action
from contracts.reading.funding import seen_charge
from contracts.reading.words import money
from contracts.refusals import ContractError, KeyReused
from contracts.views.answers import refused
from contracts.views.closed import closed_to
from contracts.views.room import allowed_contract
from escrow import fees
from escrow.models import Payment
from escrow.operations.refusals import PaymentError


@require_http_methods(["GET", "HEAD", "POST"])
def bonus(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """The form, with what it comes to; a look shows it as it was typed, and pays nothing. Answers a page."""
    contract = allowed_contract(request, contract_id, Action.BONUS)
    if "look" in request.POST:
        return _answer(request, BonusForm(contract=contract, initial=request.POST.dict()))
    if request.method == "POST":
        return _pay(request, BonusForm(request.POST, contract=contract))
    return _answer(request, BonusForm(contract=contract, initial={"amount": request.GET.get("amount", "")[:20]}))


def _pay(request: HttpRequest, form: BonusForm) -> HttpResponse:
    if not form.is_valid():
        return _answer(request, form, status=422)
    if "preview" in request.POST:
        return _answer(request, form)
    try:
        payment = pay_bonus(contract=form.contract, by=request.user, **form.cleaned_data)
    except (PaymentError, ContractError) as refusal:
        form = form.anew() if isinstance(refusal, KeyReused) else form
        return _answer(request, form, status=refused(request, form, refusal))
    if payment.is_open:
        return redirect("contracts:payment", form.contract.pk, payment.pk)
    charge = seen_charge(payment)
    if charge.has_failed:
        return _failed(request, form.anew(), payment)
    if charge.pays:
        messages.success(request, _what_was_paid(form.contract, payment))
    else:
        messages.warning(request, charge.way_back)
    return redirect("contracts:room", form.contract.pk)


def _failed(request: HttpRequest, form: BonusForm, payment: Payment) -> HttpResponse:
    form.add_error("method", _("%(failure)s Nothing was charged.") % {"failure": payment.failure})
    return _answer(request, form, status=422)


def _what_was_paid(contract: Contract, payment: Payment) -> str:
    net = fees.share(payment.amount, contract.service_fee).net
    text = _("%(charged)s was charged to %(method)s: a bonus of which %(net)s goes to %(talent)s.")
    return text % {
        "charged": money(payment.amount), "method": payment.method, "net": money(net), "talent": contract.talent.name,
    }  # fmt: skip


def _answer(request: HttpRequest, form: BonusForm, status: int = 200) -> HttpResponse:
    contract = form.contract
    obstacle = closed_to(contract, Action.BONUS) or (BonusTooLate() if contract.is_bonus_late else None)
    amount = form.cleaned_data.get("amount") if form.is_bound else None
    context = {
        "contract": contract,
        "form": form,
        "obstacle": obstacle,
        "shares": fees.share(amount, contract.service_fee) if amount else None,
        "rate": int(contract.service_fee * 10_000),
        "most": int(MAXIMUM_AMOUNT * 100),
    }
    return render(request, "contracts/bonus.html", context, status=409 if obstacle else status)
