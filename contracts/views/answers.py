"""What a refused operation answers. Knows the refusals, and no page."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from contracts.refusals import ContractError, NoMethod, NotAllowed, WrongState
from escrow.operations.refusals import PaymentError

STALE, WRONG = 409, 422


def refused(request: HttpRequest, form: forms.BaseForm | None, refusal: ContractError | PaymentError) -> int:
    """Put a refusal into the form, beside the payment method if it is about that; without a form it is a message.

    Answers the status: 409 when the contract's state says no, 422 when the input does. A role that does not allow it is
    PermissionDenied.
    """
    if isinstance(refusal, NotAllowed):
        raise PermissionDenied
    if form is None:
        messages.error(request, str(refusal))
    else:
        about_method = isinstance(refusal, PaymentError | NoMethod) and "method" in form.fields
        form.add_error("method" if about_method else None, str(refusal))
    return STALE if isinstance(refusal, WrongState) else WRONG
