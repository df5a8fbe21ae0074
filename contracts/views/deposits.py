"""The deposit of an offer: what came of charging it, paying it again, and withdrawing the offer (B40)."""

import uuid
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.forms.offer import DepositForm
from contracts.models import Contract
from contracts.operations.offers import pay_deposit, withdraw_offer
from contracts.policy import Action
from contracts.reading.funding import SeenCharge, charges, seen_charge
from contracts.reading.offers import Deposit
from contracts.reading.words import money
from contracts.refusals import ContractError, NotAllowed
from contracts.states import ContractStatus
from contracts.views.answers import refused, sent_before
from contracts.views.closed import closed_to
from contracts.views.room import allowed_contract, visible_contract
from escrow.models import OPEN, Payment
from escrow.operations.refusals import PaymentError


@require_http_methods(["GET", "HEAD", "POST"])
def deposit(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """What is still to be paid for an offer, and what to pay it with. Answers a page."""
    contract = allowed_contract(request, contract_id, Action.EDIT_OFFER)
    if request.method == "POST" and sent_before(request, contract.fundings.filter(milestone=None)):
        return _pay(request, contract, is_again=True)
    if closed := closed_to(contract, Action.EDIT_OFFER):
        return too_late(request, contract, closed)
    if request.method == "POST":
        return _pay(request, contract)
    if under_way := charges(contract).filter(scope=contract.pk, status__in=OPEN).first():
        return redirect("contracts:payment", contract.pk, under_way.pk)
    return _answer(request, contract, DepositForm(client=contract.client))


@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal_of_offer(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """What comes back when the client withdraws an offer, and the button. Answers a page."""
    contract = allowed_contract(request, contract_id, Action.WITHDRAW_OFFER)
    if request.method == "POST":
        return _withdraw(request, contract)
    if closed := closed_to(contract, Action.WITHDRAW_OFFER):
        return too_late(request, contract, closed)
    back = contract.held + contract.fee_held
    return render(request, "contracts/withdraw_offer.html", {"contract": contract, "back": back})


def too_late(request: HttpRequest, contract: Contract, why: ContractError) -> HttpResponse:
    """Why an offer's page has nothing to do any more, with 409."""
    return render(request, "contracts/offer_closed.html", {"contract": contract, "why": why}, status=409)


def paid(request: HttpRequest, contract_id: UUID, payment: Payment | None, done: str) -> HttpResponse:
    """Where a client goes on whose offer was charged: to the room, to the open payment, or to pay in another way.

    An offer that was closed before any charge for it succeeded was never sent: that is said, and nothing was done.
    """
    if payment and payment.is_open:
        return redirect("contracts:payment", contract_id, payment.pk)
    contract, charge = visible_contract(request, contract_id), seen_charge(payment) if payment else None
    is_open = contract.status == ContractStatus.OFFERED
    if charge and charge.has_failed and is_open and not contract.answer_by:
        return _declined(request, contract, charge.payment)
    if charge and charge.has_failed and contract.sent_at is None:
        return too_late(request, contract, closed_to(contract, Action.EDIT_OFFER))
    if charge and not (charge.has_failed or charge.pays):
        messages.warning(request, charge.way_back)
    elif not is_open:
        messages.info(request, _over(charge))
    else:
        messages.success(request, _sent(charge, done))
    return redirect("contracts:room", contract_id)


def _over(charge: SeenCharge | None) -> str:
    """What is true of a form that comes when its offer is not open any more, whatever became of that."""
    over = _("The offer is not open any more: it was answered, withdrawn or ran out of time meanwhile.")
    return f"{_charged(charge)} {over}" if charge and charge.pays else over


def _sent(charge: SeenCharge | None, done: str) -> str:
    """What was done, and what was charged for it; a card that failed was replaced by another one since."""
    if charge and charge.has_failed:
        return _("The offer is open for an answer.")
    return f"{done} {_charged(charge, is_held=charge.left == charge.payment.amount)}" if charge else done


def _charged(charge: SeenCharge, *, is_held: bool = False) -> str:
    text = _("%(amount)s was charged to %(method)s.")
    if is_held:
        text = _("%(amount)s was charged to %(method)s and is held until the offer is answered.")
    return text % {"amount": money(charge.payment.amount), "method": charge.payment.method}


def _withdraw(request: HttpRequest, contract: Contract) -> HttpResponse:
    try:
        withdraw_offer(contract=contract, by=request.user)
    except NotAllowed:
        raise PermissionDenied from None
    except ContractError as refusal:
        return too_late(request, contract, refusal)
    done = _("The offer was withdrawn. %(back)s goes back to you.")
    messages.success(request, done % {"back": money(contract.held + contract.fee_held)})
    return redirect("contracts:room", contract.pk)


def _pay(request: HttpRequest, contract: Contract, *, is_again: bool = False) -> HttpResponse:
    """`is_again`: the key is known, and so whatever else stands in the form is not judged any more."""
    form = DepositForm(request.POST, client=contract.client)
    if not form.is_valid() and not is_again:
        return _answer(request, contract, form, status=422)
    typed = form.cleaned_data
    try:
        payment = pay_deposit(contract=contract, by=request.user, key=typed["key"], method=typed.get("method"))
    except (ContractError, PaymentError) as refusal:
        return _answer(request, contract, form, status=refused(request, form, refusal))
    return paid(request, contract.pk, payment, _("The offer is open for an answer."))


def _declined(request: HttpRequest, contract: Contract, payment: Payment) -> HttpResponse:
    """The offer is kept, and nothing was charged: the form to pay with something else, with a key of its own."""
    form = DepositForm({"key": uuid.uuid4(), "method": payment.method_id}, client=contract.client)
    form.add_error("method", payment.failure)
    return _answer(request, contract, form, status=422)


def _answer(request: HttpRequest, contract: Contract, form: DepositForm, status: int = 200) -> HttpResponse:
    context = {"contract": contract, "form": form, "deposit": Deposit.for_change(contract, contract.plan())}
    return render(request, "contracts/deposit.html", context, status=status)
