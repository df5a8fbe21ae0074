"""Why money moved: one journal for each cause that came about, once. Knows not what the cause means elsewhere."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.clock import Now


class Cause(models.TextChoices):
    """What moves money; docs/ledger.md says what each of them posts."""

    FUND = "fund", _("funding")
    DEPOSIT = "deposit", _("deposit without a purpose")
    RELEASE = "release", _("release")
    BONUS = "bonus", _("bonus")
    MATURING = "maturing", _("security hold over")
    WITHDRAWAL = "withdrawal", _("withdrawal")
    PAYOUT_RETURNED = "payout_returned", _("payout returned")
    REFUND = "refund", _("refund")
    EXPIRY = "expiry", _("offer expired or called off")
    PAYBACK = "payback", _("paid back to the payment method")
    CHARGEBACK = "chargeback", _("chargeback")
    SETTLEMENT = "settlement", _("receivable settled")
    SPLIT = "split", _("dispute decided")
    REVERSAL = "reversal", _("reversal")


# What hardly ever happens, and is looked for all the more.
SELDOM = (Cause.DEPOSIT, Cause.PAYOUT_RETURNED, Cause.CHARGEBACK, Cause.SETTLEMENT, Cause.SPLIT, Cause.REVERSAL)


class Transaction(models.Func):
    """The number of the database transaction that writes a row."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = models.BigIntegerField()


class Journal(models.Model):
    """Transfers that belong together. `key` names the cause (`release:<uuid>`) and is posted at most once (I17).

    `reverses` is the journal that this one gives back, in whole or in part (I12). `transaction` closes the journal:
    transfers join it only in the database transaction that began it.
    """

    key = models.CharField(_("key"), max_length=200)
    cause = models.CharField(_("cause"), max_length=16, choices=Cause)
    scope = models.UUIDField(_("scope"), null=True)
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="reversals", verbose_name=_("reverses")
    )
    transaction = models.BigIntegerField(_("transaction"), db_default=Transaction(), editable=False)

    class Meta:
        verbose_name = _("journal")
        verbose_name_plural = _("journals")
        constraints = [
            models.UniqueConstraint(fields=["key"], name="journal_key_once"),  # unique=True would add an index for LIKE
            models.CheckConstraint(condition=Q(cause__in=Cause.values), name="journal_cause_valid"),
            models.CheckConstraint(condition=~Q(key=""), name="journal_key_given"),
            models.CheckConstraint(condition=~Q(reverses=F("id")), name="journal_reverses_another"),
        ]
        indexes = [
            models.Index(fields=["scope", "id"], condition=~Q(scope=None), name="journal_of_scope"),
            models.Index(fields=["cause", "-id"], condition=Q(cause__in=SELDOM), name="journal_of_seldom_cause"),
        ]

    def __str__(self) -> str:
        return self.key
