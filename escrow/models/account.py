"""Places where money lies: a party's, a scope's, or shared by all. Knows no contract: a scope is an opaque UUID.

A balance is credits less debits, for every account. What lies inside is positive, so the outside world is negative
by as much, and all of them together are always 0.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.models import Party


class Kind(models.TextChoices):
    OUTSIDE = "outside", _("outside world")
    FEES = "fees", _("platform fees")
    PENDING = "pending", _("pending")
    AVAILABLE = "available", _("available")
    CREDIT = "credit", _("credit")
    RECEIVABLE = "receivable", _("receivable")
    ESCROW = "escrow", _("escrow")
    INITIATION_FEE = "initiation_fee", _("held initiation fee")


# Whose an account of each kind is. Shared ones keep no balance, so that no row is everybody's bottleneck.
SHARED = (Kind.OUTSIDE, Kind.FEES)
OF_PARTY = (Kind.PENDING, Kind.AVAILABLE, Kind.CREDIT, Kind.RECEIVABLE)
OF_SCOPE = (Kind.ESCROW, Kind.INITIATION_FEE)


class Account(models.Model):
    """One account. A trigger on transfers is the only thing that moves `balance`; a shared account has none."""

    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="accounts", verbose_name=_("party"))
    scope = models.UUIDField(_("scope"), null=True)
    balance = models.DecimalField(_("balance"), max_digits=14, decimal_places=2, null=True)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        indexes = [models.Index(fields=["kind", "-id"], name="account_of_kind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SHARED, party=None, scope=None, balance=None)
                | Q(kind__in=OF_PARTY, party__isnull=False, scope=None, balance__isnull=False)
                | Q(kind__in=OF_SCOPE, party=None, scope__isnull=False, balance__isnull=False),
                name="account_owner_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(balance=None) | Q(kind=Kind.RECEIVABLE) | Q(balance__gte=0),
                name="account_not_below_zero",
            ),
            models.UniqueConstraint(fields=["kind", "party"], condition=~Q(party=None), name="account_of_party"),
            models.UniqueConstraint(fields=["kind", "scope"], condition=~Q(scope=None), name="account_of_scope"),
            models.UniqueConstraint(fields=["kind"], condition=Q(party=None, scope=None), name="account_shared"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.party or self.scope}" if self.is_stored else self.get_kind_display()

    @property
    def is_stored(self) -> bool:
        """Whether the row itself keeps a balance."""
        return self.kind not in SHARED
