"""Money back on a live contract: the client asks, and only if the talent agrees does it go back (B24).

Nothing ends and no clock runs. What the current milestone claims is agreed and pinned (B4), so of held money either
what is left over goes back, in part or whole, or all of it, and then the current milestone is refunded (record 9).
"""

from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, EventKind, Milestone, RefundRequest
from contracts.operations._contract import lock, record, require_role, require_state
from contracts.operations._held import ZERO, close_milestone, pay_and_return
from contracts.operations._money_back import open_request
from contracts.operations._paying import PaymentUnderWay
from contracts.operations.settlement import HeldChanged
from contracts.operations.work import check_review
from contracts.policy import Action
from contracts.refusals import ContractError, KeyReused, ReasonMissing, WrongState
from contracts.states import MilestoneStatus, RefundStatus
from escrow.models import Cause, Payment
from marketplace import clock
from marketplace.models import User

_R = RefundStatus


class NotReturnable(ContractError):
    """What is left over, in part or whole, or all that is held."""

    text = _("Ask for what is left over, or a part of it, or for all that is held.")


class AskedAlready(WrongState):
    """One request at a time."""

    text = _("You have asked for money back already. Withdraw that request before you ask for another amount.")


class NotOpen(WrongState):
    """A request is answered once (S7)."""

    text = _("This request is over: it was answered or withdrawn, or the money went another way. Open the page again.")


@transaction.atomic
def ask_money_back(
    *, contract: Contract, by: User, key: UUID, amount: Decimal, held: Decimal, reason: str
) -> RefundRequest:
    """The client asks for `amount` of what is `held`, as the page showed it; `key` becomes the request's id."""
    contract = lock(contract.pk, by)
    require_role(contract, Action.ASK_MONEY_BACK)
    if known := RefundRequest.objects.filter(pk=key).first():
        return _same(known, (contract.pk, amount, reason, by.pk))
    require_state(contract, Action.ASK_MONEY_BACK)
    if Payment.objects.filter(pk=key).exists():  # its journal would take the name of this request's
        raise KeyReused
    if open_request(contract):
        raise AskedAlready
    if contract.held != held:
        raise HeldChanged
    current = _settled_current(contract)
    leftover = held - current.amount if current else held
    if amount <= 0 or leftover < amount != held:
        raise NotReturnable
    if not reason:
        raise ReasonMissing
    about = current if amount > leftover else None
    if about:
        check_review(about)
    request = RefundRequest.objects.create(
        id=key, contract=contract, ends=False, milestone=about, amount=amount, reason=reason, by=by
    )
    record(contract, kind=EventKind.MONEY_BACK_ASKED, by=by, milestone=about, returned=amount, note=reason)
    return request


@transaction.atomic
def withdraw_money_back(*, contract: Contract, by: User, request: RefundRequest) -> RefundRequest:
    """The client asks for it no longer."""
    contract, request = _locked(contract, by, request, Action.ASK_MONEY_BACK)
    if request.status == _R.WITHDRAWN:
        return request
    _check_open(contract, request, Action.ASK_MONEY_BACK)
    request.close(_R.WITHDRAWN, ZERO, clock.now())
    record(contract, kind=EventKind.MONEY_BACK_WITHDRAWN, by=by, returned=request.amount)
    return request


@transaction.atomic
def decline_money_back(*, contract: Contract, by: User, request: RefundRequest, answer: str = "") -> RefundRequest:
    """The talent does not agree: everything stays as it is."""
    contract, request = _locked(contract, by, request, Action.ANSWER_MONEY_BACK)
    if (request.status, request.answer) == (_R.DECLINED, answer):
        return request
    _check_open(contract, request, Action.ANSWER_MONEY_BACK)
    request.answer = answer
    request.close(_R.DECLINED, ZERO, clock.now())
    record(contract, kind=EventKind.MONEY_BACK_DECLINED, by=by, returned=request.amount, note=answer)
    return request


@transaction.atomic
def agree_to_money_back(*, contract: Contract, by: User, request: RefundRequest, amount: Decimal) -> RefundRequest:
    """The talent agrees: `amount`, which is what the page showed of it as still held, goes back at once.

    The initiation fee is not touched. A current milestone whose money was asked for is refunded by it.
    """
    contract, request = _locked(contract, by, request, Action.ANSWER_MONEY_BACK)
    if (request.status, request.returned) == (_R.APPROVED, amount):
        return request
    _check_open(contract, request, Action.ANSWER_MONEY_BACK)
    current = _settled_current(contract)
    if request.reachable(contract.held, current) != amount:
        raise HeldChanged
    about = current if current and current.pk == request.milestone_id else None
    if about:
        check_review(about)
    pay_and_return(contract, key=f"refund:{request.pk}", cause=Cause.REFUND, back=amount, by=by)
    if about:
        close_milestone(about)
    request.close(_R.APPROVED, amount, clock.now())
    record(contract, kind=EventKind.MONEY_BACK_AGREED, by=by, milestone=about, returned=amount)
    return request


def _same(known: RefundRequest, wished: tuple) -> RefundRequest:
    """The key was used before: for this very wish, or it is refused."""
    if known.ends or (known.contract_id, known.amount, known.reason, known.by_id) != wished:
        raise KeyReused
    return known


def _locked(contract: Contract, by: User, request: RefundRequest, action: Action) -> tuple[Contract, RefundRequest]:
    contract = lock(contract.pk, by)
    require_role(contract, action)
    return contract, contract.refund_requests.get(pk=request.pk, ends=False)


def _check_open(contract: Contract, request: RefundRequest, action: Action) -> None:
    require_state(contract, action)
    if request.status != _R.PENDING:
        raise NotOpen


def _settled_current(contract: Contract) -> Milestone | None:
    """The current milestone; while a charge for it is under way nobody knows yet what will be left over."""
    current = contract.current
    if current and current.status == MilestoneStatus.FUNDING:
        raise PaymentUnderWay
    return current
