"""A follow-on contract: a new offer to the same talent, with what was not paid of the plan copied (B3, B42)."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from contracts.forms.offer import NewOfferForm, untouched
from contracts.plan import Plan
from contracts.policy import Role, role_of
from contracts.reading.offers import unpaid_lines
from contracts.views.offers import Sending, send, start, today
from contracts.views.room import visible_contract


@require_http_methods(["GET", "HEAD", "POST"])
def follow_on(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """The offer that goes on from a contract, active or closed. Answers a page."""
    contract = visible_contract(request, contract_id)
    if role_of(contract) != Role.CLIENT:
        raise PermissionDenied
    sending = Sending(contract.client, contract.talent, today(), follows=contract)
    if request.method == "POST":
        return send(request, sending)
    plan = untouched(Plan(tuple(unpaid_lines(contract, sending.today))), today=sending.today)
    initial = {"title": contract.title, "terms": contract.terms, "job": contract.job}
    return start(request, sending, NewOfferForm(initial=initial, client=contract.client, plan=plan))
