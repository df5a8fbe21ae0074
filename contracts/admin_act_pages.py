"""The pages on which staff act: what an act would do, to the cent, before its one button; and a second person's answer.

Each page says what the operation would do by asking it. Who may, the operation says as well.
"""

import uuid
from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.forms.staff import ActForm, ReasonForm, SplitForm
from contracts.models import ActKind, Contract, Dispute, StaffAct
from contracts.operations.staff.acts import approve_act, foresee, refuse_act, request_act
from contracts.operations.staff.effects import Effect
from contracts.policy import acts_as_staff
from contracts.reading.staff_acts import WORDS, page_of, target_of
from contracts.refusals import ContractError
from contracts.views.answers import STALE, refused
from marketplace.models import User
from marketplace.operations import PeopleError

REFUSALS = (ContractError, PeopleError)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str, target_id: str) -> HttpResponse:
    """What this act would move now, and its button. Deciding a dispute asks first how much the talent gets."""
    target = target_of(kind, target_id) if kind in ActKind.values else None
    if target is None:
        raise Http404
    if not acts_as_staff(request.user, ActKind(kind), target if isinstance(target, User) else None):
        raise PermissionDenied
    page = {"kind": kind, "target": target, "split": _split(request, target)}
    if page["split"] and not page["split"].is_valid():
        return _show(request, page, status=422 if page["split"].is_bound else 200)
    amount = page["split"].cleaned_data["to_talent"] if page["split"] else None
    form = ActForm(request.POST) if request.method == "POST" else None
    if form is None or not form.is_valid():
        return _foreseen(request, page, amount, form, status=422 if form else 200)
    return _request(request, page, amount, form)


@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """A second person reads what it moves, and who asked for it and why; then does it."""
    act = _waiting(request, act_id)
    form = forms.Form(request.POST or None)
    return _answer(request, act, form, "approve", lambda: approve_act(act=act, by=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """Whoever refuses says why."""
    act, form = _waiting(request, act_id), ReasonForm(request.POST if request.method == "POST" else None)
    return _answer(
        request, act, form, "refuse",
        lambda: refuse_act(act=act, by=request.user, refusal=form.cleaned_data["reason"]),
    )  # fmt: skip


def _split(request: HttpRequest, target: models.Model) -> SplitForm | None:
    """How a dispute is to be divided, as it was typed or shown; one that is over, as it was when its form was sent."""
    if not isinstance(target, Dispute):
        return None
    held = Contract.objects.with_money().get(pk=target.contract_id).held
    divided = (target.paid or Decimal(0)) + (target.returned or Decimal(0))
    typed = request.POST if request.method == "POST" else request.GET or None
    return SplitForm(typed, at_stake=target.at_stake(held) if target.is_open else divided)


def _foreseen(
    request: HttpRequest, page: dict, amount: Decimal | None, form: ActForm | None, *, status: int
) -> HttpResponse:
    """The page with what the act would move now. Where it cannot be done, that instead of a button."""
    try:
        effect = foresee(kind=ActKind(page["kind"]), target=page["target"], by=request.user, to_talent=amount)
    except REFUSALS as obstacle:
        return _show(request, {**page, "obstacle": obstacle}, status=STALE if form else 200)
    if form is None:
        form = ActForm(initial={"key": uuid.uuid4(), "shown": effect.mark})
    return _show(request, {**page, "effect": effect, "form": form, "amount": amount}, status=status)


def _request(request: HttpRequest, page: dict, amount: Decimal | None, form: ActForm) -> HttpResponse:
    try:
        act = request_act(
            kind=ActKind(page["kind"]), target=page["target"], by=request.user, to_talent=amount, **form.cleaned_data
        )
    except REFUSALS as refusal:
        status = _refused(request, form, refusal)
        form.data = {**form.data.dict(), "key": uuid.uuid4(), "shown": _mark(request, page, amount)}
        return _foreseen(request, page, amount, form, status=status)
    messages.success(request, _("It waits for a second person of finance.") if act.waits else _("It is done."))
    return redirect(page_of(act))


def _mark(request: HttpRequest, page: dict, amount: Decimal | None) -> str:
    """That of what the page shows next, which is what the button then stands for."""
    try:
        return foresee(kind=ActKind(page["kind"]), target=page["target"], by=request.user, to_talent=amount).mark
    except REFUSALS:
        return Effect().mark


def _answer(
    request: HttpRequest, act: StaffAct, form: forms.Form, answer: str, do: Callable[[], StaffAct]
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() or answer == "approve":
            try:
                do()
            except REFUSALS as refusal:
                status = _refused(request, form if form.is_bound else None, refusal)
            else:
                messages.success(request, _("It is done.") if answer == "approve" else _("It is refused."))
                return redirect(page_of(act))
    page = {"act": act, "kind": act.kind, "target": act.target, "form": form, "answer": answer}
    return _show(request, page, status=status, template="admin/acts/answer.html")


def _waiting(request: HttpRequest, act_id: UUID) -> StaffAct:
    act = get_object_or_404(StaffAct.objects.select_related("requested_by"), pk=act_id)
    if not acts_as_staff(request.user, ActKind(act.kind)):
        raise PermissionDenied
    return act


def _refused(request: HttpRequest, form: forms.Form | None, refusal: Exception) -> int:
    if isinstance(refusal, ContractError):
        return refused(request, form, refusal)
    if form is not None:
        form.add_error(None, str(refusal))
    return STALE


def _show(
    request: HttpRequest, page: dict, *, status: int = 200, template: str = "admin/acts/new.html"
) -> HttpResponse:
    words, target = WORDS[page["kind"]], page["target"]
    context = {
        **admin.site.each_context(request), **page, "title": words.button, "words": words, "back": page_of(target),
        "opts": StaffAct._meta, "limit": StaffAct.limit_now(),
    }  # fmt: skip
    return render(request, template, context, status=status)
