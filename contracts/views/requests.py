"""The page of a change request: to look at, accept all or part of (X4), decline, or take back."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contracts.forms.requests import DeclineRequestForm, ticked
from contracts.models import ChangeRequest
from contracts.operations.requests import accept_request, decline_request, withdraw_request
from contracts.policy import Action
from contracts.reading.requests import Asked, SeenRequest, what_became
from contracts.refusals import ContractError
from contracts.states import RequestStatus
from contracts.views.answers import refused
from contracts.views.desk import request_on
from contracts.views.room import allowed_contract, visible_contract

PAGE = "contracts/request.html"


@require_http_methods(["GET", "HEAD", "POST"])
def change_request(request: HttpRequest, contract_id: UUID, request_id: UUID) -> HttpResponse:
    """What is asked for, and the answer. Answers a page."""
    contract = visible_contract(request, contract_id)
    asked = Asked(contract, request_on(contract, request_id))
    if request.method != "POST":
        return _show(request, asked)
    named = next((name for name in ANSWERS if name in request.POST), "accept")
    return ANSWERS[named](request, asked)


@require_POST
def choice(request: HttpRequest, contract_id: UUID, request_id: UUID) -> HttpResponse:
    """What would come of the ticked lines. Answers the region `#outcome` to htmx, else the page."""
    contract = allowed_contract(request, contract_id, Action.REPLACE_REQUEST)
    asked = Asked(contract, request_on(contract, request_id))
    return _show(request, asked, ticks=ticked(request.POST.getlist("line")), part="outcome", is_looking=True)


@require_safe
def pending_request(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """To the page of the request that waits for an answer; to the contract when none does."""
    contract = visible_contract(request, contract_id)
    if contract.pending:
        return redirect(contract.pending.address)
    messages.info(request, _("No change request waits for an answer."))
    return redirect("contracts:room", contract.pk)


@require_safe
def banner(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """What every tab of the room says of a request that waits. Answers the region `#pending`."""
    contract = visible_contract(request, contract_id)
    return render(request, "contracts/_pending.html", {"contract": contract})


def _accept(request: HttpRequest, asked: Asked) -> HttpResponse:
    keys = ticked(request.POST.getlist("line"))
    return _answer(
        request, asked,
        lambda: accept_request(contract=asked.contract, by=request.user, request=asked.request, keys=keys),
        ticks=keys,
    )  # fmt: skip


def _decline(request: HttpRequest, asked: Asked) -> HttpResponse:
    form = DeclineRequestForm(request.POST)
    if not form.is_valid():
        return _show(request, asked, form=form, status=422)
    reason = form.cleaned_data["reason"]
    return _answer(
        request, asked,
        lambda: decline_request(contract=asked.contract, by=request.user, request=asked.request, reason=reason),
        form=form,
    )  # fmt: skip


def _withdraw(request: HttpRequest, asked: Asked) -> HttpResponse:
    return _answer(
        request, asked, lambda: withdraw_request(contract=asked.contract, by=request.user, request=asked.request)
    )


ANSWERS = {"accept": _accept, "decline": _decline, "withdraw": _withdraw}


def _answer(request: HttpRequest, asked: Asked, act: Callable[[], ChangeRequest], **shown) -> HttpResponse:
    """Do it and lead to the contract, or say on the page, as it is now, why it was not done."""
    try:
        done = act()
    except ContractError as refusal:
        status = refused(request, None, refusal)
        return _again(request, asked.contract.pk, asked.request.pk, status=status, **shown)
    messages.success(request, _what_was_done(done, asked))
    return redirect("contracts:room", asked.contract.pk)


def _again(request: HttpRequest, contract_id: UUID, request_id: UUID, **shown) -> HttpResponse:
    contract = visible_contract(request, contract_id)
    return _show(request, Asked(contract, request_on(contract, request_id)), **shown)


def _what_was_done(done: ChangeRequest, asked: Asked) -> str:
    texts = {
        RequestStatus.ACCEPTED: _("Change request accepted. This is the plan now, and %(other)s is told."),
        RequestStatus.PARTLY: _("Change request accepted in part. This is the plan now, and %(other)s is told."),
        RequestStatus.DECLINED: _("Change request declined. The plan stays as it was, and %(other)s is told."),
        RequestStatus.WITHDRAWN: _("Change request withdrawn. The plan stays as it was and can be changed again."),
    }
    return texts[RequestStatus(done.status)] % {"other": asked.other}


def _show(
    request: HttpRequest, asked: Asked, *, ticks: frozenset[UUID] | None = None, form: DeclineRequestForm | None = None,
    part: str = "", status: int = 200, is_looking: bool = False,
) -> HttpResponse:  # fmt: skip
    every = frozenset(row.line.key for row in asked.changes.changed)
    seen = SeenRequest(asked, every if ticks is None else ticks & every)
    context = {
        "contract": asked.contract, "asked": asked, "seen": seen, "form": form or DeclineRequestForm(),
        "became": what_became(asked.request, seen.versions), "is_looking": is_looking,
    }  # fmt: skip
    return render(request, f"{PAGE}#{part}" if part and request.htmx else PAGE, context, status=status)
