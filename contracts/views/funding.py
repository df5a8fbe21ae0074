"""Activate and fund: the next milestone of a contract, paid from what is held first (B20, B21)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.forms.funding import FundingForm
from contracts.forms.paying import has_damage
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
from contracts.reading.funding import NextFunding, SeenCharge, open_charge, seen_charge
from contracts.reading.words import money
from contracts.refusals import ContractError, WrongState
from contracts.states import CURRENT
from contracts.views.answers import STALE, WRONG, refused, sent_before
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
    contract, milestone = form.contract, form.funding.milestone
    if not form.is_valid() and (has_damage(form) or not sent_before(request, contract.fundings.all())):
        obstacle = _obstacle(contract, milestone)
        return _answer(request, form.mended(), obstacle=obstacle, status=STALE if obstacle else WRONG)
    shown = form.cleaned_data
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
    charge = seen_charge(payment) if payment else None
    if charge and charge.has_failed and charge.milestone and charge.milestone.is_future:
        form = form.anew(_figures(contract, milestone))
        text = _("%(failure)s Nothing was charged; the milestone stays a future one and can still be edited.")
        form.add_error("method", text % {"failure": charge.payment.failure})
        return _answer(request, form, status=422)
    _tell(request, milestone, charge)
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


def _tell(request: HttpRequest, milestone: Milestone, charge: SeenCharge | None) -> None:
    """What came of it, by now: the same form may come again long afterwards."""
    if charge and charge.has_failed:
        messages.warning(request, _("%(failure)s Nothing was charged.") % {"failure": charge.payment.failure})
    elif charge and not charge.pays:
        messages.warning(request, charge.way_back)
    else:
        messages.success(request, _what_was_done(milestone, charge))


def _what_was_done(milestone: Milestone, charge: SeenCharge | None) -> str:
    is_current = Milestone.objects.filter(pk=milestone.pk, status__in=CURRENT)
    is_active = charge.is_active if charge else is_current.exists()
    what = _("“%(title)s” is active.") if is_active else _("“%(title)s” was activated, and is not active any more.")
    paid = _("Nothing was charged: the money for it was held already.")
    if charge:
        figures = {"charged": money(charge.payment.amount), "method": charge.payment.method}
        paid = _("%(charged)s was charged to %(method)s.") % figures
    return f"{what % {'title': milestone.title}} {paid}"


def _answer(request: HttpRequest, form: FundingForm, status: int = 200, **said) -> HttpResponse:
    asked = form.contract.pending if isinstance(said.get("obstacle"), RequestInTheWay) else None
    context = {"contract": form.contract, "funding": form.funding, "form": form, "asked": asked, **said}
    return render(request, "contracts/fund.html", context, status=status)
