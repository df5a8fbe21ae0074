"""Reversing a release that was a mistake: what it paid is held again, whether the talent still has it or not.

Only what a talent was paid out of held money can be reversed, whole and once. Everything else that moves money goes
through a gateway, and is given back by a payment.
"""

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, Earning, EarningKind, EventKind
from contracts.operations._contract import FOR_CLOCK, lock, record
from contracts.operations._held import ZERO, charges_of, pay_and_return
from contracts.refusals import WrongState
from escrow import ledger
from escrow.ledger import Owned
from escrow.models import Cause, Journal, Kind, Transfer
from escrow.operations.taking_back import take_back
from escrow.purposes import whole


class NotReversible(WrongState):
    """docs/ledger.md: what can be reversed."""

    text = _("Only a release, or what a talent was paid when held money was divided, can be reversed.")


class DecideFirst(WrongState):
    """B44: a dispute freezes what is held, and a contract that is settled would have to give it back at once."""

    text = _("A dispute about this contract's money is open. Decide it first, then reverse what was released before.")


class ReversedBefore(WrongState):
    """I12: a journal gives back what it moved once."""

    text = _("This was reversed already.")


@transaction.atomic
def reverse_release(*, journal: Journal, reason: str) -> Earning:
    """What a talent was paid by this journal is taken back, with its fee, and held for the contract again.

    It is left over then, for the next milestone or to be asked back. A contract that is being settled, or is closed,
    gives it to the client at once. What the talent has withdrawn it owes. A captured initiation fee is held again when
    nothing else was released (B21).
    """
    earning = reversible(journal)
    contract = lock(earning.contract_id, None)
    earning = Earning.objects.get(pk=earning.pk)
    if earning.reversal_id:
        raise ReversedBefore
    if contract.is_disputed and not contract.is_active:
        raise DecideFirst
    charges_of(contract)
    others = contract.earnings.exclude(kind=EarningKind.BONUS).exclude(pk=earning.pk).filter(reversal=None)
    back = take_back(
        journal.pk, key=f"reversal:{journal.pk}", party=contract.talent, keep=(Kind.INITIATION_FEE,) if others else ()
    )
    if not others:
        _hold_fee_again(contract, journal)
    earning.reversal_id = back.journal_id
    earning.save(update_fields=["reversal"])
    _return(FOR_CLOCK.get(contract=contract.pk), earning)
    record(contract, kind=EventKind.RELEASE_REVERSED, by=None, milestone=earning.milestone, returned=earning.gross,
           note=reason)  # fmt: skip
    return earning


def reversible(journal: Journal) -> Earning:
    """What was earned by this journal out of held money, or a refusal."""
    found = Earning.objects.filter(journal=journal).exclude(kind=EarningKind.BONUS).first()
    if found is None:
        raise NotReversible
    return found


def _hold_fee_again(contract: Contract, journal: Journal) -> None:
    """The initiation fee, if an earlier reversal left it captured because this release still stood (B21)."""
    fee, earned = ledger.accounts(Owned(Kind.INITIATION_FEE, scope=contract.pk), Owned(Kind.FEES))
    ways = (Q(debit=fee, credit=earned), Q(debit=earned, credit=fee))
    captured, returned = (Transfer.objects.filter(way).aggregate(sum=Sum("amount"))["sum"] or ZERO for way in ways)
    if captured > returned:
        ledger.post(
            key=f"reversal:fee:{journal.pk}", cause=Cause.REVERSAL, scope=contract.pk,
            transfers=whole(earned, fee, captured - returned),
        )  # fmt: skip


def _return(contract: Contract, earning: Earning) -> None:
    """A contract that does not go on has nothing to hold it for."""
    if not contract.is_active:
        pay_and_return(
            contract, key=f"refund:reversal:{earning.journal_id}", cause=Cause.REFUND, back=earning.gross,
            with_fee=contract.is_closed,
        )  # fmt: skip
