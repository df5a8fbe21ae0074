"""A proposed contract: the client's answer to it, and the talent's second thoughts (B41)."""

import uuid
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.forms.offer import DepositForm
from contracts.forms.proposal import DeclineProposalForm
from contracts.models import Contract
from contracts.operations.proposals import accept_proposal, decline_proposal, withdraw_proposal
from contracts.plan import Plan
from contracts.policy import Action
from contracts.reading.funding import SeenCharge, open_charge, seen_charge
from contracts.reading.offers import Deposit, Offered
from contracts.reading.words import money
from contracts.refusals import ContractError, NotAllowed
from contracts.views.answers import refused
from contracts.views.closed import closed_to
from contracts.views.deposits import too_late
from contracts.views.room import allowed_contract, visible_contract
from escrow.models import Payment
from escrow.operations.refusals import PaymentError


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """What is proposed, what accepting it charges, and the answers. Answers a page; one that comes too late, 409."""
    contract = allowed_contract(request, contract_id, Action.ANSWER_PROPOSAL)
    if request.method == "POST":
        return _decline(request, contract) if "decline" in request.POST else _accept(request, contract)
    if contract.is_proposed and (under_way := open_charge(contract)):
        return redirect("contracts:payment", contract.pk, under_way.pk)
    return _page(request, contract)


@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal_of_proposal(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Whether the talent takes it back, and the button. Answers a page."""
    contract = allowed_contract(request, contract_id, Action.WITHDRAW_PROPOSAL)
    if request.method == "POST":
        return _withdraw(request, contract)
    if closed := closed_to(contract, Action.WITHDRAW_PROPOSAL):
        return too_late(request, contract, closed)
    return render(request, "contracts/withdraw_proposal.html", {"contract": contract})


def _accept(request: HttpRequest, contract: Contract) -> HttpResponse:
    form = DepositForm(request.POST, client=contract.client)
    if not form.is_valid():
        return _page(request, contract, form=form, status=422)
    try:
        payment = accept_proposal(contract=contract, by=request.user, **form.cleaned_data)
    except (ContractError, PaymentError) as refusal:
        status = refused(request, form, refusal)
        return _page(request, visible_contract(request, contract.pk), form=form, status=status)
    return _carry_on(request, contract, payment)


def _carry_on(request: HttpRequest, contract: Contract, payment: Payment) -> HttpResponse:
    """To the contract once it is active, to the payment's page while that is open, or to the form once more."""
    if payment.is_open:
        return redirect("contracts:payment", contract.pk, payment.pk)
    charge = seen_charge(payment)
    if charge.has_failed:
        form = DepositForm({"key": uuid.uuid4(), "method": payment.method_id}, client=contract.client)
        text = _("%(failure)s Nothing was charged, and nothing is accepted yet.")
        form.add_error("method", text % {"failure": payment.failure})
        return _page(request, visible_contract(request, contract.pk), form=form, status=422)
    if charge.pays:
        messages.success(request, _what_was_accepted(charge))
    else:
        messages.warning(request, charge.way_back)
    return redirect("contracts:room", contract.pk)


def _what_was_accepted(charge: SeenCharge) -> str:
    text = _("You accepted it. %(amount)s was charged to %(method)s.")
    if charge.is_active:
        text = _("You accepted it. %(amount)s was charged to %(method)s, and the first milestone is active.")
    return text % {"amount": money(charge.payment.amount), "method": charge.payment.method}


def _decline(request: HttpRequest, contract: Contract) -> HttpResponse:
    form = DeclineProposalForm(request.POST)
    if not form.is_valid():
        return _page(request, contract, decline=form, status=422)
    try:
        decline_proposal(contract=contract, by=request.user, reason=form.cleaned_data["reason"])
    except ContractError as refusal:
        status = refused(request, form, refusal)
        return _page(request, visible_contract(request, contract.pk), decline=form, status=status)
    messages.success(request, _("You declined the proposed contract. Nothing was charged."))
    return redirect("contracts:room", contract.pk)


def _withdraw(request: HttpRequest, contract: Contract) -> HttpResponse:
    try:
        withdraw_proposal(contract=contract, by=request.user)
    except NotAllowed:
        raise PermissionDenied from None
    except ContractError as refusal:
        return too_late(request, contract, refusal)
    messages.success(request, _("You withdrew the proposed contract."))
    return redirect("contracts:room", contract.pk)


def _page(request: HttpRequest, contract: Contract, *, status: int = 200, **said) -> HttpResponse:
    if closed := closed_to(contract, Action.ANSWER_PROPOSAL):
        return too_late(request, contract, closed)
    offered = Offered(contract)
    context = {
        "contract": contract,
        "offered": offered,
        "deposit": Deposit.for_change(contract, Plan(tuple(each.line for each in offered.lines))),
        "form": DepositForm(client=contract.client),
        "decline": DeclineProposalForm(),
        "is_proposal": True,
        **said,
    }
    return render(request, "contracts/proposal.html", context, status=status)
