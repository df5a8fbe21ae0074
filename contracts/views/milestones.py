"""Add new milestone: one milestone at the end of the plan, and the next one after it."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from contracts.forms.milestone import MilestoneForm
from contracts.models import Contract
from contracts.operations.plan import AddedBefore, add_milestone
from contracts.policy import Action, in_state
from contracts.refusals import ContractError, NotAllowed, WrongState
from contracts.views.editor import closed, editable_contract, saved

PAGE = "contracts/new_milestone.html"


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def new_milestone(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """The form for one milestone. Answers a page; to htmx the window, or after a post the form in it."""
    contract = editable_contract(request, contract_id)
    today = timezone.localdate(contract.now)
    if request.method == "POST":
        return _add(request, contract, MilestoneForm(request.POST, today=today))
    if not in_state(contract, Action.EDIT_PLAN):
        return closed(request, contract)
    return _answer(request, contract, MilestoneForm(today=today), part="window")


def _add(request: HttpRequest, contract: Contract, form: MilestoneForm) -> HttpResponse:
    if not form.is_valid():
        return _answer(request, contract, form, status=422)
    try:
        add_milestone(contract=contract, by=request.user, line=form.line, today=form.today)
    except NotAllowed:
        raise PermissionDenied from None
    except ContractError as refusal:
        form = form.with_new_key() if isinstance(refusal, AddedBefore) else form
        form.add_error(None, str(refusal))
        return _answer(request, contract, form, status=409 if isinstance(refusal, WrongState) else 422)
    text = _("“%(title)s” was added to the plan.") % {"title": form.line.title}
    if "another" in request.POST:
        return _next(request, contract, form.today, text)
    return saved(request, contract, text)


def _next(request: HttpRequest, contract: Contract, today: date, text: str) -> HttpResponse:
    """The form comes back empty and says what was added; the Overview behind it follows."""
    if not request.htmx:
        messages.success(request, text)
        return redirect("contracts:new_milestone", contract.pk)
    response = _answer(request, contract, MilestoneForm(today=today), added=text)
    response["HX-Trigger"] = "plan-saved"
    return response


def _answer(
    request: HttpRequest,
    contract: Contract,
    form: MilestoneForm,
    *,
    part: str = "form",
    status: int = 200,
    added: str = "",
) -> HttpResponse:
    is_page = not request.htmx or "page" in request.POST
    context = {"contract": contract, "form": form, "added": added, "is_page": is_page}
    return render(request, f"{PAGE}#{part}" if request.htmx else PAGE, context, status=status)
