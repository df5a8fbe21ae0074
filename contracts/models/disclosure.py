"""That what people wrote to each other was shown to staff: to whom, of which contract, what and when. Kept for good."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contracts.models.contract import Contract
from marketplace.clock import Now


class Shown(models.TextChoices):
    MESSAGE = "message", _("one message")
    MESSAGES = "messages", _("its messages")
    EVIDENCE = "evidence", _("the evidence of a dispute")


class Disclosure(models.Model):
    """One page that staff opened. Written before the page is shown, and never altered (rights, and a trigger)."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="disclosures", verbose_name=_("contract"))
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("shown to"))
    what = models.CharField(_("what"), max_length=8, choices=Shown)
    posts = models.CharField(_("which"), max_length=60, blank=True)
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        constraints = [models.CheckConstraint(condition=Q(what__in=Shown.values), name="disclosure_what_valid")]
        indexes = [models.Index(fields=["contract", "-id"], name="disclosure_of_contract")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} · {self.contract}"
