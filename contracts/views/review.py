"""Review: what was handed in, the release, the wish for changes, and what comes next (B22, B25, B31)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from contracts.forms.review import ReleaseForm
from contracts.forms.submission import ChangesForm
from contracts.models import Contract, Earning, Milestone, Submission
from contracts.operations.funding import charge_for
from contracts.operations.release import release
from contracts.operations.work import NewSubmission, NothingToReturn, request_changes
from contracts.policy import Action, has_role
from contracts.reading.funding import NextFunding
from contracts.reading.review import Review, review_of, what_next
from contracts.reading.words import money
from contracts.refusals import ContractError
from contracts.views.answers import WRONG, refused
from contracts.views.closed import closed_to
from contracts.views.room import allowed_contract, visible_contract


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, contract_id: UUID, key: UUID) -> HttpResponse:
    """What was handed in, and the release for those who may. Answers a page."""
    contract = visible_contract(request, contract_id)
    seen = review_of(contract, get_object_or_404(contract.milestones, pk=key))
    if request.method == "POST":
        return _release(request, ReleaseForm(request.POST, review=seen))
    return _answer(request, ReleaseForm(review=seen))


def _release(request: HttpRequest, form: ReleaseForm) -> HttpResponse:
    contract, milestone = form.review.contract, form.review.milestone
    if not has_role(contract, Action.RELEASE):
        raise PermissionDenied
    if not form.is_valid():
        closed = closed_to(contract, Action.RELEASE)
        return _answer(request, form, status=refused(request, form, closed) if closed else WRONG)
    amount = form.cleaned_data["amount"]
    if "preview" in request.POST:
        return _answer(request, form, sums=form.review.sums(amount))
    try:
        earning = release(contract=contract, by=request.user, milestone=milestone, amount=amount)
    except ContractError as refusal:
        return _answer(request, form, status=refused(request, form, refusal))
    messages.success(request, _what_was_released(milestone, earning, contract))
    return redirect("contracts:next", contract.pk)


def _what_was_released(milestone: Milestone, earning: Earning, contract: Contract) -> str:
    text = _("%(gross)s was released for “%(title)s”: %(net)s to %(talent)s, and %(fee)s service fee.")
    return text % {
        "gross": money(earning.gross), "title": milestone.title, "net": money(earning.net),
        "talent": contract.talent.name, "fee": money(earning.fee),
    }  # fmt: skip


def _answer(request: HttpRequest, form: ReleaseForm, status: int = 200, **said) -> HttpResponse:
    context = {"contract": form.review.contract, "review": form.review, "form": form, **said}
    return render(request, "contracts/review.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def changes_request(request: HttpRequest, contract_id: UUID, key: UUID) -> HttpResponse:
    """The form that asks for changes to the latest submission, begun with what was said elsewhere. Answers a page."""
    contract = allowed_contract(request, contract_id, Action.REQUEST_CHANGES)
    seen = review_of(contract, get_object_or_404(contract.milestones, pk=key))
    if request.method == "POST" and "begin" not in request.POST:
        return _request_changes(request, seen, ChangesForm(request.POST))
    begun = {"submission": seen.latest and seen.latest.number, "reason": request.POST.get("reason", "")}
    return _ask(request, seen, ChangesForm(initial=begun))


def _request_changes(request: HttpRequest, seen: Review, form: ChangesForm) -> HttpResponse:
    contract, milestone = seen.contract, seen.milestone
    if not form.is_valid():
        return _ask(request, seen, form, status=422)
    try:
        returned = request_changes(contract=contract, by=request.user, milestone=milestone, **form.cleaned_data)
    except NewSubmission as refusal:
        form = ChangesForm({"reason": form.data["reason"], "submission": seen.latest and seen.latest.number})
        return _ask(request, seen, form, status=refused(request, form, refusal))
    except ContractError as refusal:
        return _ask(request, seen, form, status=refused(request, form, refusal))
    _tell(request, seen, returned)
    return redirect("contracts:review", contract.pk, milestone.pk)


def _tell(request: HttpRequest, seen: Review, returned: Submission) -> None:
    """What came of it, by now: the same form may come again once new work is there."""
    if seen.latest and seen.latest.number > returned.number:
        messages.info(request, _("You asked for these changes before. New work was submitted since: look at it here."))
        return
    text = _("You asked for changes. Nothing is released by itself until %(talent)s has submitted again.")
    messages.success(request, text % {"talent": seen.contract.talent.name})


def _ask(request: HttpRequest, seen: Review, form: ChangesForm, status: int = 200) -> HttpResponse:
    obstacle = closed_to(seen.contract, Action.REQUEST_CHANGES) or (None if seen.waits else NothingToReturn())
    context = {"contract": seen.contract, "review": seen, "form": form, "obstacle": obstacle}
    return render(request, "contracts/changes_request.html", context, status=409 if obstacle else status)


@require_safe
def next_question(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """What comes next after a release (B25). Answers a page."""
    contract = allowed_contract(request, contract_id, Action.FUND)
    obstacle = closed_to(contract, Action.FUND)
    after = what_next(contract)
    context = {"contract": contract, "after": after, "funding": _funding(after.contract, after.future)}
    return render(request, "contracts/next.html", {**context, "obstacle": obstacle}, status=409 if obstacle else 200)


def _funding(contract: Contract, future: Milestone | None) -> NextFunding | None:
    if future is None:
        return None
    return NextFunding(future, contract.held, charge_for(contract, future), contract.plan_version)
