"""The contract room: who may enter it, its Overview and its Terms. Loading a contract is the permission to see it."""

from collections.abc import Hashable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from contracts.models import Contract, Event, EventKind, Feedback, Milestone
from contracts.models.contract import ContractQuerySet
from contracts.policy import Action, has_role
from contracts.reading.feedback import feedback_on
from contracts.reading.offers import Conditions
from contracts.reading.overview import Overview
from contracts.reading.requests import pending_on
from contracts.reading.sent import as_sent
from contracts.states import CURRENT
from marketplace.prepared import Given, Prepared
from marketplace.standby import from_standby
from marketplace.unchanged import unless_unchanged

# Of the viewer's own side: the other's is hidden, and what reveals it is an event of its own (B43).
OWN_FEEDBACK = Feedback.objects.filter(
    contract=OuterRef("contract"), by=OuterRef("by"), party__memberships__user=Given("user")
)
KNOWN = Event.objects.filter(~Q(kind=EventKind.FEEDBACK_GIVEN) | Exists(OWN_FEEDBACK), contract=OuterRef("pk"))
LAST_EVENT = Coalesce(Subquery(KNOWN.order_by("-id").values("pk")[:1]), Value(0))
CURRENT_STONE = Milestone.objects.filter(contract=OuterRef("pk"), status__in=CURRENT)


def _visible() -> ContractQuerySet:
    contracts = Contract.objects.visible_to(Given("user")).with_money().select_related("client", "talent", "job")
    return contracts.with_now().filter(pk=Given("contract")).annotate(last_event=LAST_EVENT)


def _overviewed() -> ContractQuerySet:
    """With the current milestone's state and the end of the review that runs: None where there is none."""
    return _visible().annotate(
        step_status=Subquery(CURRENT_STONE.values("status")[:1]),
        review_by=Subquery(CURRENT_STONE.values("review_by")[:1]),
    )


VISIBLE, OVERVIEWED = Prepared(_visible), Prepared(_overviewed)


def visible_contract(request: HttpRequest, contract_id: UUID, contracts: Prepared[Contract] = VISIBLE) -> Contract:
    """The contract with its money, parties, job, and `now`, the database's moment; 404 unless the user may see it.

    `pending` is the change request that waits for an answer, or None: it is on every page of the room. `last_event` is
    the id of what happened last, as far as the viewer may know (0: nothing); what comes later is news to the page.
    """
    contract = contracts.first(contract=contract_id, user=request.user.pk)
    if contract is None:
        raise Http404
    contract.pending = pending_on(contract)
    if contract.pending is None:
        contract.request_from_client = None  # it was answered between the two queries
    return contract


def allowed_contract(request: HttpRequest, contract_id: UUID, action: Action) -> Contract:
    """The contract, for those whose role allows `action`: 404 for outsiders, 403 for other roles."""
    contract = visible_contract(request, contract_id)
    if not has_role(contract, action):
        raise PermissionDenied
    return contract


@from_standby
@require_safe
@vary_on_headers("HX-Request")
def room(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """The Overview. Answers a page; to htmx the region `#overview`."""
    contract = visible_contract(request, contract_id, OVERVIEWED)
    if contract.started_at is None:  # an offer's plan is drafted without a word to anybody
        return overview(request, contract)
    return unless_unchanged(request, shown_of(contract), lambda: overview(request, contract))


def overview(request: HttpRequest, contract: Contract) -> HttpResponse:
    context = {
        "contract": contract,
        "overview": Overview(contract, timezone.localdate(contract.now)),
        "feedback": feedback_on(contract, contract.now) if contract.feedback_by else None,
    }
    return render(request, "contracts/room.html#overview" if request.htmx else "contracts/room.html", context)


def shown_of(contract: Contract) -> tuple[Hashable, ...]:
    """All that the Overview depends on, told by what `OVERVIEWED` loads: one lookup, however long the plan.

    What happens to an agreed contract is an event; its columns, its money and the names are compared as they are, and
    so is which of its moments are over. While one is ahead, the time that is left makes another page each minute.
    """
    columns = sorted(item for item in vars(contract).items() if item[0] not in {"_state", "now", "pending"})
    names = contract.client.name, contract.talent.name, contract.job.title
    asked = (contract.pending.request.pk, contract.pending.request.by.name) if contract.pending else None
    ahead = [name for name, value in columns if isinstance(value, datetime) and value > contract.now]
    runs = ahead or contract.refund_status  # which says nothing of until when
    minute = int(contract.now.timestamp()) // 60 if runs else None
    over = tuple(ahead), contract.is_bonus_late
    return tuple(columns), names, asked, over, minute, timezone.localdate(contract.now)


@from_standby
@require_safe
def terms(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """What was agreed, in words. Answers a page."""
    contract = visible_contract(request, contract_id)
    context = {"contract": contract, "conditions": Conditions.of(contract), "is_draft": bool(as_sent([contract]))}
    return render(request, "contracts/terms.html", context)
