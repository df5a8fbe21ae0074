"""A contract, who of an agency works on it, and who can see it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from contracts.models.change_request import ChangeRequest
from contracts.models.dispute import Dispute
from contracts.models.earning import Earning, EarningKind
from contracts.models.settlement import RefundRequest
from contracts.plan import Plan
from contracts.states import (
    CLOSED,
    CURRENT,
    FUNDED,
    NEXT_CONTRACT,
    REFUND_OPEN,
    ContractStatus,
    RequestStatus,
    SplitStatus,
)
from escrow.models import Account, Kind
from escrow.money import MoneyField
from marketplace.clock import Now
from marketplace.models import Job, MemberRole, Membership, Party, User
from marketplace.prepared import Given

if TYPE_CHECKING:
    from contracts.models.milestone import Milestone


class ContractQuerySet(models.QuerySet["Contract"]):
    """Contracts, narrowed to what somebody may see or acts for."""

    def visible_to(self, user: User | Given) -> Self:
        """Those whose room `user` may enter, with the roles it has there (domain.md, roles).

        Annotates `client_role` and `talent_role`: a MemberRole or None. A member of an agency sees only the
        contracts it is assigned to, and nobody of the talent's an offer that was never sent.
        """
        assigned = ContractMember.objects.filter(contract=OuterRef("pk"), membership__user=user)
        return (
            self.with_settlement()
            .annotate(
                client_role=_role_in(user, "client"),
                talent_role=_role_in(user, "talent"),
            )
            .annotate(assigned=Exists(assigned))
            .filter(
                Q(client_role__isnull=False)
                | Q(talent_role__isnull=False, sent_at__isnull=False)
                & (~Q(talent_role=MemberRole.MEMBER) | Q(assigned=True))
            )
        )

    def with_settlement(self) -> Self:
        """Annotates `is_disputed`: whether an open dispute freezes the money (B44), and `refund_status`, that of the
        open refund request that ends the contract or None; `asks_back`: whether one is open that does not.
        `client_offers_split` and `talent_offers_split`: whose offer of a split the other side can accept.
        `request_from_client` says whose pending change request there is: None without one.
        """
        asked = RefundRequest.objects.filter(contract=OuterRef("pk"), status__in=REFUND_OPEN)
        pending = ChangeRequest.objects.filter(contract=OuterRef("pk"), status=RequestStatus.PENDING)
        dispute = Dispute.objects.filter(contract=OuterRef("pk"), closed_at=None)
        return self.annotate(
            request_from_client=Subquery(pending.values("from_client")),
            is_disputed=Exists(dispute),
            client_offers_split=Exists(dispute.filter(splits__status=SplitStatus.OPEN, splits__from_client=True)),
            talent_offers_split=Exists(dispute.filter(splits__status=SplitStatus.OPEN, splits__from_client=False)),
            refund_status=Subquery(asked.filter(ends=True).values("status")),
            asks_back=Exists(asked.filter(ends=False)),
        )

    def with_money(self) -> Self:
        """Annotates what `with_held` does, and what was `paid` for the work and as `bonuses`, before fees."""
        zero = Decimal("0.00")
        earned = Earning.objects.filter(contract=OuterRef("pk"), reversal=None).order_by().values("contract")
        work, bonus = earned.exclude(kind=EarningKind.BONUS), earned.filter(kind=EarningKind.BONUS)
        return self.with_held().annotate(
            paid=Coalesce(Subquery(work.values(sum=Sum("gross"))), zero, output_field=MoneyField()),
            bonuses=Coalesce(Subquery(bonus.values(sum=Sum("gross"))), zero, output_field=MoneyField()),
        )

    def with_held(self) -> Self:
        """Annotates what is `held` in escrow, and `fee_held`."""
        zero = Decimal("0.00")
        return self.annotate(
            held=Coalesce(_balance(Kind.ESCROW), zero), fee_held=Coalesce(_balance(Kind.INITIATION_FEE), zero)
        )

    def with_now(self) -> Self:
        """Annotates `now`, the database's moment: for who loads a contract to act on it, or to show it."""
        return self.annotate(now=Now())

    def between(self, client: Party, talent: Party) -> Self:
        """Those of these two."""
        return self.filter(client=client, talent=talent)

    def started(self) -> Self:
        """Those that both sides agreed to, whatever became of them since."""
        return self.filter(started_at__isnull=False)

    def of_party(self, party: Party) -> Self:
        """Those in which `party` is the client or the talent."""
        return self.filter(client=party) if party.is_client else self.filter(talent=party)


