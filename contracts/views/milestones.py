"""Add new milestone, and the next one after it; for the talent, Propose a milestone, which asks for one (B12)."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from contracts.forms.milestone import MilestoneForm
from contracts.forms.requests import ProposalForm
from contracts.operations.plan import AddedBefore, PlanMoved, add_milestone, plan_of_revision
from contracts.operations.requests import send_request
from contracts.plan import Plan
from contracts.refusals import ContractError, KeyReused
from contracts.views.answers import STALE, WRONG, refused
from contracts.views.closed import closed_to
from contracts.views.desk import Desk, desk_on
from contracts.views.editor import closed, saved
from marketplace.models import User

PAGE = "contracts/new_milestone.html"


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def new_milestone(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """The form for one milestone. Answers a page; to htmx the window, or after a post the form in it."""
    desk = desk_on(request, contract_id)
    today = timezone.localdate(desk.contract.now)
    if request.method == "POST":
        kind = ProposalForm if desk.sends else MilestoneForm
        return _add(request, desk, kind(request.POST, today=today))
    if not desk.is_open:
        return closed(request, desk)
    return _answer(request, desk, _blank(desk, today), part="window")


def _blank(desk: Desk, today: date) -> MilestoneForm:
    if desk.sends:
        return ProposalForm.blank(today=today, revision=desk.contract.plan_version)
    return MilestoneForm(today=today)


def _add(request: HttpRequest, desk: Desk, form: MilestoneForm) -> HttpResponse:
    if not form.is_valid():
        closed = closed_to(desk.contract, desk.action)
        return _answer(request, desk, form, status=refused(request, form, closed) if closed else WRONG)
    try:
        text = _do(desk, form, request.user)
    except PlanMoved as refusal:
        form = form.on_revision(desk.contract.plan_version)
        form.add_error(None, str(refusal))
        return _answer(request, desk, form, status=STALE)
    except ContractError as refusal:
        form = form.with_new_key() if isinstance(refusal, AddedBefore | KeyReused) else form
        return _answer(request, desk, form, status=refused(request, form, refusal))
    if "another" in request.POST and not desk.sends:
        return _next(request, desk, form.today, text)
    return saved(request, desk.contract, text)


def _do(desk: Desk, form: MilestoneForm, by: User) -> str:
    """Add the milestone, or ask for it; what there is to say of it. Its key is the request's as well."""
    if not isinstance(form, ProposalForm):
        add_milestone(contract=desk.contract, by=by, line=form.line, today=form.today)
        return _("“%(title)s” was added to the plan.") % {"title": form.line.title}
    base = form.cleaned_data["revision"]
    lines = (line for line in plan_of_revision(desk.contract, base) if line.key != form.line.key)
    send_request(
        contract=desk.contract, by=by, key=form.line.key, base=base, mine=Plan((*lines, form.line)), today=form.today,
        note=form.cleaned_data["note"],
    )  # fmt: skip
    return desk.sent


def _next(request: HttpRequest, desk: Desk, today: date, text: str) -> HttpResponse:
    """The form comes back empty and says what was added; the Overview behind it follows."""
    if not request.htmx:
        messages.success(request, text)
        return redirect("contracts:new_milestone", desk.contract.pk)
    response = _answer(request, desk, MilestoneForm(today=today), added=text)
    response["HX-Trigger"] = "plan-saved"
    return response


def _answer(
    request: HttpRequest,
    desk: Desk,
    form: MilestoneForm,
    *,
    part: str = "form",
    status: int = 200,
    added: str = "",
) -> HttpResponse:
    is_page = not request.htmx or "page" in request.POST
    context = {"contract": desk.contract, "desk": desk, "form": form, "added": added, "is_page": is_page}
    return render(request, f"{PAGE}#{part}" if request.htmx else PAGE, context, status=status)
