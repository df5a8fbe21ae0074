"""What staff did about somebody's money or account: who asked for it, who agreed, and what it moved. Kept for good."""

import uuid
from decimal import Decimal
from functools import cached_property, reduce
from operator import or_
from typing import NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contracts.models.contract import Contract
from contracts.models.dispute import Dispute
from contracts.models.settlement import REASON_LENGTH
from escrow.models import Journal, Payment
from escrow.money import MoneyField
from marketplace.clock import Now


class ActKind(models.TextChoices):
    DECIDE = "decide", _("decide a dispute")
    REVERSE = "reverse", _("reverse a release")
    REFUND = "refund", _("send a refund again")
    FREEZE = "freeze", _("freeze a contract")
    UNFREEZE = "unfreeze", _("unfreeze a contract")
    SUSPEND = "suspend", _("suspend a user")
    REINSTATE = "reinstate", _("reinstate a user")


# The column that names what an act of each kind is about; and the kinds that move money, so that they have a journal.
TARGETS: dict[str, str] = {
    ActKind.DECIDE: "dispute", ActKind.REVERSE: "journal", ActKind.REFUND: "payment", ActKind.FREEZE: "contract",
    ActKind.UNFREEZE: "contract", ActKind.SUSPEND: "user", ActKind.REINSTATE: "user",
}  # fmt: skip
COLUMNS = ("dispute", "journal", "payment", "contract", "user")
MOVES_MONEY = (ActKind.DECIDE, ActKind.REVERSE, ActKind.REFUND)


class Step(NamedTuple):
    """One transfer that an act makes, in the journal of this key: from one account to another.

    `debit` and `credit` say which accounts, `source` and `target` how staff read them.
    """

    journal: str
    debit: str
    credit: str
    source: str
    target: str
    amount: str

    @property
    def moved(self) -> Decimal:
        return Decimal(self.amount)

    @property
    def figures(self) -> tuple[str, str, str]:
        """What it comes down to; keys of journals and names of parties may differ each time."""
        return self.debit, self.credit, self.amount


def _only(column: str) -> Q:
    """Of the columns that name a target, this one alone is filled, in acts of the kinds that it is for."""
    kinds = sorted(kind for kind, target in TARGETS.items() if target == column)
    return Q(kind__in=kinds, **{f"{other}__isnull": other != column for other in COLUMNS})


class StaffActQuerySet(models.QuerySet["StaffAct"]):
    def waiting(self) -> Self:
        """Those that wait for a second person."""
        return self.filter(done_at=None, refused_at=None)


class StaffAct(models.Model):
    """An act of staff, done at once or, above `limit`, once a second person agreed; or refused.

    `amount` is what its first journal moves, `effect` every transfer of it as it was shown, `to_talent` what a decided
    dispute gives the talent: nothing moves of one about money that a bank took back. `limit` is the setting of the day
    on which it was asked for. The id is the form's key.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("act"), max_length=9, choices=ActKind)
    dispute = models.ForeignKey(Dispute, models.PROTECT, null=True, related_name="acts", verbose_name=_("dispute"))
    journal = models.ForeignKey(Journal, models.PROTECT, null=True, related_name="+", verbose_name=_("journal"))
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="+", verbose_name=_("payment"))
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="acts", verbose_name=_("contract"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="acts_about", verbose_name=_("user")
    )
    to_talent = MoneyField(_("to the talent"), null=True)
    amount = MoneyField(_("amount"), default=Decimal("0.00"))
    effect = models.JSONField(_("effect"), default=list)
    reason = models.TextField(_("reason"), max_length=REASON_LENGTH)
    limit = MoneyField(_("second person above"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked for by")
    )
    requested_at = models.DateTimeField(_("asked for"), db_default=Now(), editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("refused by")
    )
    refused_at = models.DateTimeField(_("refused"), null=True)
    refusal = models.TextField(_("why it was refused"), blank=True, max_length=REASON_LENGTH)
    done_at = models.DateTimeField(_("done"), null=True)
    posted = models.OneToOneField(Journal, models.PROTECT, null=True, related_name="act", verbose_name=_("posted"))

    objects = StaffActQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff act")
        verbose_name_plural = _("staff acts")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ActKind.values), name="act_kind_valid"),
            models.CheckConstraint(condition=reduce(or_, map(_only, COLUMNS)), name="act_names_its_target"),
            models.CheckConstraint(condition=~Q(reason=""), name="act_reason_given"),
            models.CheckConstraint(
                condition=Q(kind=ActKind.DECIDE, to_talent__isnull=False, to_talent__gte=0)
                | ~Q(kind=ActKind.DECIDE) & Q(to_talent=None),
                name="act_divides_when_it_decides",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[ActKind.REFUND, ActKind.REVERSE], amount__gt=0)
                | Q(kind=ActKind.DECIDE, amount__gte=0)
                | ~Q(kind__in=sorted(MOVES_MONEY)) & Q(amount=0),
                name="act_amount_when_it_moves_money",
            ),
            models.CheckConstraint(condition=Q(limit__gte=0), name="act_limit_not_below_zero"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("requested_by")), name="act_second_person_is_another"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False, done_at__isnull=False),
                name="act_approved_whole",
            ),
            models.CheckConstraint(
                condition=Q(refused_by=None, refused_at=None, refusal="")
                | Q(refused_by__isnull=False, refused_at__isnull=False, done_at=None) & ~Q(refusal=""),
                name="act_refused_whole",
            ),
            models.CheckConstraint(
                condition=Q(amount__lte=F("limit"), done_at__isnull=False, approved_by=None)
                | Q(amount__gt=F("limit")) & (Q(done_at=None) | Q(approved_by__isnull=False)),
                name="act_above_the_limit_takes_two",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, done_at__isnull=False, posted__isnull=False)
                | ~Q(amount__gt=0, done_at__isnull=False) & Q(posted=None),
                name="act_posted_once_it_moved",
            ),
            *(
                models.UniqueConstraint(
                    fields=[column], condition=Q(done_at=None, refused_at=None), name=f"act_one_waiting_for_{column}"
                )
                for column in ("dispute", "journal", "payment")
            ),
        ]
        indexes = [
            models.Index(fields=["requested_at"], condition=Q(done_at=None, refused_at=None), name="act_waiting"),
            models.Index(fields=["-requested_at", "-id"], name="act_latest"),
        ]

    def __str__(self) -> str:
        return str(ActKind(self.kind).label).capitalize()

    @property
    def target(self) -> models.Model:
        """What it is about."""
        return getattr(self, TARGETS[self.kind])

    @staticmethod
    def limit_now() -> Decimal:
        """Above it a second person has to agree to what is asked for now."""
        return settings.SECOND_PERSON_ABOVE

    @property
    def takes_two(self) -> bool:
        return self.amount > self.limit

    @property
    def waits(self) -> bool:
        """Whether it waits for a second person."""
        return self.done_at is None and self.refused_at is None

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Its transfers, as they were shown."""
        return tuple(Step(*step) for step in self.effect)