def _balance(kind: Kind) -> Subquery:
    return Subquery(Account.objects.filter(kind=kind, scope=OuterRef("pk")).values("balance"))


def _role_in(user: User | Given, side: str) -> Subquery:
    return Subquery(Membership.objects.filter(user=user, user__is_active=True, party=OuterRef(side)).values("role")[:1])


class Contract(models.Model):
    """One fixed-price agreement between a client and a talent.

    Its fees and timers are those of its first day (B21); a freeze after the end adds `bonus_days`. `sent_at` is when
    its talent first saw it, `answer_by` until when it may be answered: null while nobody can. `expires_at` is when an
    offer ends by itself, answerable or not (B40). `feedback_by` and `revealed_at` are of B43, `frozen_at` of a freeze.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.ForeignKey(Job, models.PROTECT, related_name="contracts", verbose_name=_("job"))
    client = models.ForeignKey(Party, models.PROTECT, related_name="contracts_as_client", verbose_name=_("client"))
    talent = models.ForeignKey(Party, models.PROTECT, related_name="contracts_as_talent", verbose_name=_("talent"))
    title = models.CharField(_("title"), max_length=120)
    terms = models.TextField(_("terms"), blank=True, max_length=20_000)
    status = models.CharField(_("status"), max_length=9, choices=ContractStatus)
    plan_version = models.PositiveIntegerField(_("plan version"), default=0)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("last activity"), db_default=Now(), editable=False)
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    answer_by = models.DateTimeField(_("to be answered by"), null=True, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, editable=False)
    feedback_by = models.DateTimeField(_("feedback until"), null=True, editable=False)
    revealed_at = models.DateTimeField(_("feedback revealed"), null=True, editable=False)
    frozen_at = models.DateTimeField(_("frozen"), null=True, editable=False)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="followed_by", verbose_name=_("follows")
    )
    service_fee = models.DecimalField(_("service fee"), max_digits=5, decimal_places=4)
    initiation_fee = MoneyField(_("initiation fee"))
    offer_days = models.PositiveSmallIntegerField(_("days to answer the offer"))
    review_days = models.PositiveSmallIntegerField(_("days to review"))
    refund_days = models.PositiveSmallIntegerField(_("days to answer a refund request"))
    hold_days = models.PositiveSmallIntegerField(_("days of the security hold"))
    bonus_days = models.PositiveSmallIntegerField(_("days after the end in which a bonus is possible"))
    feedback_days = models.PositiveSmallIntegerField(_("days for feedback"))
    is_closed = models.GeneratedField(
        expression=Case(When(status__in=sorted(CLOSED), then=Value(True)), default=Value(False)),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    # What `visible_to`, `with_settlement`, `with_held`, `with_money` and `with_now` annotate.
    client_role: str | None
    talent_role: str | None
    is_disputed: bool
    client_offers_split: bool = False
    talent_offers_split: bool = False
    refund_status: str | None
    asks_back: bool
    request_from_client: bool | None
    now: datetime
    held: Decimal
    fee_held: Decimal
    paid: Decimal
    bonuses: Decimal

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ContractStatus.values), name="contract_status_valid"),
            models.CheckConstraint(condition=~Q(client=F("talent")), name="contract_two_parties"),
            models.UniqueConstraint(
                fields=["client", "talent"],
                condition=Q(status=ContractStatus.PROPOSED),
                name="contract_one_open_proposal",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="contract_title_given"),
            models.CheckConstraint(
                condition=Q(status=ContractStatus.ENDED, ended_at__isnull=False)
                | ~Q(status=ContractStatus.ENDED) & Q(ended_at__isnull=True),
                name="contract_ended_at_when_ended",
            ),
            models.CheckConstraint(
                condition=Q(answer_by=None, expires_at=None)
                | Q(status__in=[ContractStatus.OFFERED, ContractStatus.PROPOSED], sent_at__isnull=False),
                name="contract_answered_only_while_offered",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[ContractStatus.OFFERED, ContractStatus.WITHDRAWN], started_at=None)
                | Q(sent_at__isnull=False),
                name="contract_sent_before_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(feedback_by=None, revealed_at=None) | Q(ended_at__isnull=False),
                name="contract_feedback_once_ended",
            ),
            models.CheckConstraint(
                condition=Q(service_fee__gte=0, service_fee__lt=1, initiation_fee__gte=0),
                name="contract_fees_make_sense",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=~Q(expires_at=None), name="contract_expiry_due"),
            models.Index(
                fields=["feedback_by"],
                condition=~Q(feedback_by=None) & Q(revealed_at=None),
                name="contract_feedback_due",
            ),
            models.Index(fields=["client", "is_closed", "-updated_at", "-id"], name="contract_of_client"),
            models.Index(fields=["talent", "is_closed", "-updated_at", "-id"], name="contract_of_talent"),
            models.Index(fields=["-updated_at", "-id"], name="contract_latest"),
            models.Index(fields=["status", "-updated_at", "-id"], name="contract_of_status"),
            GinIndex(SearchVector("title", config="simple"), name="contract_words"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_active(self) -> bool:
        return self.status == ContractStatus.ACTIVE

    @property
    def is_proposed(self) -> bool:
        """Whether its talent proposed it and the client has not answered (B41)."""
        return self.status == ContractStatus.PROPOSED

    @property
    def bonus_until(self) -> datetime | None:
        """Until when the client may pay a bonus; None while there is no end to it (B24)."""
        return self.ended_at and self.ended_at + timedelta(days=self.bonus_days)

    @property
    def is_bonus_late(self) -> bool:
        """Whether the time for a bonus is over at `now`."""
        return self.bonus_until is not None and self.bonus_until <= self.now

    @property
    def came_to_nothing(self) -> bool:
        """Whether it was declined, withdrawn or expired: it never had any money to speak of."""
        return self.is_closed and self.started_at is None

    @property
    def current(self) -> Milestone | None:
        """The current milestone (B20)."""
        return self.milestones.filter(status__in=CURRENT).first()

    @property
    def funded(self) -> Milestone | None:
        """The current milestone once its money is held."""
        return self.milestones.filter(status__in=FUNDED).first()

    def move_to(self, status: ContractStatus) -> None:
        """Take an allowed step to `status`, unsaved; ValueError names the forbidden one."""
        if status not in NEXT_CONTRACT[ContractStatus(self.status)]:
            raise ValueError(f"A contract cannot go from {self.status} to {status}.")
        self.status = status

    def plan(self) -> Plan:
        """The milestone plan as it stands: a pure value, every milestone in order."""
        return Plan(tuple(milestone.line for milestone in self.milestones.all()))


class ContractMember(models.Model):
    """A member of the agency, assigned to one of its contracts."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="members", verbose_name=_("contract"))
    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="contract_members", verbose_name=_("membership")
    )

    class Meta:
        verbose_name = _("contract member")
        verbose_name_plural = _("contract members")
        constraints = [
            models.UniqueConstraint(fields=["contract", "membership"], name="contract_member_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.membership} · {self.contract}"
