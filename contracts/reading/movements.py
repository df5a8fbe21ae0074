"""One movement of money on a statement, and what it is called for the side that reads it. Knows no query."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contracts.models import EarningKind
from contracts.reading.sentences import Sentence
from contracts.reading.words import in_plain_words
from escrow.models import Cause, Kind

ACCOUNTS = {
    Kind.PENDING: _("Pending, in its security hold"),
    Kind.AVAILABLE: _("Available to withdraw"),
    Kind.CREDIT: _("On its way back to you"),
    Kind.RECEIVABLE: _("Owed to Cairn"),
    Kind.ESCROW: _("Held for work"),
    Kind.INITIATION_FEE: _("Initiation fee, held"),
}
OF_CLIENT = {
    EarningKind.RELEASE: _("Released for {title}: {gross}"),
    EarningKind.BONUS: _("Bonus, charged and paid: {gross}"),
    EarningKind.SETTLEMENT: _("Paid when the contract ended: {gross}"),
}
INITIATION_FEE, ON_ITS_WAY_BACK = _("initiation fee: {beside}"), _("on its way back to you: {moved}")
OF_TALENT = {
    EarningKind.RELEASE: _("Release for {title}: {gross} less a fee of {fee}"),
    EarningKind.BONUS: _("Bonus: {gross} less a fee of {fee}"),
    EarningKind.SETTLEMENT: _("Payment when the contract ended: {gross} less a fee of {fee}"),
}
OF_CAUSE = {
    Cause.FUND: _("Charge for {title}"),
    Cause.DEPOSIT: _("Charge that was not needed any more; it goes back"),
    Cause.RELEASE: _("Release"),
    Cause.BONUS: _("Bonus"),
    Cause.MATURING: _("Security hold over: {moved} can be withdrawn"),
    Cause.WITHDRAWAL: _("Withdrawal"),
    Cause.PAYOUT_RETURNED: _("Withdrawal that came back"),
    Cause.REFUND: _("No longer held; on its way back to you: {moved}"),
    Cause.EXPIRY: _("Offer closed; on its way back to you: {moved}"),
    Cause.PAYBACK: _("Paid back to your payment method"),
    Cause.CHARGEBACK: _("Charge taken back by the bank"),
    Cause.SETTLEMENT: _("What was owed to Cairn, paid first: {moved}"),
    Cause.SPLIT: _("Settled; on its way back to you: {moved}"),
    Cause.REVERSAL: _("Reversal"),
}
DEPOSIT = _("Deposit of an offer")


class Movement(NamedTuple):
    """What one journal did: what came in and went out, what only changed its place, and the balance after it.

    `kind`, `gross` and `fee` are those of what was earned by it, `invoice` and `number` its invoice's: all of them
    may be None. `title` is the milestone's, or empty.
    """

    at: datetime
    cause: str
    incoming: Decimal
    outgoing: Decimal
    moved: Decimal
    kind: str | None
    gross: Decimal | None
    fee: Decimal | None
    title: str
    contract: UUID | None
    contract_title: str
    invoice: UUID | None
    number: int | None
    is_client: bool
    balance: Decimal

    @property
    def what(self) -> Sentence:
        """What happened, in a few words."""
        values = {
            "title": self.title, "gross": self.gross, "fee": self.fee, "moved": self.moved, "beside": self.beside,
        }  # fmt: skip
        return Sentence("; ".join(map(str, _words_for(self))), values)

    @property
    def in_plain_words(self) -> str:
        """The same as plain text."""
        return in_plain_words(self.what)

    @property
    def beside(self) -> Decimal:
        """What went out beside what was earned: the initiation fee, at the first release."""
        return self.outgoing - (self.gross or self.outgoing)


class Lot(NamedTuple):
    """What one account held before and after a period. `contract` is what it is held for, if for any."""

    kind: str
    contract: UUID | None
    contract_title: str
    opening: Decimal
    closing: Decimal

    @property
    def name(self) -> str:
        return str(ACCOUNTS[Kind(self.kind)])


def _words_for(movement: Movement) -> list[str | Promise]:
    if movement.kind is None:
        is_deposit = movement.cause == Cause.FUND and not movement.title
        return [DEPOSIT if is_deposit else OF_CAUSE[Cause(movement.cause)]]
    if not movement.is_client:
        return [OF_TALENT[EarningKind(movement.kind)]]
    also = ((INITIATION_FEE, movement.beside), (ON_ITS_WAY_BACK, movement.moved))
    return [OF_CLIENT[EarningKind(movement.kind)], *(words for words, amount in also if amount)]
