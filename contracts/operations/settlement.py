"""Ending a contract and settling what is still held: refund requests, counters, silence (B24)."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, EventKind, RefundRequest
from contracts.operations import _money_back
from contracts.operations._charges import let_go
from contracts.operations._contract import happened, is_due, lock, record, require_role, require_state
from contracts.operations._ending import end
from contracts.operations._held import ZERO, close_milestone, pay_and_return, stop_clock
from contracts.operations._paying import PaymentUnderWay, open_payments
from contracts.operations._requests import supersede
from contracts.operations.work import check_review
from contracts.policy import Action
from contracts.refusals import ContractError, KeyReused, ReasonMissing, Stale, WrongState
from contracts.states import REFUND_OPEN, ContractStatus, RefundStatus
from escrow.models import Cause, Payment
from marketplace import clock
from marketplace.models import User

_R = RefundStatus
A_DAY = timedelta(days=1)


class HeldChanged(Stale):
    """The money held is not what the page showed."""

    text = _("The money held changed while you were looking. Nothing was done: check the new figures.")


class NotBetween(ContractError):
    """B24: all, part or none of what is held."""

    text = _("Pay between $0.00 and all that is held.")


class CounterTooHigh(ContractError):
    """B24: a counter returns less than was asked for."""

    text = _("Offer less than was asked for; to return all of it, approve the request.")


class AnsweredBefore(WrongState):
    """A refund request is answered once, and in time (S7)."""

    text = _("This refund request was answered already, or its time is over. Open the contract to see what came of it.")


@transaction.atomic
def end_as_client(
    *, contract: Contract, by: User, key: UUID, pay: Decimal, held: Decimal, reason: str = ""
) -> RefundRequest | None:
    """The client ends the contract and pays `pay` of what is `held`, as the page showed it.

    For less than all of it this makes a refund request for the rest, which `key` becomes the id of (B24).
    """
    contract = lock(contract.pk, by)
    require_role(contract, Action.END_AS_CLIENT)
    if known := RefundRequest.objects.filter(pk=key).first():
        wished = (True, contract.pk, held - pay, reason, by.pk)
        if (known.ends, known.contract_id, known.amount, known.reason, known.by_id) != wished:
            raise KeyReused
        return known
    if contract.status == ContractStatus.ENDED and happened(contract, EventKind.CONTRACT_ENDED, by, paid=pay or None):
        return None
    _begin_end(contract, Action.END_AS_CLIENT, by, held)
    if not 0 <= pay <= contract.held:
        raise NotBetween
    if contract.current:
        check_review(contract.current)
    rest = contract.held - pay
    if rest and not reason:
        raise ReasonMissing
    _pay_part(contract, pay, by)
    if not rest:
        end(contract, EventKind.CONTRACT_ENDED, by, paid=pay)
        return None
    return _request(contract, by, key, rest, paid=pay, reason=reason)


@transaction.atomic
def end_as_talent(*, contract: Contract, by: User, held: Decimal, reason: str = "") -> Contract:
    """The talent ends the contract: all that is `held`, as the page showed it, goes back to the client at once.

    A refund request that is open is approved by that.
    """
    contract = lock(contract.pk, by)
    require_role(contract, Action.END_AS_TALENT)
    if contract.status == ContractStatus.ENDED and happened(contract, EventKind.CONTRACT_ENDED, by):
        return contract
    _begin_end(contract, Action.END_AS_TALENT, by, held)
    if request := contract.refund_requests.filter(status__in=REFUND_OPEN).first():
        request.close(_R.APPROVED, contract.held, clock.now())
    end(contract, EventKind.CONTRACT_ENDED, by, back=contract.held, note=reason)
    return contract


@transaction.atomic
def approve_refund(*, contract: Contract, by: User, request: RefundRequest) -> RefundRequest:
    """The talent agrees to a refund request: all that was asked for goes back, and the contract ends."""
    contract = lock(contract.pk, by)
    request = contract.refund_requests.get(pk=request.pk)
    require_role(contract, Action.ANSWER_REFUND)
    if request.status == _R.APPROVED and happened(contract, EventKind.REFUND_APPROVED, by):
        return request
    _check_waits(contract, request, Action.ANSWER_REFUND, _R.PENDING)
    return _settle(contract, request, _R.APPROVED, EventKind.REFUND_APPROVED, by, back=request.amount)


@transaction.atomic
def counter_refund(
    *, contract: Contract, by: User, request: RefundRequest, amount: Decimal, answer: str = ""
) -> RefundRequest:
    """The talent offers to return `amount` instead; the client has so many days to answer."""
    contract = lock(contract.pk, by)
    request = contract.refund_requests.get(pk=request.pk)
    require_role(contract, Action.ANSWER_REFUND)
    if request.status == _R.COUNTERED and request.counter == amount:
        return request
    _check_waits(contract, request, Action.ANSWER_REFUND, _R.PENDING)
    if not 0 <= amount < request.amount:
        raise CounterTooHigh
    request.move_to(_R.COUNTERED)
    request.counter, request.answer = amount, answer
    request.answer_by = clock.now() + timedelta(days=contract.refund_days)
    request.save(update_fields=["status", "counter", "answer", "answer_by"])
    record(contract, kind=EventKind.REFUND_COUNTERED, by=by, returned=amount, note=answer)
    return request


@transaction.atomic
def accept_counter(*, contract: Contract, by: User, request: RefundRequest) -> RefundRequest:
    """The client accepts what the talent offered to return; the talent gets the rest, and the contract ends."""
    contract = lock(contract.pk, by)
    request = contract.refund_requests.get(pk=request.pk)
    require_role(contract, Action.ANSWER_COUNTER)
    if request.status == _R.APPROVED and happened(contract, EventKind.COUNTER_ACCEPTED, by):
        return request
    _check_waits(contract, request, Action.ANSWER_COUNTER, _R.COUNTERED)
    return _settle(contract, request, _R.APPROVED, EventKind.COUNTER_ACCEPTED, by, back=request.counter)


@transaction.atomic
def lapse_refund(request_id: UUID) -> bool:
    """Nobody answered in time (B24): the client gets what both named, and the talent the rest. False when not due."""
    contract = lock(RefundRequest.objects.get(pk=request_id).contract_id, None)
    request = contract.refund_requests.get(pk=request_id)
    if not is_due(request.answer_by, clock.now()) or contract.is_disputed:
        return False
    kind = EventKind.COUNTER_LAPSED if request.is_countered else EventKind.REFUND_LAPSED
    back = request.counter if request.is_countered else request.amount
    _settle(contract, request, _R.LAPSED, kind, None, back=back)
    return True


def is_in_the_way(charge: Payment | None, action: Action) -> bool:
    """Whether this open charge has to be settled before the contract can be ended: for its client, for a day.

    One that nobody has settled by then, or that the talent would have to wait for, keeps nobody: it is given back if
    it comes after all.
    """
    if charge is None or action is not Action.END_AS_CLIENT:
        return False
    return not is_due(charge.created_at + A_DAY, clock.now())


def _begin_end(contract: Contract, action: Action, by: User, held: Decimal) -> None:
    """Refuse unless the contract can be ended as its page showed it, and let go of what its end settles otherwise."""
    require_state(contract, action)
    if is_in_the_way(open_payments(contract).first(), action):
        raise PaymentUnderWay
    if contract.held != held:
        raise HeldChanged
    let_go(contract)
    _money_back.supersede(contract, by)


def _pay_part(contract: Contract, pay: Decimal, by: User) -> None:
    """Pay the talent out of what is held, for the current milestone if there is one; no clock runs any more."""
    current = contract.funded
    if current:
        stop_clock(current)
    if pay:
        key = f"release:{current.pk}" if current else f"release:rest:{contract.pk}"
        pay_and_return(contract, key=key, cause=Cause.RELEASE, pay=pay, milestone=current, by=by)
        if current:
            close_milestone(current, pay)


def _request(contract: Contract, by: User, key: UUID, amount: Decimal, *, paid: Decimal, reason: str) -> RefundRequest:
    deadline = clock.now() + timedelta(days=contract.refund_days)
    request = RefundRequest.objects.create(
        id=key, contract=contract, amount=amount, reason=reason, by=by, answer_by=deadline
    )
    contract.move_to(ContractStatus.SETTLING)
    contract.save(update_fields=["status"])
    record(contract, kind=EventKind.REFUND_REQUESTED, by=by, paid=paid, returned=amount, note=reason)
    supersede(contract, by)
    return request


def _check_waits(contract: Contract, request: RefundRequest, action: Action, status: RefundStatus) -> None:
    """A deadline that has passed is as good as swept: who comes later is too late."""
    if request.status in REFUND_OPEN:
        require_state(contract, action)
    if request.status != status or is_due(request.answer_by, clock.now()):
        raise AnsweredBefore


def _settle(
    contract: Contract, request: RefundRequest, status: RefundStatus, kind: EventKind, by: User | None,
    *, back: Decimal | None,
) -> RefundRequest:  # fmt: skip
    """Divide what is held as a request ended: `back` to the client, the rest to the talent; the contract ends."""
    back = request.still_to_return(back or ZERO, contract.held)
    request.close(status, back, clock.now())
    end(contract, kind, by, paid=contract.held - back, back=back, key=f"split:request:{request.pk}", divides=True)
    return request
