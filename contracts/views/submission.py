"""Submit work: the page on which the talent hands in what it made for the current milestone (B30)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.file_types import FileRefused
from contracts.forms.submission import SubmissionForm
from contracts.models import Contract, Milestone
from contracts.operations.work import NotForSubmission, submit_work
from contracts.policy import Action
from contracts.reading.review import review_of
from contracts.refusals import ContractError, KeyReused
from contracts.views.answers import hold_to, refused
from contracts.views.closed import closed_to
from contracts.views.room import allowed_contract


@require_http_methods(["GET", "HEAD", "POST"])
def submission(request: HttpRequest, contract_id: UUID, key: UUID) -> HttpResponse:
    """The form, and what was submitted before. Answers a page."""
    contract = allowed_contract(request, contract_id, Action.SUBMIT)
    milestone = get_object_or_404(contract.milestones, pk=key)
    if request.method == "POST":
        return _submit(request, contract, milestone, SubmissionForm(request.POST, request.FILES))
    return _answer(request, contract, milestone, SubmissionForm())


def _submit(request: HttpRequest, contract: Contract, milestone: Milestone, form: SubmissionForm) -> HttpResponse:
    if not form.is_valid():
        return _answer(request, contract, milestone, form, status=422)
    try:
        hold_to(request, "uploads", len(form.cleaned_data["files"]))
        submit_work(contract=contract, by=request.user, milestone=milestone, **form.cleaned_data)
    except FileRefused as refusal:
        form.add_error("files", str(refusal))
        return _answer(request, contract, milestone, form, status=422)
    except ContractError as refusal:
        form = form.anew() if isinstance(refusal, KeyReused) else form
        return _answer(request, contract, milestone, form, status=refused(request, form, refusal))
    text = _("Your work was submitted. %(client)s has %(days)d days to review it.")
    messages.success(request, text % {"client": contract.client.name, "days": contract.review_days})
    return redirect("contracts:review", contract.pk, milestone.pk)


def _answer(
    request: HttpRequest, contract: Contract, milestone: Milestone, form: SubmissionForm, status: int = 200
) -> HttpResponse:
    review = review_of(contract, milestone)
    obstacle = closed_to(contract, Action.SUBMIT) or (None if review.takes_work else NotForSubmission())
    context = {"contract": contract, "review": review, "form": form, "obstacle": obstacle}
    return render(request, "contracts/submission.html", context, status=409 if obstacle else status)
