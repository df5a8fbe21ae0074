"""A contract, who of an agency works on it, and who can see it."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from contracts.plan import Plan
from contracts.states import CLOSED, NEXT_CONTRACT, ContractStatus
from marketplace.clock import Now
from marketplace.models import Job, MemberRole, Membership, Party, User


class ContractQuerySet(models.QuerySet["Contract"]):
    """Contracts, narrowed to what somebody may see or acts for."""

    def visible_to(self, user: User) -> Self:
        """Those whose room `user` may enter, with the roles it has there (domain.md, roles).

        Annotates `client_role` and `talent_role`: a MemberRole or None. A member of an agency sees only the
        contracts it is assigned to.
        """
        assigned = ContractMember.objects.filter(contract=OuterRef("pk"), membership__user=user)
        return (
            self.annotate(
                client_role=_role_in(user, "client"),
                talent_role=_role_in(user, "talent"),
            )
            .annotate(assigned=Exists(assigned))
            .filter(
                Q(client_role__isnull=False)
                | Q(talent_role__isnull=False) & (~Q(talent_role=MemberRole.MEMBER) | Q(assigned=True))
            )
        )

    def of_party(self, party: Party) -> Self:
        """Those in which `party` is the client or the talent."""
        return self.filter(client=party) if party.is_client else self.filter(talent=party)


def _role_in(user: User, side: str) -> Subquery:
    return Subquery(Membership.objects.filter(user=user, party=OuterRef(side)).values("role")[:1])


class Contract(models.Model):
    """One fixed-price agreement between a client and a talent."""

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
    is_closed = models.GeneratedField(
        expression=Case(When(status__in=sorted(CLOSED), then=Value(True)), default=Value(False)),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    # What `visible_to` annotates.
    client_role: str | None
    talent_role: str | None

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ContractStatus.values), name="contract_status_valid"),
            models.CheckConstraint(condition=~Q(client=F("talent")), name="contract_two_parties"),
            models.CheckConstraint(condition=~Q(title=""), name="contract_title_given"),
            models.CheckConstraint(
                condition=Q(status=ContractStatus.ENDED, ended_at__isnull=False)
                | ~Q(status=ContractStatus.ENDED) & Q(ended_at__isnull=True),
                name="contract_ended_at_when_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "is_closed", "-updated_at", "-id"], name="contract_of_client"),
            models.Index(fields=["talent", "is_closed", "-updated_at", "-id"], name="contract_of_talent"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_active(self) -> bool:
        return self.status == ContractStatus.ACTIVE

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
