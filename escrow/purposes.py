"""What payments are for, by name. Knows how a purpose is asked, and two of escrow's own: paying back and withdrawing.

Whoever pays for something (contracts, for a milestone) registers a purpose; escrow learns nothing else about it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from escrow.ledger import Move, Owned
from escrow.models import LARGEST, Cause, Kind, Payment
from marketplace.models import Party


class Gone(Enum):
    """What a charge was to pay for is no longer there; the charge is given back by itself."""

    GONE = "gone"


GONE = Gone.GONE


def _nothing(payment: Payment) -> None:
    """A purpose with nothing to do at this point."""


def _nobody(payment: Payment) -> Party | None:
    return None


@dataclass(frozen=True)
class Purpose:
    """What one kind of payment is for. Every function is called inside the transaction that settles the payment.

    `lock` comes first and takes the rows of whoever registered it (contract, then milestone); escrow locks the
    payment and the accounts after it. `transfers` says what the payment's journal moves: for a charge when it is
    confirmed (or GONE), for a refund or payout when it is begun, so that nothing can be spent twice. `confirmed` and
    `failed` follow the payment's own change; `failed` also when a bank sends money back later. After a chargeback,
    `bearer` names who answers for what is no longer held, and `charged_back` follows.
    """

    name: str
    cause: str
    transfers: Callable[[Payment], Sequence[Move] | Gone]
    lock: Callable[[Payment], None] = _nothing
    confirmed: Callable[[Payment], None] = _nothing
    failed: Callable[[Payment], None] = _nothing
    bearer: Callable[[Payment], Party | None] = _nobody
    charged_back: Callable[[Payment], None] = _nothing


_REGISTERED: dict[str, Purpose] = {}


def register(purpose: Purpose) -> Purpose:
    """Make `purpose` known under its name; ValueError when another one has it."""
    if _REGISTERED.setdefault(purpose.name, purpose) != purpose:
        raise ValueError(f"There is another purpose named {purpose.name}.")
    return purpose


def named(name: str) -> Purpose:
    """The purpose of this name; KeyError when nobody registered it."""
    return _REGISTERED[name]


def whole(debit: int | Owned, credit: int | Owned, amount: Decimal) -> list[Move]:
    """Moves that take `amount` from one account to another, each within the limit of one transfer."""
    full, rest = divmod(amount, LARGEST)
    return [Move(debit, credit, part) for part in [LARGEST] * int(full) + [rest] if part]


def _pay_back(payment: Payment) -> list[Move]:
    return whole(Owned(Kind.CREDIT, payment.party_id), Owned(Kind.OUTSIDE), payment.amount)


def _withdraw(payment: Payment) -> list[Move]:
    return whole(Owned(Kind.AVAILABLE, payment.party_id), Owned(Kind.OUTSIDE), payment.amount)


PAYBACK = register(Purpose(name="payback", cause=Cause.PAYBACK, transfers=_pay_back))
WITHDRAWAL = register(Purpose(name="withdrawal", cause=Cause.WITHDRAWAL, transfers=_withdraw))
