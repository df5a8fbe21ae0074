"""What a refused operation answers, one that was tried too often, and a form that was sent before. Knows no page."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from contracts.reading.cursors import read_key
from contracts.refusals import ContractError, NoMethod, NotAllowed, WrongState
from escrow.operations.refusals import PaymentError
from marketplace import limits

STALE, WRONG, OFTEN = 409, 422, 429


class TooOften(ContractError):
    """Its text says how long to wait."""


def sent_before[Made: Model](request: HttpRequest, made: QuerySet[Made]) -> Made | None:
    """Which of `made` this user made with the same form before: looked for before what holds now judges the form (I17).

    The operation then settles whether it is the same wish.
    """
    key = read_key(request.POST.get("key", ""))
    return made.filter(pk=key, by=request.user).first() if key else None


def hold_to(request: HttpRequest, limit: str, amount: int = 1) -> None:
    """Count one more try of the user's against a limit. Raises TooOften."""
    try:
        limits.hold_to(request, limit, amount)
    except limits.TooMany as refusal:
        raise TooOften(str(refusal)) from None


def refused(request: HttpRequest, form: forms.BaseForm | None, refusal: ContractError | PaymentError) -> int:
    """Put a refusal into the form, beside the payment method if it is about that; without a form it is a message.

    Answers the status: 409 when the contract's state says no, 422 when the input does, 429 when it was too often. A
    role that does not allow it is PermissionDenied.
    """
    if isinstance(refusal, NotAllowed):
        raise PermissionDenied
    if form is None:
        messages.error(request, str(refusal))
    else:
        about_method = isinstance(refusal, PaymentError | NoMethod) and "method" in form.fields
        form.add_error("method" if about_method else None, str(refusal))
    if isinstance(refusal, TooOften):
        return OFTEN
    return STALE if isinstance(refusal, WrongState) else WRONG
