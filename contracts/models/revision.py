"""The numbered revisions of a plan (X1): each holds the whole plan, so that any two can be compared."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.models.contract import Contract
from contracts.plan import Plan
from marketplace.clock import Now


class PlanRevision(models.Model):
    """A plan as it was saved: which number, by whom, when."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="revisions", verbose_name=_("contract"))
    number = models.PositiveIntegerField(_("number"))
    lines = models.JSONField(_("lines"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("plan revision")
        verbose_name_plural = _("plan revisions")
        ordering = ["contract", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="plan_revision_unique"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="plan_revision_number_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.contract} · {self.number}"

    @property
    def plan(self) -> Plan:
        return Plan.from_json(self.lines)
