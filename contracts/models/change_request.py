"""A change of the plan that one side proposes and the other answers (B8, B9). Knows no permission."""

import uuid
from collections.abc import Set as AbstractSet
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contracts.plan import ChangeSet, Plan, changes_next
from contracts.states import NEXT_REQUEST, RequestStatus
from marketplace.clock import Now

REQUEST_NOTE_LENGTH = 2000
ANSWERED = frozenset(RequestStatus) - {RequestStatus.PENDING, RequestStatus.SUPERSEDED}


class ChangeRequest(models.Model):
    """The plan of revision `base`, and as it would be by `lines`.

    The talent sends one; the client's counter-proposal is one as well, `from_client`. `replaces` is the version that
    its sender revised with it, or the request that the client sends back. `closed_by` is null where nobody answered:
    the contract ended. `remind_at` is when the other side is reminded next (B9).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contract = models.ForeignKey(
        "contracts.Contract", models.PROTECT, related_name="change_requests", verbose_name=_("contract")
    )
    base = models.ForeignKey(
        "contracts.PlanRevision", models.PROTECT, related_name="+", verbose_name=_("made on revision")
    )
    lines = models.JSONField(_("lines"))
    note = models.TextField(_("note"), blank=True, max_length=REQUEST_NOTE_LENGTH)
    from_client = models.BooleanField(_("from the client"), default=False)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("replaces")
    )
    status = models.CharField(_("status"), max_length=10, choices=RequestStatus, default=RequestStatus.PENDING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    remind_at = models.DateTimeField(_("reminder"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed"), null=True)
    answer = models.TextField(_("answer"), blank=True, max_length=REQUEST_NOTE_LENGTH)

    class Meta:
        verbose_name = _("change request")
        verbose_name_plural = _("change requests")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=RequestStatus.values), name="request_status_valid"),
            models.UniqueConstraint(
                fields=["contract"], condition=Q(status=RequestStatus.PENDING), name="request_one_pending"
            ),
            models.CheckConstraint(
                condition=Q(status=RequestStatus.PENDING, closed_at=None, closed_by=None, answer="")
                | ~Q(status=RequestStatus.PENDING) & Q(closed_at__isnull=False, remind_at=None),
                name="request_closed_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(ANSWERED)) | Q(closed_by__isnull=False), name="request_answered_by_one"
            ),
            models.CheckConstraint(
                condition=Q(answer="") | Q(status=RequestStatus.DECLINED), name="request_reason_when_declined"
            ),
            models.CheckConstraint(
                condition=Q(from_client=False) | Q(replaces__isnull=False), name="request_client_answers_one"
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="request_latest"),
            models.Index(fields=["remind_at"], condition=~Q(remind_at=None), name="request_reminder_due"),
            models.Index(fields=["contract", "-at"], name="request_of_contract"),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} · {self.contract}"

    @property
    def is_pending(self) -> bool:
        return self.status == RequestStatus.PENDING

    @property
    def plan(self) -> Plan:
        """The plan as it would be."""
        return Plan.from_json(self.lines)

    @property
    def changes(self) -> ChangeSet:
        """What is proposed."""
        return ChangeSet(self.base.plan, self.plan)

    def stops(self, key: UUID, pinned: AbstractSet[UUID]) -> bool:
        """Whether the next milestone, with this `key`, is not to be activated before the answer (B10).

        `pinned` are the keys of those that are not future any more.
        """
        changes = self.changes
        return key in changes.touched or changes_next(changes, pinned)

    def move_to(self, status: RequestStatus) -> None:
        """Take an allowed step to `status`, unsaved; ValueError names the forbidden one."""
        if status not in NEXT_REQUEST[RequestStatus(self.status)]:
            raise ValueError(f"A change request cannot go from {self.status} to {status}.")
        self.status = status
