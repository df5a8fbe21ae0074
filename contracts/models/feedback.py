"""What each side says of the other once a contract has ended (B43)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.clock import Now

FEEDBACK_LENGTH = 5000


class Feedback(models.Model):
    """A rating of 1 to 5 and a text, hidden until the contract's `revealed_at`."""

    contract = models.ForeignKey(
        "contracts.Contract", models.PROTECT, related_name="feedback", verbose_name=_("contract")
    )
    party = models.ForeignKey("marketplace.Party", models.PROTECT, related_name="+", verbose_name=_("given by"))
    rating = models.PositiveSmallIntegerField(_("rating"))
    text = models.TextField(_("text"), blank=True, max_length=FEEDBACK_LENGTH)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        indexes = [models.Index(fields=["-at", "-id"], name="feedback_latest")]
        constraints = [
            models.UniqueConstraint(fields=["contract", "party"], name="feedback_once_for_a_party"),
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="feedback_rating_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.rating} · {self.contract}"
