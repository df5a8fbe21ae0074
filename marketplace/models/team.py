"""Who is invited to which party, and what became of its team. Knows no mail and no page."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from marketplace.clock import Now
from marketplace.models.erasure import NOWHERE
from marketplace.models.people import MemberRole, Party, PartyKind, User

# Who decides about a party's team, by its kind (domain.md, roles). A freelancer is alone, and has none.
LEADS: dict[str, MemberRole] = {PartyKind.CLIENT: MemberRole.OWNER, PartyKind.AGENCY: MemberRole.MANAGER}


class InvitationStatus(models.TextChoices):
    PENDING = "pending", _("waiting")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    REVOKED = "revoked", _("withdrawn")


class Invitation(models.Model):
    """Somebody is asked by email to act for a party. It is answered once, and until `expires_at`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(Party, models.PROTECT, related_name="invitations", verbose_name=_("party"))
    email = models.EmailField(_("email"))
    role = models.CharField(_("role"), max_length=8, choices=MemberRole)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    status = models.CharField(
        _("status"), max_length=8, choices=InvitationStatus, default=InvitationStatus.PENDING, editable=False
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("expires"), editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("closed by")
    )

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=InvitationStatus.values), name="invitation_status_valid"),
            models.CheckConstraint(condition=Q(role__in=MemberRole.values), name="invitation_role_valid"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lower_case"),
            models.CheckConstraint(
                condition=Q(status=InvitationStatus.PENDING, closed_at=None, closed_by=None)
                | ~Q(status=InvitationStatus.PENDING) & Q(closed_at__isnull=False, closed_by__isnull=False),
                name="invitation_closed_whole",
            ),
            models.UniqueConstraint(
                fields=["party", "email"],
                condition=Q(status=InvitationStatus.PENDING),
                name="invitation_one_pending",
            ),
        ]
        indexes = [
            models.Index(fields=["email"], condition=Q(status="pending"), name="invitation_waiting_for"),
            models.Index(fields=["-created_at", "-id"], name="invitation_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.party} ({self.get_role_display()})"

    @property
    def is_pending(self) -> bool:
        return self.status == InvitationStatus.PENDING

    @property
    def address(self) -> str:
        """Where it went, for whoever reads of it; an erased address is said to be one."""
        return str(_("an erased address")) if self.is_erased else self.email

    @property
    def is_erased(self) -> bool:
        """Whether nobody can tell any more where it went."""
        return self.email.endswith(NOWHERE)


class TeamEventKind(models.TextChoices):
    INVITED = "invited", _("invited")
    INVITED_AGAIN = "invited_again", _("invited again")
    REVOKED = "revoked", _("invitation withdrawn")
    DECLINED = "declined", _("invitation declined")
    JOINED = "joined", _("joined")
    ROLE_CHANGED = "role_changed", _("role changed")
    REMOVED = "removed", _("removed")
    LEFT = "left", _("left")


class TeamEvent(models.Model):
    """What somebody did to a party's team, written once.

    `person` is whom it is about, unless that is an address that was invited; `role` is the role from then on or, of
    somebody who is gone, the last one; `role_before` that before a change.
    """

    party = models.ForeignKey(Party, models.PROTECT, related_name="team_events", verbose_name=_("party"))
    kind = models.CharField(_("kind"), max_length=13, choices=TeamEventKind)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("person"))
    invitation = models.ForeignKey(
        Invitation, models.PROTECT, null=True, related_name="events", verbose_name=_("invitation")
    )
    role = models.CharField(_("role"), max_length=8, choices=MemberRole)
    role_before = models.CharField(_("role before"), max_length=8, choices=MemberRole, blank=True)
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("team event")
        verbose_name_plural = _("team events")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TeamEventKind.values), name="team_event_kind_valid"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(invitation__isnull=False), name="team_event_about_somebody"
            ),
            models.CheckConstraint(
                condition=Q(kind=TeamEventKind.ROLE_CHANGED) & ~Q(role_before="")
                | ~Q(kind=TeamEventKind.ROLE_CHANGED) & Q(role_before=""),
                name="team_event_role_before_when_changed",
            ),
        ]
        indexes = [models.Index(fields=["party", "-id"], name="team_event_of_party")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.party}"
