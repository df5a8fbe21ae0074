"""What the page of a team shows. Knows no request and writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from marketplace import clock
from marketplace.models import LEADS, Invitation, InvitationStatus, Membership, Party, PartyKind, TeamEvent, User

PAGE_SIZE = 20


@dataclass(frozen=True)
class Team:
    """A party's team as one of its members sees it; `before` leads to older events of its history, if there are any."""

    party: Party
    leads: bool
    members: Sequence[Membership]
    invitations: Sequence[Invitation] = ()
    history: Sequence[TeamEvent] = ()
    before: int | None = None


def parties_with_teams(user: User) -> QuerySet[Party]:
    """Those that `user` acts for together with others, or could; annotates the `role` there."""
    mine = Party.objects.filter(kind__in=LEADS, memberships__user=user)
    return mine.annotate(role=F("memberships__role"))


def decides(party: Party) -> bool:
    """Whether the user for whom `party` was loaded decides about its team."""
    return party.role == LEADS[PartyKind(party.kind)]  # type: ignore[attr-defined]


def team_of(party: Party, before: int | None = None) -> Team:
    """The team as the user for whom `party` was loaded may see it: addresses and history are for who decides."""
    members = tuple(party.memberships.select_related("user").order_by("user__name", "pk"))
    if not decides(party):
        return Team(party, False, members)
    events = party.team_events.select_related("by", "person", "invitation").order_by("-pk")
    found = tuple((events.filter(pk__lt=before) if before else events)[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    older = shown[-1].pk if len(found) > PAGE_SIZE else None
    return Team(party, True, members, waiting(party), shown, older)


def waiting(party: Party) -> tuple[Invitation, ...]:
    """The invitations that were not answered; those whose time is over are marked `is_over`."""
    now = clock.now()
    found = tuple(party.invitations.filter(status=InvitationStatus.PENDING).order_by("email"))
    for invitation in found:
        invitation.is_over = invitation.expires_at <= now  # type: ignore[attr-defined]
    return found


def member_of(party: Party, user_id: int) -> Membership | None:
    return party.memberships.select_related("user").filter(user=user_id).first()


def invitation_of(party: Party, invitation_id: UUID) -> Invitation | None:
    return party.invitations.filter(pk=invitation_id).first()
