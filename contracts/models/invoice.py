"""What a talent bills its client for an earning: numbered without a gap, and kept as it was on its day.

Knows no page. The database refuses a number that does not follow the one before, and any change afterwards.
"""

import uuid
from dataclasses import asdict, dataclass
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contracts.models.contract import Contract
from contracts.models.earning import Earning
from escrow.money import MoneyField
from marketplace.clock import Now
from marketplace.models import Party, TaxDetails, User


@dataclass(frozen=True)
class Side:
    """One side of an invoice as it stood on its day. All but the name may be empty."""

    name: str
    legal_name: str = ""
    address: str = ""
    country: str = ""
    tax_number: str = ""

    @classmethod
    def of(cls, party: Party) -> Self:
        """The party as it stands now."""
        details = getattr(party, "tax_details", None) or TaxDetails()
        return cls(party.name, details.legal_name, details.address, details.country, details.tax_number)

    def to_json(self) -> dict[str, str]:
        return asdict(self)


class InvoiceSeries(models.Model):
    """The last number that a party gave to an invoice. Its row is locked while the next one is given."""

    party = models.OneToOneField(
        Party, models.PROTECT, primary_key=True, related_name="invoice_series", verbose_name=_("issuer")
    )
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("invoice series")
        verbose_name_plural = _("invoice series")

    def __str__(self) -> str:
        return f"{self.party} · {self.last}"


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def visible_to(self, user: User) -> Self:
        """Those of the contracts whose room `user` may enter."""
        return self.filter(earning__contract__in=Contract.objects.visible_to(user).values("pk"))


class Invoice(models.Model):
    """The invoice for one earning. The client owes `gross` and has paid it; `fee` is what the issuer left to Cairn.

    `item` is the milestone's title, or what the client wrote about a bonus; empty for a settlement.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    earning = models.OneToOneField(Earning, models.PROTECT, related_name="invoice", verbose_name=_("earning"))
    issuer = models.ForeignKey(Party, models.PROTECT, related_name="invoices", verbose_name=_("issuer"))
    number = models.PositiveIntegerField(_("number"))
    issued_by = models.JSONField(_("issuer on that day"))
    issued_to = models.JSONField(_("client on that day"))
    contract_title = models.CharField(_("contract"), max_length=120)
    item = models.TextField(_("item"), blank=True)
    gross = MoneyField(_("gross"))
    fee = MoneyField(_("fee"))
    net = MoneyField(_("net"))
    issued_at = models.DateTimeField(_("issued"), db_default=Now(), editable=False)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        indexes = [models.Index(fields=["-issued_at", "-id"], name="invoice_latest")]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "number"], name="invoice_numbered"),
            models.CheckConstraint(condition=Q(number__gte=1), name="invoice_numbered_from_one"),
            models.CheckConstraint(
                condition=Q(gross__gt=0, fee__gte=0, net__gte=0, gross=F("fee") + F("net")), name="invoice_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issuer} · {self.number}"

    @property
    def sides(self) -> tuple[Side, Side]:
        """Who issued it and to whom, as they stood."""
        return Side(**self.issued_by), Side(**self.issued_to)
