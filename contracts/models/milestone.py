"""One step of a contract, and the limits that the database itself holds."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from contracts.models.contract import Contract
from contracts.plan import (
    DESCRIPTION_LENGTH,
    MAXIMUM_AMOUNT,
    MAXIMUM_MILESTONES,
    MINIMUM_AMOUNT,
    TITLE_LENGTH,
    Line,
)
from contracts.states import CURRENT, NEXT_MILESTONE, MilestoneStatus
from escrow.money import MoneyField


class Milestone(models.Model):
    """A milestone. Its key is chosen before it exists here, and stays with it (design.md, one description)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="milestones", verbose_name=_("contract"))
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    description = models.TextField(_("description"), blank=True, max_length=DESCRIPTION_LENGTH)
    amount = MoneyField(_("amount"))
    due_date = models.DateField(_("due date"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=17, choices=MilestoneStatus, default=MilestoneStatus.FUTURE)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["contract", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "position"],
                name="milestone_position_unique",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(status__in=sorted(CURRENT)),
                name="milestone_one_current",
            ),
            models.CheckConstraint(condition=Q(status__in=MilestoneStatus.values), name="milestone_status_valid"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MAXIMUM_MILESTONES),
                name="milestone_position_in_plan",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=MINIMUM_AMOUNT, amount__lte=MAXIMUM_AMOUNT),
                name="milestone_amount_in_limits",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="milestone_title_given"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("description"), DESCRIPTION_LENGTH),
                name="milestone_description_length",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_future(self) -> bool:
        """Not yet activated and funded: the only kind that can be edited, deleted or moved (B4)."""
        return self.status == MilestoneStatus.FUTURE

    @property
    def is_current(self) -> bool:
        return self.status in CURRENT

    @property
    def line(self) -> Line:
        """This milestone as a line of the plan."""
        return Line(self.pk, self.title, self.description, self.amount, self.due_date)

    def move_to(self, status: MilestoneStatus) -> None:
        """Take an allowed step to `status`, unsaved; ValueError names the forbidden one."""
        if status not in NEXT_MILESTONE[MilestoneStatus(self.status)]:
            raise ValueError(f"A milestone cannot go from {self.status} to {status}.")
        self.status = status
