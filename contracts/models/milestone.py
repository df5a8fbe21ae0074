"""One step of a contract, and the limits that the database itself holds."""

import uuid

from django.db import models
from django.db.models import Q, Subquery
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
from contracts.states import CURRENT, NEXT_MILESTONE, DisputeStatus, MilestoneStatus
from escrow.money import MoneyField

_CLOSED = sorted({MilestoneStatus.PAID, MilestoneStatus.REFUNDED, MilestoneStatus.CANCELLED})


class Milestone(models.Model):
    """A milestone. Its key is chosen before it exists here, and stays with it (design.md, one description).

    `paid` is what was released for it, before the fee. `review_by` is when a submission is released by itself (B31),
    null while no clock runs; `remind_at` when the client is reminded next (B32).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="milestones", verbose_name=_("contract"))
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    description = models.TextField(_("description"), blank=True, max_length=DESCRIPTION_LENGTH)
    amount = MoneyField(_("amount"))
    due_date = models.DateField(_("due date"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=17, choices=MilestoneStatus, default=MilestoneStatus.FUTURE)
    funded_at = models.DateTimeField(_("funded"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    paid = MoneyField(_("paid"), null=True, editable=False)
    review_by = models.DateTimeField(_("to be reviewed by"), null=True, editable=False)
    remind_at = models.DateTimeField(_("next reminder"), null=True, editable=False)

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
            models.CheckConstraint(
                condition=Q(status=MilestoneStatus.PAID, paid__gt=0, closed_at__isnull=False)
                | ~Q(status=MilestoneStatus.PAID) & Q(paid=None),
                name="milestone_paid_once_paid",
            ),
            models.CheckConstraint(
                condition=Q(status__in=_CLOSED, closed_at__isnull=False) | ~Q(status__in=_CLOSED) & Q(closed_at=None),
                name="milestone_closed_at_once_closed",
            ),
            models.CheckConstraint(
                condition=Q(review_by=None, remind_at=None)
                | Q(status=MilestoneStatus.SUBMITTED, review_by__isnull=False),
                name="milestone_reviewed_once_submitted",
            ),
        ]
        indexes = [
            models.Index(fields=["review_by"], condition=~Q(review_by=None), name="milestone_review_due"),
            models.Index(fields=["remind_at"], condition=~Q(remind_at=None), name="milestone_reminder_due"),
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

    def is_disputable(self, *, by_client: bool) -> bool:
        """Whether a dispute can be about it, as current: the client's once work was submitted, the talent's after the
        second request for changes (B44). After one that this side withdrew, once more of it has happened since.
        """
        what, enough = ("at", 1) if by_client else ("returned_at", 2)
        given_up = self.disputes.filter(from_client=by_client, status=DisputeStatus.WITHDRAWN).order_by("-closed_at")
        handed = self.submissions.filter(**{f"{what}__isnull": False})
        moments = handed.annotate(given_up=Subquery(given_up.values("closed_at")[:1])).values_list(what, "given_up")
        return len(moments) >= enough and any(given_up is None or at > given_up for at, given_up in moments)

    @property
    def line(self) -> Line:
        """This milestone as a line of the plan."""
        return Line(self.pk, self.title, self.description, self.amount, self.due_date)

    def move_to(self, status: MilestoneStatus) -> None:
        """Take an allowed step to `status`, unsaved; ValueError names the forbidden one."""
        if status not in NEXT_MILESTONE[MilestoneStatus(self.status)]:
            raise ValueError(f"A milestone cannot go from {self.status} to {status}.")
        self.status = status
