"""What a party pays with, or is paid out to. Knows the gateway's name for it, never a number."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escrow.gateways.base import MethodKind as Kind
from marketplace.clock import Now
from marketplace.models import Party


class MethodKind(models.TextChoices):
    CARD = Kind.CARD.value, _("card")
    BANK = Kind.BANK.value, _("bank account")


class PaymentMethodQuerySet(models.QuerySet["PaymentMethod"]):
    def usable(self) -> Self:
        """Those that were not removed, the default ones first."""
        return self.filter(removed_at=None).order_by("kind", "-is_default", "pk")


class PaymentMethod(models.Model):
    """A card or a bank account of a party, kept by a gateway under `token`. A removed one stays for its payments."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="payment_methods", verbose_name=_("party"))
    kind = models.CharField(_("kind"), max_length=4, choices=MethodKind)
    gateway = models.CharField(_("gateway"), max_length=16)
    token = models.CharField(_("token"), max_length=200)
    brand = models.CharField(_("brand"), max_length=40)
    last4 = models.CharField(_("last four digits"), max_length=4)
    is_default = models.BooleanField(_("default"), default=False)
    added_at = models.DateTimeField(_("added"), db_default=Now(), editable=False)
    removed_at = models.DateTimeField(_("removed"), null=True, editable=False)

    objects = PaymentMethodQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment method")
        verbose_name_plural = _("payment methods")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MethodKind.values), name="method_kind_valid"),
            models.CheckConstraint(condition=~Q(token="") & ~Q(gateway=""), name="method_kept_by_a_gateway"),
            models.CheckConstraint(condition=Q(last4__regex=r"^\d{4}$"), name="method_shows_four_digits"),
            models.CheckConstraint(condition=~Q(token__regex=r"\d{12}"), name="method_token_is_no_number"),  # noqa: S106
            models.CheckConstraint(condition=Q(is_default=False) | Q(removed_at=None), name="method_default_is_usable"),
            models.UniqueConstraint(fields=["party", "kind"], condition=Q(is_default=True), name="method_one_default"),
            models.UniqueConstraint(
                fields=["party", "gateway", "token"], condition=Q(removed_at=None), name="method_kept_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand} •••• {self.last4}"
