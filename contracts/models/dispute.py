"""A dispute about held money, and what each side offers as a split of it (B44). Knows no role and no ledger."""

import uuid
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contracts.models.settlement import REASON_LENGTH, RefundRequest
from contracts.states import NEXT_DISPUTE, DisputeStatus, SplitStatus
from escrow.money import MoneyField
from marketplace.clock import Now
from marketplace.models import User

_DIVIDED = Q(paid__isnull=False, paid__gte=0, returned__isnull=False, returned__gte=0)
_CLOSED = Q(closed_at__isnull=False, closed_by__isnull=False)


class Dispute(models.Model):
    """A dispute (B44). While it is open nothing of the held money moves.

    It is about `refund_request`, whose answer it was, or on a live contract about the `milestone` that was current.
    `from_client` is the side that opened it. `paid` and `returned` are how the money was divided in the end, and
    `decision` is the written reason of the staff who decided.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contract = models.ForeignKey(
        "contracts.Contract", models.PROTECT, related_name="disputes", verbose_name=_("contract")
    )
    refund_request = models.ForeignKey(
        RefundRequest, models.PROTECT, null=True, related_name="disputes", verbose_name=_("refund request")
    )
    milestone = models.ForeignKey(
        "contracts.Milestone", models.PROTECT, null=True, related_name="disputes", verbose_name=_("milestone")
    )
    from_client = models.BooleanField(_("from the client"))
    reason = models.TextField(_("reason"), max_length=REASON_LENGTH)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    status = models.CharField(_("status"), max_length=9, choices=DisputeStatus, default=DisputeStatus.OPEN)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("closed by")
    )
    paid = MoneyField(_("paid"), null=True)
    returned = MoneyField(_("returned"), null=True)
    decision = models.TextField(_("decision"), blank=True, max_length=REASON_LENGTH)

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        indexes = [models.Index(fields=["-at", "-id"], name="dispute_latest")]
        constraints = [
            models.UniqueConstraint(fields=["contract"], condition=Q(closed_at=None), name="dispute_one_open"),
            models.UniqueConstraint(fields=["refund_request", "from_client"], name="dispute_once_a_side"),
            models.CheckConstraint(condition=Q(status__in=DisputeStatus.values), name="dispute_status_valid"),
            models.CheckConstraint(
                condition=Q(refund_request=None, milestone__isnull=False)
                | Q(refund_request__isnull=False, milestone=None),
                name="dispute_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=DisputeStatus.OPEN, closed_at=None, closed_by=None, paid=None, returned=None, decision=""
                )
                | _CLOSED & Q(status=DisputeStatus.WITHDRAWN, paid=None, returned=None, decision="")
                | _CLOSED & _DIVIDED & Q(status=DisputeStatus.SETTLED, decision="")
                | _CLOSED & _DIVIDED & Q(status=DisputeStatus.DECIDED) & ~Q(decision=""),
                name="dispute_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract}"

    @property
    def is_open(self) -> bool:
        return self.status == DisputeStatus.OPEN

    @property
    def is_decided(self) -> bool:
        return self.status == DisputeStatus.DECIDED

    @property
    def is_withdrawn(self) -> bool:
        return self.status == DisputeStatus.WITHDRAWN

    def at_stake(self, held: Decimal) -> Decimal:
        """What of `held` it is about: all of it when the contract ends, otherwise what is held for the milestone.

        What a bank took back is at stake no longer, and what is left over on a live contract never was.
        """
        return min(held, self.milestone.amount) if self.milestone else held

    def close(self, status: DisputeStatus, by: User, at: datetime) -> None:
        """Its one ending, saved: `paid`, `returned` and `decision` are set as the ending needs them."""
        if status not in NEXT_DISPUTE[DisputeStatus(self.status)]:
            raise ValueError(f"A dispute cannot go from {self.status} to {status}.")
        self.status, self.closed_by, self.closed_at = status, by, at
        self.save(update_fields=["status", "closed_by", "closed_at", "paid", "returned", "decision"])


class SplitOffer(models.Model):
    """What one side offers: so much `to_talent`, the rest `to_client`. The other side can accept it at once (B44)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="splits", verbose_name=_("dispute"))
    from_client = models.BooleanField(_("from the client"))
    to_talent = MoneyField(_("to the talent"))
    to_client = MoneyField(_("to the client"))
    note = models.TextField(_("note"), blank=True, max_length=REASON_LENGTH)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    status = models.CharField(_("status"), max_length=9, choices=SplitStatus, default=SplitStatus.OPEN)
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("closed by")
    )

    class Meta:
        verbose_name = _("offer of a split")
        verbose_name_plural = _("offers of a split")
        ordering = ["dispute", "at"]
        constraints = [
            models.UniqueConstraint(
                fields=["dispute", "from_client"], condition=Q(status=SplitStatus.OPEN), name="split_one_open_a_side"
            ),
            models.UniqueConstraint(
                fields=["dispute"], condition=Q(status=SplitStatus.ACCEPTED), name="split_one_accepted"
            ),
            models.CheckConstraint(condition=Q(status__in=SplitStatus.values), name="split_status_valid"),
            models.CheckConstraint(
                condition=Q(to_talent__gte=0, to_client__gte=0) & ~Q(to_talent=0, to_client=0),
                name="split_divides_something",
            ),
            models.CheckConstraint(
                condition=Q(status=SplitStatus.OPEN, closed_at=None, closed_by=None)
                | ~Q(status=SplitStatus.OPEN) & _CLOSED,
                name="split_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to_talent} / {self.to_client} · {self.dispute}"

    @property
    def is_open(self) -> bool:
        return self.status == SplitStatus.OPEN

    def close(self, status: SplitStatus, by: User, at: datetime) -> None:
        """Its one ending, saved; ValueError once it is over."""
        if not self.is_open:
            raise ValueError(f"An offer of a split cannot go from {self.status} to {status}.")
        self.status, self.closed_by, self.closed_at = status, by, at
        self.save(update_fields=["status", "closed_by", "closed_at"])
