"""What an act moves, to the cent: found out by doing it, and in a rehearsal undoing it again. Knows no act.

So what staff read before they press the button is worked out by the very code that runs afterwards, and nothing
describes it a second time.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction

from contracts.models import Step
from escrow.models import Account, Journal, Transfer
from escrow.models.journal import Transaction


class _RehearsalOverError(Exception):
    """Takes everything back that the rehearsal did."""


@dataclass(frozen=True)
class Effect:
    """The transfers of an act in their order, and the journal that it posted first."""

    steps: tuple[Step, ...] = ()
    posted: Journal | None = None

    @property
    def amount(self) -> Decimal:
        """What the first journal moves: those after it only send on what it freed."""
        if self.posted is None:
            return Decimal("0.00")
        return sum((step.moved for step in self.steps if step.journal == self.posted.key), Decimal("0.00"))

    @property
    def mark(self) -> str:
        """The same for the same figures: a page posts it, to say what it showed."""
        figures = json.dumps([step.figures for step in self.steps])
        return hashlib.sha256(figures.encode()).hexdigest()[:32]


def rehearse(do: Callable[[], object]) -> Effect:
    """What `do` would move now; nothing of it stays. Raises what `do` raises."""
    effect = Effect()
    try:
        with transaction.atomic():
            effect = watch(do)
            _as_at_commit()
            raise _RehearsalOverError
    except _RehearsalOverError:
        return effect


def watch(do: Callable[[], object]) -> Effect:
    """What `do` moves, which is done then."""
    last = Journal.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    do()
    journals = list(Journal.objects.filter(pk__gt=last, transaction=Transaction()).order_by("pk"))
    transfers = Transfer.objects.filter(journal__in=journals).select_related("journal", "debit__party", "credit__party")
    return Effect(tuple(map(_step, transfers.order_by("pk"))), journals[0] if journals else None)


def _step(transfer: Transfer) -> Step:
    return Step(
        transfer.journal.key, _key(transfer.debit), _key(transfer.credit), _named(transfer.debit),
        _named(transfer.credit), str(transfer.amount),
    )  # fmt: skip


def _key(account: Account) -> str:
    """Which account it is. Not its id: a rehearsal may open one, and takes that back too."""
    return f"{account.kind}:{account.party_id or account.scope or ''}"


def _named(account: Account) -> str:
    """The account as staff read it: whose it is stands beside its kind, where it is a party's."""
    kind = account.get_kind_display()
    return f"{kind} · {account.party.name}" if account.party else str(kind)


def _as_at_commit() -> None:
    """Ask now what the database asks at COMMIT; rolled back, that too is as before."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
