"""The pending change request of a contract: what it keeps from happening, and its end. The contract is locked."""

from django.utils.translation import gettext_lazy as _

from contracts.models import ChangeRequest, Contract, EventKind, Milestone
from contracts.operations._contract import record
from contracts.refusals import WrongState
from contracts.states import MilestoneStatus, RequestStatus
from marketplace import clock
from marketplace.models import User


class RequestInTheWay(WrongState):
    """B10: what a pending request touches, or comes before, is not activated."""

    text = _(
        "A change request that waits for an answer changes this milestone, or which one is next. Answer it first, then "
        "activate the milestone."
    )


def pending_request(contract: Contract) -> ChangeRequest | None:
    """The one that waits for an answer (B9); no query where the contract, loaded under its lock, knows of none."""
    if contract.request_from_client is None:
        return None
    pending = contract.change_requests.filter(status=RequestStatus.PENDING)
    return pending.select_related("base", "replaces", "by").first()


def close(request: ChangeRequest, status: RequestStatus, by: User | None, answer: str = "") -> None:
    """The request's one ending (S7)."""
    request.move_to(status)
    request.closed_by, request.closed_at, request.answer, request.remind_at = by, clock.now(), answer, None
    request.save(update_fields=["status", "closed_by", "closed_at", "answer", "remind_at"])


def supersede(contract: Contract, by: User | None) -> None:
    """The contract ends: what was proposed for it is over, and both sides are told (B10)."""
    if request := pending_request(contract):
        close(request, RequestStatus.SUPERSEDED, by)
        record(contract, kind=EventKind.REQUEST_SUPERSEDED, by=by, request=request)


def is_in_the_way_of(request: ChangeRequest, milestone: Milestone) -> bool:
    """Whether `milestone`, the next one, cannot be activated before `request` is answered (B10)."""
    pinned = request.contract.milestones.exclude(status=MilestoneStatus.FUTURE).values_list("pk", flat=True)
    return request.stops(milestone.pk, frozenset(pinned))
