"""How held money goes back: refund requests, of an end or on a live contract (B24)."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contracts.states import NEXT_REFUND, REFUND_LIVE_ONLY, REFUND_OPEN, RefundStatus
from escrow.money import MoneyField
from marketplace.clock import Now

if TYPE_CHECKING:
    from contracts.models.milestone import Milestone

REASON_LENGTH = 5000
_WAITING = [RefundStatus.PENDING, RefundStatus.COUNTERED]


class RefundRequest(models.Model):
    """The client asks for `amount` of what is held: it `ends` the contract, or else goes on with it.

    When it ends, `counter` is what the talent would return, and `answer_by` the deadline of the one whose turn it is:
    the talent's while pending, the client's once countered; null when no clock runs (S10). On a live contract no clock
    ever does, and `milestone` is the current one, if all that is held was asked for. `returned` is what went back to
    the client in the end.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contract = models.ForeignKey(
        "contracts.Contract", models.PROTECT, related_name="refund_requests", verbose_name=_("contract")
    )
    ends = models.BooleanField(_("ends the contract"), default=True)
    milestone = models.ForeignKey(
        "contracts.Milestone", models.PROTECT, null=True, related_name="+", verbose_name=_("milestone")
    )
    amount = MoneyField(_("amount"))
    counter = MoneyField(_("counter"), null=True)
    returned = MoneyField(_("returned"), null=True)
    status = models.CharField(_("status"), max_length=10, choices=RefundStatus, default=RefundStatus.PENDING)
    reason = models.TextField(_("reason"), max_length=REASON_LENGTH)
    answer = models.TextField(_("answer"), blank=True, max_length=REASON_LENGTH)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    answer_by = models.DateTimeField(_("to be answered by"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        verbose_name = _("refund request")
        verbose_name_plural = _("refund requests")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=RefundStatus.values), name="refund_status_valid"),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(status__in=sorted(REFUND_OPEN)), name="refund_one_open"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & (Q(counter=None) | Q(counter__gte=0, counter__lt=F("amount"))),
                name="refund_amounts_make_sense",
            ),
            models.CheckConstraint(
                condition=Q(ends=True, status__in=_WAITING, answer_by__isnull=False)
                | ~Q(ends=True, status__in=_WAITING) & Q(answer_by=None),
                name="refund_clock_runs_while_it_waits",
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(REFUND_OPEN), closed_at=None, returned=None)
                | ~Q(status__in=sorted(REFUND_OPEN)) & Q(closed_at__isnull=False, returned__isnull=False),
                name="refund_closed_once_settled",
            ),
            models.CheckConstraint(
                condition=~Q(status=RefundStatus.COUNTERED) | Q(counter__isnull=False), name="refund_counter_named"
            ),
            models.CheckConstraint(
                condition=Q(returned=None) | Q(returned__gte=0, returned__lte=F("amount")),
                name="refund_returns_what_was_asked",
            ),
            models.CheckConstraint(
                condition=Q(ends=True, milestone=None) & ~Q(status__in=sorted(REFUND_LIVE_ONLY))
                | Q(ends=False, counter=None)
                & Q(status__in=sorted({RefundStatus.PENDING, RefundStatus.APPROVED} | REFUND_LIVE_ONLY)),
                name="refund_answered_as_it_may_be",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(REFUND_LIVE_ONLY)) | Q(returned=0), name="refund_returns_nothing"
            ),
        ]
        indexes = [
            models.Index(fields=["answer_by"], condition=~Q(answer_by=None), name="refund_answer_due"),
            models.Index(fields=["-at", "-id"], name="refund_request_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} · {self.contract}"

    @property
    def is_countered(self) -> bool:
        return self.status == RefundStatus.COUNTERED

    def still_to_return(self, back: Decimal, held: Decimal) -> Decimal:
        """What of `back` is still to go back while `held` is left: a bank may have taken some of it already."""
        return max(Decimal("0.00"), back - (self.amount - held))

    def reachable(self, held: Decimal, current: Milestone | None) -> Decimal:
        """What can still go back of a request on a live contract for which `held` is held.

        What the `current` milestone claims stays, unless it is the one that the request is about.
        """
        claimed = current.amount if current and current.pk != self.milestone_id else Decimal("0.00")
        return min(self.amount, max(Decimal("0.00"), held - claimed))

    def close(self, status: RefundStatus, returned: Decimal, at: datetime) -> None:
        """Its one ending, saved (S7): `returned` went back to the client."""
        self.move_to(status)
        self.returned, self.closed_at, self.answer_by = returned, at, None
        self.save(update_fields=["status", "returned", "closed_at", "answer_by", "answer"])

    def move_to(self, status: RefundStatus) -> None:
        """Take an allowed step to `status`, unsaved; ValueError names the forbidden one."""
        if status not in NEXT_REFUND[RefundStatus(self.status)]:
            raise ValueError(f"A refund request cannot go from {self.status} to {status}.")
        self.status = status
