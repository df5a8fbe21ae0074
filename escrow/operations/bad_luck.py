"""Bad luck that comes later: a chargeback, and debts that later earnings pay. Knows no contract.

A payout or refund that a bank sends back is an outcome like others, and settled where those are. Balances are read
before they are moved; when somebody moves them in between, the whole step is worked out anew.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.transaction import TransactionManagementError
from django.utils.translation import gettext as _

from escrow import ledger
from escrow.ledger import Insufficient, Move, Owned, held_for
from escrow.models import Cause, Direction, Journal, Kind, Payment, PaymentStatus
from escrow.operations.holding import hold
from escrow.operations.starting import KNOWN, left_of
from escrow.purposes import whole
from marketplace.models import Party

ATTEMPTS = 5


class Overtaken(Exception):
    """Somebody else paid the debt meanwhile."""


@transaction.atomic
def chargeback(payment_id: UUID) -> Payment:
    """The payer's bank took a charge back, as far as it had not been given back: find the money for it, once.

    It comes from what the scope's escrow and held fee have, then the payer's credit, then what the purpose's bearer
    has pending and available; the rest is owed by the bearer, openly, in a receivable account.
    """
    payment, purpose = hold(KNOWN.get(key=payment_id))
    if payment.direction != Direction.CHARGE or payment.status != PaymentStatus.CONFIRMED:
        return payment
    bearer, taken = purpose.bearer(payment) or payment.party, left_of(payment)
    if taken:
        post_as_it_stands(
            lambda: _sources(payment, bearer, taken),
            key=f"chargeback:{payment.pk}", cause=Cause.CHARGEBACK, scope=payment.scope,
            reverses=Journal.objects.get(key=payment.journal_key).pk,
        )  # fmt: skip
    payment.move_to(PaymentStatus.REFUNDED)
    payment.failure = _("The payer's bank took the money back.")
    payment.save()
    purpose.charged_back(payment)
    return payment


def repay(party: Party, *, key: str) -> Decimal:
    """What a party just earned, or got back, pays first what it owes. Answers how much that was.

    It comes from pending, then available, then credit. Called in the transaction of what came in, after it was posted.
    `key` names that, and repays once.
    """
    if not transaction.get_connection().in_atomic_block:
        raise TransactionManagementError("A debt is paid inside atomic().")
    if owed(party) <= 0 or Journal.objects.filter(key=key).exists():
        return Decimal("0.00")
    return post_as_it_stands(lambda: _own_money(party), key=key, cause=Cause.SETTLEMENT, check=lambda: owed(party) >= 0)


def owed(party: Party) -> Decimal:
    """What a party owes the platform."""
    return -ledger.balance(Kind.RECEIVABLE, party.pk)


def _sources(payment: Payment, bearer: Party, taken: Decimal) -> list[Move]:
    held = held_for(payment.scope) if payment.scope else ()
    own = [Owned(Kind.CREDIT, payment.party_id), Owned(Kind.PENDING, bearer.pk), Owned(Kind.AVAILABLE, bearer.pk)]
    moves, rest = draw([*held, *own], taken, Owned(Kind.OUTSIDE))
    receivable, outside = ledger.accounts(Owned(Kind.RECEIVABLE, bearer.pk), Owned(Kind.OUTSIDE))
    return [*moves, *whole(receivable, outside, rest)]


def _own_money(party: Party) -> list[Move]:
    sources = [Owned(kind, party.pk) for kind in (Kind.PENDING, Kind.AVAILABLE, Kind.CREDIT)]
    return draw(sources, max(owed(party), Decimal(0)), Owned(Kind.RECEIVABLE, party.pk))[0]


def draw(sources: Sequence[Owned], wanted: Decimal, into: Owned) -> tuple[list[Move], Decimal]:
    """Moves that take `wanted` from the sources in their order as far as they reach, and what is then still wanted."""
    *ids, target = ledger.accounts(*sources, into)
    moves: list[Move] = []
    for source, account in zip(sources, ids, strict=True):
        part = min(wanted, ledger.balance(*source))
        moves += whole(account, target, part)
        wanted -= part
    return moves, wanted


def post_as_it_stands(
    work_out: Callable[[], list[Move]], *, check: Callable[[], bool] = lambda: True, **journal
) -> Decimal:
    """Post what `work_out` makes of the balances, anew while others move them; answers the amount posted."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                if moves := work_out():
                    ledger.post(transfers=moves, **journal)
                if not check():
                    raise Overtaken
                return sum((move.amount for move in moves), Decimal("0.00"))
        except (Insufficient, Overtaken):
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("not reached")
