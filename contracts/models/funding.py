"""How the money of a milestone got into escrow: what was held already, and what was charged."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from escrow.money import MoneyField
from marketplace.clock import Now


class Funding(models.Model):
    """One attempt to fund a milestone, or the deposit of an offer when it names none (B21, B40).

    `charge` is what the client is charged, `fee` the initiation fee in it, `leftover` what was held before and counts.
    The id is that of the payment, when there is something to charge. A milestone may be gone that was never funded.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contract = models.ForeignKey(
        "contracts.Contract", models.PROTECT, related_name="fundings", verbose_name=_("contract")
    )
    milestone = models.ForeignKey(
        "contracts.Milestone", models.DO_NOTHING, null=True, db_constraint=False, related_name="fundings",
        verbose_name=_("milestone"),
    )  # fmt: skip
    charge = MoneyField(_("charge"))
    fee = MoneyField(_("initiation fee"))
    leftover = MoneyField(_("from leftover"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("funding")
        verbose_name_plural = _("fundings")
        indexes = [models.Index(fields=["-at", "-id"], name="funding_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(fee__gte=0, leftover__gte=0, charge__gte=F("fee")), name="funding_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.charge} · {self.contract}"
