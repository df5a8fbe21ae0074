"""What a talent earned: one row for each release, bonus and settlement, with its fee and its security hold."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from escrow.models import Journal
from escrow.money import MoneyField
from marketplace.clock import Now


class EarningKind(models.TextChoices):
    RELEASE = "release", _("release")
    BONUS = "bonus", _("bonus")
    SETTLEMENT = "settlement", _("settlement")


class Earning(models.Model):
    """Money that went to the talent. `gross` is what the client paid, `net` what is left after the fee (B23, I7).

    A milestone is released once (I8); a settlement is what a talent gets of held money that no milestone claims, when
    the contract ends (B24). `by` is null when the clock did it (B31). `matured_at` is set once `net` can be withdrawn.
    `journal` is where the money moved, and `reversal` where staff took it back, if they did.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contract = models.ForeignKey(
        "contracts.Contract", models.PROTECT, related_name="earnings", verbose_name=_("contract")
    )
    milestone = models.OneToOneField(
        "contracts.Milestone", models.PROTECT, null=True, related_name="earning", verbose_name=_("milestone")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=EarningKind)
    gross = MoneyField(_("gross"))
    fee = MoneyField(_("fee"))
    net = MoneyField(_("net"))
    journal = models.OneToOneField(Journal, models.PROTECT, related_name="+", verbose_name=_("journal"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    reversal = models.OneToOneField(Journal, models.PROTECT, null=True, related_name="+", verbose_name=_("reversed by"))
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    matures_at = models.DateTimeField(_("can be withdrawn from"))
    matured_at = models.DateTimeField(_("matured"), null=True)

    class Meta:
        verbose_name = _("earning")
        verbose_name_plural = _("earnings")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EarningKind.values), name="earning_kind_valid"),
            models.CheckConstraint(
                condition=Q(gross__gt=0, fee__gte=0, net__gte=0, gross=F("fee") + F("net")), name="earning_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(kind=EarningKind.RELEASE, milestone__isnull=False, milestone=F("id"))
                | ~Q(kind=EarningKind.RELEASE) & Q(milestone=None),
                name="earning_of_a_milestone_when_released",
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="earning_latest"),
            models.Index(fields=["contract", "at"], name="earning_of_contract"),
            models.Index(fields=["matures_at"], condition=Q(matured_at=None), name="earning_matures"),
        ]

    def __str__(self) -> str:
        return f"{self.gross} · {self.contract}"
