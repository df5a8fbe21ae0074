"""Change requests: one side proposes a changed plan, the other accepts it, all or part, or declines (B8 to B10)."""

from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contracts.models import ChangeRequest, Contract, EventKind, Milestone
from contracts.operations._contract import happened, is_due, lock, record, require_role, require_state
from contracts.operations._requests import close, pending_request
from contracts.operations._rows import ForeignMilestone
from contracts.operations.plan import Merge, PlanMoved, apply, check, merge_with_current
from contracts.plan import ChangeSet, Plan, chosen
from contracts.policy import Action, role_of
from contracts.refusals import ContractError, KeyReused, Stale
from contracts.states import RequestStatus
from marketplace import clock
from marketplace.models import User

_R = RequestStatus
REMINDERS = (2, 5)  # days after which the other side is reminded (B9)


class NothingProposed(ContractError):
    """A change request changes something."""

    text = _("Nothing is changed yet. Edit, add, move or delete a milestone, then send the request.")


class NothingChosen(ContractError):
    """X4: accepting some lines means at least one."""

    text = _("Choose at least one line to accept, or decline the request.")


class NothingRevised(ContractError):
    """A new version of a request differs from the one that it replaces."""

    text = _("This is what was asked for already. Change something, or go back and leave the request as it is.")


class AnsweredMeanwhile(Stale):
    """The request that the page showed is not pending any more (S7)."""

    text = _("This change request was answered, revised or withdrawn meanwhile. Nothing was done: look at it again.")


@transaction.atomic
def send_request(
    *, contract: Contract, by: User, key: UUID, base: int, mine: Plan, today: date, note: str = ""
) -> ChangeRequest:
    """The talent proposes the plan as it edited it; nothing else changes (B8).

    `base` is the revision that the editor began with, `mine` the plan as it stood there at the end, and `today` the
    user's own date. `key` becomes the request's id: the same form twice sends one. Raises PlanMoved.
    """
    contract = lock(contract.pk, by)
    require_role(contract, Action.SEND_REQUEST)
    if known := _known(contract, by, key, mine, note):
        return known
    require_state(contract, Action.SEND_REQUEST)
    return _send(contract, by, key, base=base, mine=mine, today=today, note=note)


@transaction.atomic
def replace_request(
    *, contract: Contract, by: User, key: UUID, request: ChangeRequest, mine: Plan, today: date, note: str = ""
) -> ChangeRequest:
    """Edit the pending request: its sender revises it (B9), the other side sends it back as a proposal of its own (X4).

    Both versions are kept. `mine` was edited from the revision that `request` was made on.
    """
    contract = lock(contract.pk, by)
    require_role(contract, Action.REPLACE_REQUEST)
    if known := _known(contract, by, key, mine, note):
        return known
    request = _pending(contract, request, Action.REPLACE_REQUEST)
    is_own = request.from_client == role_of(contract).is_client_side
    if mine == request.plan and (not is_own or note == request.note):
        raise NothingRevised
    close(request, _R.SUPERSEDED if is_own else _R.COUNTERED, by)
    return _send(contract, by, key, base=request.base.number, mine=mine, today=today, note=note, replaces=request)


@transaction.atomic
def withdraw_request(*, contract: Contract, by: User, request: ChangeRequest) -> ChangeRequest:
    """The side that sent it takes a request back."""
    contract = lock(contract.pk, by)
    require_role(contract, Action.WITHDRAW_REQUEST, from_client=request.from_client)
    if happened(contract, EventKind.REQUEST_WITHDRAWN, by, request=request):
        return contract.change_requests.get(pk=request.pk)
    request = _pending(contract, request, Action.WITHDRAW_REQUEST)
    close(request, _R.WITHDRAWN, by)
    record(contract, kind=EventKind.REQUEST_WITHDRAWN, by=by, request=request)
    return request


@transaction.atomic
def decline_request(*, contract: Contract, by: User, request: ChangeRequest, reason: str = "") -> ChangeRequest:
    """The other side declines: the plan stays as it is."""
    contract = lock(contract.pk, by)
    require_role(contract, Action.ANSWER_REQUEST, from_client=request.from_client)
    if happened(contract, EventKind.REQUEST_DECLINED, by, request=request):
        return contract.change_requests.get(pk=request.pk)
    request = _pending(contract, request, Action.ANSWER_REQUEST)
    close(request, _R.DECLINED, by, reason)
    record(contract, kind=EventKind.REQUEST_DECLINED, by=by, request=request, note=reason)
    return request


