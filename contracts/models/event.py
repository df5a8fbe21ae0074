"""What happened on a contract: written with the change itself, never altered, read by Activity and by telling."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.models.contract import Contract
from contracts.models.revision import PlanRevision
from marketplace.clock import Now


class EventKind(models.TextChoices):
    CONTRACT_OPENED = "contract_opened", _("contract opened")
    PLAN_SAVED = "plan_saved", _("plan saved")
    MILESTONE_ADDED = "milestone_added", _("milestone added")


class Event(models.Model):
    """One thing that one person did. `revision` is the plan that it made; its change set is against the one before."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="events", verbose_name=_("contract"))
    kind = models.CharField(_("kind"), max_length=32, choices=EventKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    revision = models.OneToOneField(
        PlanRevision, models.PROTECT, null=True, related_name="event", verbose_name=_("revision")
    )

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=EventKind.values), name="event_kind_valid")]
        indexes = [models.Index(fields=["contract", "-id"], name="event_of_contract")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.contract}"
