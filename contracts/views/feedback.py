"""Feedback: what each side of an ended contract says of the other, hidden until both can be read (B43)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.forms.feedback import FeedbackForm
from contracts.models import Contract
from contracts.operations.feedback import give_feedback
from contracts.policy import Action, has_role
from contracts.reading.feedback import feedback_on
from contracts.refusals import ContractError
from contracts.views.answers import WRONG, refused
from contracts.views.closed import closed_to
from contracts.views.room import visible_contract


@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """What was said, and the form while it can be given. Answers a page."""
    contract = visible_contract(request, contract_id)
    if request.method == "POST":
        return _give(request, contract, FeedbackForm(request.POST))
    return _answer(request, contract, FeedbackForm())


def _give(request: HttpRequest, contract: Contract, form: FeedbackForm) -> HttpResponse:
    if not has_role(contract, Action.GIVE_FEEDBACK):
        raise PermissionDenied
    if not form.is_valid():
        closed = closed_to(contract, Action.GIVE_FEEDBACK)
        return _answer(request, contract, form, status=refused(request, form, closed) if closed else WRONG)
    try:
        give_feedback(contract=contract, by=request.user, **form.cleaned_data)
    except ContractError as refusal:
        return _answer(request, contract, form, status=refused(request, form, refusal))
    messages.success(request, _("Your feedback is kept. Thank you."))
    return redirect("contracts:feedback", contract.pk)


def _answer(request: HttpRequest, contract: Contract, form: FeedbackForm, status: int = 200) -> HttpResponse:
    seen = feedback_on(contract, contract.now)
    return render(
        request, "contracts/feedback.html", {"contract": contract, "feedback": seen, "form": form}, status=status
    )
