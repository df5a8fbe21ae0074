"""A bonus that the client ordered: what it says beside its payment."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escrow.money import MoneyField
from marketplace.clock import Now

NOTE_LENGTH = 1000


class Bonus(models.Model):
    """An amount on top of what was agreed, charged by itself (B22). The id is that of the payment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contract = models.ForeignKey(
        "contracts.Contract", models.PROTECT, related_name="bonus_orders", verbose_name=_("contract")
    )
    amount = MoneyField(_("amount"))
    note = models.TextField(_("note"), blank=True, max_length=NOTE_LENGTH)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("bonus")
        verbose_name_plural = _("bonuses")
        indexes = [models.Index(fields=["-at", "-id"], name="bonus_latest")]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="bonus_positive")]

    def __str__(self) -> str:
        return f"{self.amount} · {self.contract}"
