"""Activate and fund: the next milestone of a contract, paid from what is held first (B20, B21)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.forms.funding import FundingForm
from contracts.models import Contract, Milestone
from contracts.operations.funding import (
    CurrentFirst,
    NotNext,
    RequestInTheWay,
    StaleFunding,
    charge_for,
    fund_milestone,
)
from contracts.policy import Action, has_role
from contracts.reading.funding import NextFunding, open_charge
from contracts.reading.words import money
from contracts.refusals import ContractError, WrongState
from contracts.views.answers import STALE, WRONG, refused
from contracts.views.closed import closed_to
from contracts.views.room import visible_contract
from escrow.models import Payment
from escrow.operations.refusals import PaymentError


@require_http_methods(["GET", "HEAD", "POST"])
def fund(request: HttpRequest, contract_id: UUID, key: UUID) -> HttpResponse:
    """What activating this milestone comes to, and the button. Answers a page."""
    contract = visible_contract(request, contract_id)
    milestone = get_object_or_404(contract.milestones, pk=key)
    if not has_role(contract, Action.FUND):
        raise PermissionDenied
    funding = _figures(contract, milestone)
    if request.method == "POST":
        return _fund(request, FundingForm(request.POST, contract=contract, funding=funding))
    if under_way := open_charge(contract):
        return redirect("contracts:payment", contract.pk, under_way.pk)
    if obstacle := _obstacle(contract, milestone):
        return _answer(request, FundingForm(contract=contract, funding=funding), obstacle=obstacle, status=409)
    return _answer(request, FundingForm(contract=contract, funding=funding))


def _fund(request: HttpRequest, form: FundingForm) -> HttpResponse:
    if not form.is_valid():
        obstacle = _obstacle(form.contract, form.funding.milestone)
        return _answer(request, form.mended(), obstacle=obstacle, status=STALE if obstacle else WRONG)
    contract, milestone, shown = form.contract, form.funding.milestone, form.cleaned_data
    try:
        payment = fund_milestone(
            contract=contract, by=request.user, milestone=milestone, key=shown["key"], amount=shown["amount"],
            charge=shown["charge"], version=shown["version"], method=shown.get("method"),
        )  # fmt: skip
    except StaleFunding as refusal:
        return _answer(request, form.anew(_figures(contract, milestone)), stale=refusal, shown=shown, status=409)
    except WrongState as refusal:
        return _answer(request, form, obstacle=refusal, status=409)
    except (ContractError, PaymentError) as refusal:
        form = form.anew(_figures(contract, milestone))
        return _answer(request, form, status=refused(request, form, refusal))
    return _carry_on(request, form, payment)


def _carry_on(request: HttpRequest, form: FundingForm, payment: Payment | None) -> HttpResponse:
    """To the contract once it is funded, to the payment's page while that is open, or to the form once more."""
    contract, milestone = form.contract, form.funding.milestone
    if payment and payment.is_open:
        return redirect("contracts:payment", contract.pk, payment.pk)
    if payment and payment.failure:
        form = form.anew(_figures(contract, milestone))
        text = _("%(failure)s Nothing was charged; the milestone stays a future one and can still be edited.")
        form.add_error("method", text % {"failure": payment.failure})
        return _answer(request, form, status=422)
    messages.success(request, _what_was_done(milestone, payment))
    return redirect("contracts:room", contract.pk)


def _figures(contract: Contract, milestone: Milestone) -> NextFunding:
    with_money = Contract.objects.with_money().get(pk=contract.pk)
    return NextFunding(milestone, with_money.held, charge_for(with_money, milestone), with_money.plan_version)


def _obstacle(contract: Contract, milestone: Milestone) -> WrongState | None:
    """What stands in the way of activating this milestone now."""
    if closed := closed_to(contract, Action.FUND):
        return closed
    if contract.current:
        return CurrentFirst()
    milestones = list(contract.milestones.order_by("position"))
    if next((each for each in milestones if each.is_future), None) != milestone:
        return NotNext()
    pinned = frozenset(each.pk for each in milestones if not each.is_future)
    return RequestInTheWay() if contract.pending and contract.pending.stops(milestone.pk, pinned) else None


def _what_was_done(milestone: Milestone, payment: Payment | None) -> str:
    if not payment:
        return _("“%(title)s” is active. Nothing was charged: the money for it was held already.") % {
            "title": milestone.title
        }
    text = _("“%(title)s” is active. %(charged)s was charged to %(method)s.")
    return text % {"title": milestone.title, "charged": money(payment.amount), "method": payment.method}


def _answer(request: HttpRequest, form: FundingForm, status: int = 200, **said) -> HttpResponse:
    asked = form.contract.pending if isinstance(said.get("obstacle"), RequestInTheWay) else None
    context = {"contract": form.contract, "funding": form.funding, "form": form, "asked": asked, **said}
    return render(request, "contracts/fund.html", context, status=status)