@transaction.atomic
def accept_request(
    *, contract: Contract, by: User, request: ChangeRequest, keys: AbstractSet[UUID] | None = None
) -> ChangeRequest:
    """The other side accepts: the whole request, or of its lines those with `keys` (X4); one revision comes of it."""
    contract = lock(contract.pk, by)
    require_role(contract, Action.ANSWER_REQUEST, from_client=request.from_client)
    wanted = _wanted(request, keys)
    kind = EventKind.REQUEST_ACCEPTED if wanted == request.plan else EventKind.REQUEST_PARTLY_ACCEPTED
    if contract.events.filter(request=request, by=by, revision__lines=wanted.to_json()).exists():
        return contract.change_requests.get(pk=request.pk)
    request = _pending(contract, request, Action.ANSWER_REQUEST)
    changes = _on_current(merge_with_current(contract, base=request.base.number, mine=wanted))
    close(request, _R.ACCEPTED if kind == EventKind.REQUEST_ACCEPTED else _R.PARTLY, by)
    apply(contract, changes, by=by, kind=kind, today=date.min, request=request)
    return request


@transaction.atomic
def remind_of_request(request_id: UUID) -> bool:
    """Nobody has answered for some days: the other side is reminded. False when that is not due any more."""
    contract = lock(ChangeRequest.objects.get(pk=request_id).contract_id, None)
    request = contract.change_requests.get(pk=request_id)
    now = clock.now()
    if not is_due(request.remind_at, now):
        return False
    request.remind_at = _next_reminder(request.at, now)
    request.save(update_fields=["remind_at"])
    record(contract, kind=EventKind.REQUEST_REMINDER, by=None, request=request)
    return True


def _known(contract: Contract, by: User, key: UUID, mine: Plan, note: str) -> ChangeRequest | None:
    """The request that was sent with this key before: for this very wish, or it is refused."""
    known = ChangeRequest.objects.filter(pk=key).first()
    if known and (known.contract_id, known.by_id, known.plan, known.note) != (contract.pk, by.pk, mine, note):
        raise KeyReused
    return known


def _pending(contract: Contract, request: ChangeRequest, action: Action) -> ChangeRequest:
    """The request as it is under the lock, while it is the pending one."""
    if not contract.is_active:
        require_state(contract, action)
    pending = pending_request(contract)
    if pending is None or pending.pk != request.pk:
        raise AnsweredMeanwhile
    return pending


def _send(
    contract: Contract, by: User, key: UUID, *, base: int, mine: Plan, today: date, note: str,
    replaces: ChangeRequest | None = None,
) -> ChangeRequest:  # fmt: skip
    merge = merge_with_current(contract, base=base, mine=mine)
    if not merge.lands_as_seen:
        raise PlanMoved(merge)
    changes = ChangeSet(merge.current, merge.rebased.plan)
    _check_proposed(changes, today)
    now = clock.now()
    request = ChangeRequest.objects.create(
        id=key, contract=contract, base=contract.revisions.get(number=contract.plan_version),
        lines=changes.after.to_json(), note=note, from_client=role_of(contract).is_client_side, replaces=replaces,
        by=by, at=now, remind_at=_next_reminder(now, now),
    )  # fmt: skip
    record(contract, kind=_kind_of(request), by=by, request=request, note=note)
    return request


def _check_proposed(changes: ChangeSet, today: date) -> None:
    """What acceptance would refuse is refused already when it is sent."""
    if not changes:
        raise NothingProposed
    check(changes, today)
    added = [row.line.key for row in changes.changed if row.is_added]
    if Milestone.objects.filter(pk__in=added).exists():
        raise ForeignMilestone


def _kind_of(request: ChangeRequest) -> EventKind:
    if request.replaces is None:
        return EventKind.REQUEST_SENT
    is_own = request.replaces.from_client == request.from_client
    return EventKind.REQUEST_REVISED if is_own else EventKind.REQUEST_COUNTERED


def _wanted(request: ChangeRequest, keys: AbstractSet[UUID] | None) -> Plan:
    plan = request.plan if keys is None else chosen(request.changes, keys).plan
    if plan == request.base.plan:
        raise NothingChosen
    return plan


def _on_current(merge: Merge) -> ChangeSet:
    """The change on the plan as it is: a pending request keeps it as it was (B10), and this makes sure of it."""
    if not merge.lands_as_seen:
        raise AnsweredMeanwhile
    return ChangeSet(merge.current, merge.rebased.plan)


def _next_reminder(sent: datetime, after: datetime) -> datetime | None:
    moments = (sent + timedelta(days=days) for days in REMINDERS)
    return next((moment for moment in moments if moment > after), None)
