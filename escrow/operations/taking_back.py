"""Taking back what a party was paid out of a scope, wherever it lies by now. Knows no contract and no reason.

What is left of it comes from the party's own accounts, and the party owes what is gone (docs/ledger.md).
"""

from collections.abc import Collection
from decimal import Decimal

from django.db import transaction
from django.db.transaction import TransactionManagementError

from escrow import ledger
from escrow.ledger import Move, Owned, Posted
from escrow.models import Cause, Journal, Kind, Transfer
from escrow.operations.bad_luck import draw, post_as_it_stands
from escrow.purposes import whole
from marketplace.models import Party


def take_back(journal_id: int, *, key: str, party: Party, keep: Collection[Kind] = ()) -> Posted:
    """Reverse what a journal paid: what went to `party` and, as its fee, to the platform; under `key`, once.

    Transfers out of accounts of a kind in `keep` stay, and so does what went anywhere else. Called in the caller's
    transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise TransactionManagementError("What was paid is taken back inside atomic().")
    original = Journal.objects.get(pk=journal_id)
    paid = original.transfers.select_related("debit", "credit").filter(credit__kind__in=(Kind.PENDING, Kind.FEES))
    returned = [transfer for transfer in paid.order_by("-pk") if transfer.debit.kind not in keep]
    post_as_it_stands(
        lambda: _moves(returned, party), key=key, cause=Cause.REVERSAL, scope=original.scope, reverses=journal_id
    )
    return Posted(Journal.objects.get(key=key).pk, created=True)


def _moves(returned: list[Transfer], party: Party) -> list[Move]:
    """Fees as they were; the rest from what the party has, in hold first, and then from what it owes."""
    moves = [Move(each.credit_id, each.debit_id, each.amount) for each in returned if each.credit.kind == Kind.FEES]
    earned = [each for each in returned if each.credit.kind == Kind.PENDING]
    if not earned:
        return moves
    into = earned[0].debit
    target = Owned(into.kind, into.party_id, into.scope)
    sources = [Owned(Kind.PENDING, party.pk), Owned(Kind.AVAILABLE, party.pk)]
    drawn, rest = draw(sources, sum((each.amount for each in earned), Decimal("0.00")), target)
    receivable = ledger.account(Kind.RECEIVABLE, party.pk)
    return [*drawn, *whole(receivable, into.pk, rest), *moves]
