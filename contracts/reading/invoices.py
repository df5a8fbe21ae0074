"""An invoice as one of its two sides reads it. Knows no page and no request.

The client's copy says what was paid; the talent's also says what it left to Cairn, as its receipt for the fee.
"""

from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, EarningKind, Invoice, Side
from contracts.reading.sentences import Sentence
from marketplace.models import User

ITEMS = {
    EarningKind.RELEASE: _("Milestone: {item}"),
    EarningKind.BONUS: _("Bonus: {item}"),
    EarningKind.SETTLEMENT: _("Work until the contract ended"),
}
BONUS = _("Bonus")


@dataclass(frozen=True)
class Copy:
    """An invoice, and whether this is the copy of its issuer."""

    invoice: Invoice
    contract: Contract
    is_issuers: bool

    @property
    def issuer(self) -> Side:
        return self.invoice.sides[0]

    @property
    def client(self) -> Side:
        return self.invoice.sides[1]

    @property
    def fee_taken(self) -> Decimal:
        """The fee as what it does to the sum."""
        return -self.invoice.fee

    @property
    def day(self) -> date:
        """The day that it bears: one for both sides, whatever their clocks say."""
        return self.invoice.issued_at.astimezone(UTC).date()

    @property
    def item(self) -> Sentence:
        """What was paid for."""
        kind = EarningKind(self.invoice.earning.kind)
        is_bare = kind == EarningKind.BONUS and not self.invoice.item
        return Sentence(str(BONUS if is_bare else ITEMS[kind]), {"item": self.invoice.item})


def invoice_for(user: User, invoice_id: UUID) -> Copy | None:
    """The invoice, for somebody who may enter its contract's room; None for everybody else. Two queries."""
    invoice = Invoice.objects.select_related("earning").filter(pk=invoice_id).first()
    contract = invoice and Contract.objects.visible_to(user).filter(pk=invoice.earning.contract_id).first()
    return Copy(invoice, contract, bool(contract.talent_role)) if invoice and contract else None
