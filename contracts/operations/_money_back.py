"""The open request for money back on a live contract, and what makes it pointless. The contract is locked."""

from decimal import Decimal

from contracts.models import Contract, EventKind, RefundRequest
from contracts.operations._contract import FOR_CLOCK, record
from contracts.states import RefundStatus
from marketplace import clock
from marketplace.models import User


def open_request(contract: Contract) -> RefundRequest | None:
    """The one that waits for the talent, if there is one; it has no deadline."""
    return contract.refund_requests.filter(ends=False, status=RefundStatus.PENDING).first()


def supersede(contract: Contract, by: User | None) -> None:
    """The contract ends, or a dispute freezes its money: what is asked for is settled otherwise."""
    if request := open_request(contract):
        request.close(RefundStatus.SUPERSEDED, Decimal("0.00"), clock.now())
        record(contract, kind=EventKind.MONEY_BACK_OVER, by=by, returned=request.amount)


def supersede_if_gone(contract: Contract, by: User | None) -> None:
    """Held money went elsewhere: a request that could not give back anything any more is over.

    The contract was loaded under its lock, and so says whether there is one.
    """
    request = open_request(contract) if contract.asks_back else None
    if request and not request.reachable(_held(contract), contract.current):
        supersede(contract, by)


def _held(contract: Contract) -> Decimal:
    return FOR_CLOCK.get(contract=contract.pk).held
