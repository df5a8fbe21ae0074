"""Money on its way in or out through a gateway. Knows what it is for only by a name and opaque ids.

A payment is committed before the gateway is asked, and its id is the key that the gateway is asked with.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escrow.gateways.base import Direction as Way
from escrow.models.method import PaymentMethod
from escrow.money import MoneyField
from marketplace.clock import Now
from marketplace.models import Party


class Direction(models.TextChoices):
    CHARGE = Way.CHARGE.value, _("charge")
    REFUND = Way.REFUND.value, _("refund")
    PAYOUT = Way.PAYOUT.value, _("payout")


class PaymentStatus(models.TextChoices):
    CREATED = "created", _("created")
    ASKED = "asked", _("asked")
    CONFIRMED = "confirmed", _("confirmed")
    FAILED = "failed", _("failed")
    REFUNDED = "refunded", _("money went back")


OPEN = (PaymentStatus.CREATED, PaymentStatus.ASKED)
UNUSUAL = (*OPEN, PaymentStatus.FAILED, PaymentStatus.REFUNDED)
NEXT: dict[str, tuple[PaymentStatus, ...]] = {
    PaymentStatus.CREATED: (PaymentStatus.ASKED,),
    PaymentStatus.ASKED: (PaymentStatus.CONFIRMED, PaymentStatus.FAILED),
    PaymentStatus.CONFIRMED: (PaymentStatus.REFUNDED,),
    PaymentStatus.FAILED: (),
    PaymentStatus.REFUNDED: (),
}
# A charge can be found to be confirmed after all; and a refund of it can come back.
NEXT_OF_CHARGE: dict[str, tuple[PaymentStatus, ...]] = {
    **NEXT,
    PaymentStatus.FAILED: (PaymentStatus.CONFIRMED,),
    PaymentStatus.REFUNDED: (PaymentStatus.CONFIRMED,),
}


class Payment(models.Model):
    """One charge, refund or payout. `purpose` and `subject` say what it is for, `scope` whose escrow it concerns.

    What was asked for never changes (a trigger); the status takes only the steps of NEXT, or for a charge
    those of NEXT_OF_CHARGE (the same trigger). A charge that its bank took back says so in `failure`, and stays so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    direction = models.CharField(_("direction"), max_length=6, choices=Direction)
    purpose = models.CharField(_("purpose"), max_length=40)
    subject = models.UUIDField(_("subject"))
    scope = models.UUIDField(_("scope"), null=True)
    party = models.ForeignKey(Party, models.PROTECT, related_name="payments", verbose_name=_("party"))
    amount = MoneyField(_("amount"))
    method = models.ForeignKey(
        PaymentMethod, models.PROTECT, null=True, related_name="payments", verbose_name=_("payment method")
    )
    refunds = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="refunded_by", verbose_name=_("refunds the charge")
    )
    gateway = models.CharField(_("gateway"), max_length=16)
    status = models.CharField(_("status"), max_length=9, choices=PaymentStatus, default=PaymentStatus.CREATED)
    reference = models.CharField(_("the gateway's reference"), max_length=100, blank=True)
    confirm_url = models.CharField(_("where the payer confirms"), max_length=2000, blank=True)
    awaits_payer = models.BooleanField(_("waits for the payer"), default=False)
    failure = models.CharField(_("what went wrong"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    asked_at = models.DateTimeField(_("asked"), null=True, editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True, editable=False)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="payment_direction_valid"),
            models.CheckConstraint(condition=Q(status__in=PaymentStatus.values), name="payment_status_valid"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(condition=~Q(purpose="") & ~Q(gateway=""), name="payment_purpose_given"),
            models.CheckConstraint(
                condition=Q(direction=Direction.REFUND, refunds__isnull=False, method=None)
                | ~Q(direction=Direction.REFUND) & Q(refunds=None, method__isnull=False),
                name="payment_refund_names_its_charge",
            ),
            models.CheckConstraint(
                condition=Q(status=PaymentStatus.CREATED, asked_at=None)
                | ~Q(status=PaymentStatus.CREATED) & Q(asked_at__isnull=False),
                name="payment_asked_at_once_asked",
            ),
            models.CheckConstraint(
                condition=Q(status__in=OPEN, settled_at=None) | ~Q(status__in=OPEN) & Q(settled_at__isnull=False),
                name="payment_settled_at_once_settled",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(PaymentStatus.CONFIRMED, PaymentStatus.REFUNDED)) | ~Q(reference=""),
                name="payment_confirmed_has_reference",
            ),
            models.CheckConstraint(
                condition=Q(status=PaymentStatus.FAILED) & ~Q(failure="")
                | Q(status=PaymentStatus.REFUNDED)
                | Q(failure="", status__in=(*OPEN, PaymentStatus.CONFIRMED)),
                name="payment_failure_says_why",
            ),
            models.CheckConstraint(
                condition=Q(awaits_payer=False, confirm_url="")
                | Q(awaits_payer=True, status=PaymentStatus.ASKED, direction=Direction.CHARGE) & ~Q(reference=""),
                name="payment_awaits_payer_once_asked",
            ),
            models.UniqueConstraint(
                fields=["purpose", "subject"], condition=Q(status__in=OPEN), name="payment_one_open_for_a_subject"
            ),
            models.UniqueConstraint(
                fields=["gateway", "reference"], condition=~Q(reference=""), name="payment_of_reference"
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="payment_latest"),
            models.Index(
                fields=["status", "-created_at", "-id"],
                condition=Q(status__in=UNUSUAL),
                name="payment_of_unusual_status",
            ),
            models.Index(fields=["created_at"], condition=Q(status__in=OPEN), name="payment_open"),
            models.Index(fields=["party", "-created_at", "-id"], name="payment_of_party"),
            models.Index(fields=["scope", "-created_at"], condition=~Q(scope=None), name="payment_of_scope"),
            models.Index(
                fields=["settled_at"],
                condition=Q(direction=Direction.REFUND, status__in=(PaymentStatus.FAILED, PaymentStatus.REFUNDED)),
                name="payment_refund_came_back",
            ),
            models.Index(
                fields=["subject", "created_at"], condition=Q(direction=Direction.REFUND), name="payment_refund_tries"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} · {self.amount} · {self.get_status_display()}"

    @property
    def is_open(self) -> bool:
        """Whether nobody knows yet how it ends."""
        return self.status in OPEN

    @property
    def was_taken_back(self) -> bool:
        """Whether it is a charge that its payer's bank took back."""
        return self.status == PaymentStatus.REFUNDED and self.direction == Direction.CHARGE and self.failure != ""

    @property
    def journal_key(self) -> str:
        """The key of the journal that this payment posts."""
        return f"{self.direction}:{self.pk}"

    def move_to(self, status: PaymentStatus) -> None:
        """Take an allowed step to `status`, unsaved; ValueError names the forbidden one."""
        steps = NEXT_OF_CHARGE if self.direction == Direction.CHARGE else NEXT
        if status not in steps[self.status]:
            raise ValueError(f"A payment cannot go from {self.status} to {status}.")
        self.status = status
