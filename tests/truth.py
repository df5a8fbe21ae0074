"""What figures must be, summed up from transfers alone. Knows accounts, journals and what they are for, and no page."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection

from contracts.models import Bonus, Contract, Earning, Milestone
from contracts.states import CURRENT, ContractStatus, MilestoneStatus
from escrow.models import Payment, PaymentStatus

ZERO, CENT = Decimal("0.00"), Decimal("0.01")
MOVES = """
    SELECT journal.id, journal.key, journal.cause, journal.scope, journal.at, journal.reverses_id, transfer.amount,
        away.kind, away.party_id, away.scope, there.kind, there.party_id, there.scope,
        transfer.id, transfer.debit_id, transfer.credit_id
    FROM escrow_transfer AS transfer
    JOIN escrow_journal AS journal ON journal.id = transfer.journal_id
    JOIN escrow_account AS away ON away.id = transfer.debit_id
    JOIN escrow_account AS there ON there.id = transfer.credit_id
    ORDER BY journal.at, journal.id, transfer.id
"""
TO_TALENT = {"pending", "available", "fees", "receivable"}


class Move:
    """One transfer, with where it came from and went to."""

    def __init__(self, row: tuple) -> None:
        self.journal, self.key, self.cause, self.about, self.at, self.reverses, self.amount = row[:7]
        self.away, self.there = row[7:10], row[10:13]
        self.id, self.debit, self.credit = row[13:]


class Truth:
    """The whole ledger, read once, and asked for one figure after another."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(MOVES)
            self.moves = [Move(row) for row in cursor.fetchall()]
        self.reversed = {move.reverses for move in self.moves if move.cause == "reversal"}
        self.for_talent = False  # who reads an offer as it was sent, not as it is being changed (B40)

    def lies(self, *kinds: str, of: UUID, before: datetime | None = None) -> Decimal:
        """What lies in the accounts of these kinds of a party or a contract."""
        return sum((self.change(move, kinds, {of}) for move in self.moves if not before or move.at < before), ZERO)

    @staticmethod
    def change(move: Move, kinds: tuple[str, ...], owners: set[UUID]) -> Decimal:
        came = move.there[0] in kinds and bool(owners & {move.there[1], move.there[2]})
        went = move.away[0] in kinds and bool(owners & {move.away[1], move.away[2]})
        return move.amount * (came - went)

    # One contract

    def held(self, key: UUID) -> Decimal:
        return self.lies("escrow", of=key)

    def fee_held(self, key: UUID) -> Decimal:
        return self.lies("initiation_fee", of=key)

    def paid(self, key: UUID) -> Decimal:
        """What left what was held for the talent's side, fees included, less what was taken back."""
        out = (move.amount for move in self.moves if move.away == ("escrow", None, key) and move.there[0] in TO_TALENT)
        back = (move.amount for move in self.moves if move.there == ("escrow", None, key) and move.away[0] in TO_TALENT)
        return sum(out, ZERO) - sum(back, ZERO)

    def bonuses(self, key: UUID) -> Decimal:
        """What was paid on top: a bank that takes its charge back leaves it paid, and somebody owes it."""
        keys = {f"charge:{bonus}" for bonus in Bonus.objects.filter(contract=key).values_list("pk", flat=True)}
        bonus = (move for move in self.moves if move.key in keys)
        return sum((move.amount for move in bonus if move.journal not in self.reversed), ZERO)

    def to_fund(self, key: UUID) -> Decimal:
        contract = Contract.objects.get(pk=key)
        if contract.is_closed or contract.status == ContractStatus.SETTLING:
            return ZERO
        ahead = contract.milestones.filter(status__in=CURRENT | {MilestoneStatus.FUTURE})
        amounts = list(ahead.values_list("amount", flat=True))
        if self.for_talent and contract.status == ContractStatus.OFFERED and not contract.answer_by:
            amounts = [line.amount for line in contract.revisions.exclude(event=None).latest("number").plan]
        return max(ZERO, sum(amounts, ZERO) - self.held(key))

    def agreed(self, key: UUID) -> Decimal:
        return self.paid(key) + self.held(key) + self.to_fund(key)

    def left_over(self, key: UUID) -> Decimal:
        claimed = Milestone.objects.filter(contract=key, status__in=CURRENT - {MilestoneStatus.FUNDING})
        return max(ZERO, self.held(key) - sum(claimed.values_list("amount", flat=True), ZERO))

    def in_all(self, key: UUID) -> Decimal:
        return self.held(key) + self.fee_held(key)

    back, initiation, back_in_all = held, fee_held, in_all  # what the talent gives up by ending it

    # One milestone

    def claimed(self, key: UUID) -> Decimal:
        """What is held for it, all of which is there."""
        milestone = Milestone.objects.get(pk=key)
        return min(milestone.amount, self.held(milestone.contract_id))

    def from_held(self, key: UUID) -> Decimal:
        milestone = Milestone.objects.get(pk=key)
        return min(milestone.amount, self.left_over(milestone.contract_id))

    def charge(self, key: UUID) -> Decimal:
        return Milestone.objects.get(pk=key).amount - self.from_held(key)

    def stays(self, key: UUID) -> Decimal:
        return self.left_over(Milestone.objects.get(pk=key).contract_id) - self.from_held(key)

    # One earning: its journal, less the initiation fee that was captured with it

    def _earned(self, key: UUID, *kinds: str) -> Decimal:
        journal = self._journal_of(key)
        mine = (move for move in self.moves if move.journal == journal and move.away[0] != "initiation_fee")
        return sum((move.amount for move in mine if move.there[0] in kinds), ZERO)

    @staticmethod
    def _journal_of(earning: UUID) -> int:
        return Earning.objects.get(pk=earning).journal_id

    def gross(self, key: UUID) -> Decimal:
        return self._earned(key, "pending", "fees")

    def net(self, key: UUID) -> Decimal:
        return self._earned(key, "pending")

    def fee(self, key: UUID) -> Decimal:
        return self._earned(key, "fees")

    def fee_taken(self, key: UUID) -> Decimal:
        return -self.fee(key)

    def paid_for(self, key: UUID) -> Decimal:
        """A milestone's earning has the milestone's key."""
        return self.gross(key)

    # One payment

    def moved(self, key: UUID) -> Decimal:
        """What came back to whoever paid it, above zero, or was taken, below."""
        payment = Payment.objects.get(pk=key)
        assert payment.status in {PaymentStatus.CONFIRMED, PaymentStatus.REFUNDED}
        assert payment.refunds_id or self._through(f"charge:{key}") == payment.amount
        return payment.amount if payment.refunds_id else -payment.amount

    def amount(self, key: UUID) -> Decimal:
        """Of one that moved nothing, or is a payout."""
        return Payment.objects.get(pk=key).amount

    def _through(self, key: str) -> Decimal:
        return sum((move.amount for move in self.moves if move.key == key), ZERO)

    # One party

    def available(self, key: UUID) -> Decimal:
        return self.lies("available", of=key)

    def pending(self, key: UUID) -> Decimal:
        return self.lies("pending", of=key)

    def credit(self, key: UUID) -> Decimal:
        return self.lies("credit", of=key)

    def owed(self, key: UUID) -> Decimal:
        return -self.lies("receivable", of=key)

    def held_in_all(self, key: UUID) -> Decimal:
        scopes = Contract.objects.filter(client=key).values_list("pk", flat=True)
        return sum((self.in_all(scope) for scope in scopes), ZERO)
