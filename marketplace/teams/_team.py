"""What everything that is done to a team begins and ends with: the party's lock, the role, the event."""

from uuid import UUID

from procrastinate.contrib.django import app

from marketplace.models import LEADS, Invitation, MemberRole, Membership, Party, TeamEvent, TeamEventKind, User
from marketplace.teams.refusals import Changed, NotALead

MAILED = frozenset(TeamEventKind) - {TeamEventKind.REVOKED, TeamEventKind.LEFT}


def lock(party_id: UUID) -> Party:
    """The party, locked until the transaction ends: its team changes one act after the other.

    An offer and a proposal take the locks of both their parties, so nobody joins one while they are made (S12).
    """
    return Party.objects.select_for_update(no_key=True).get(pk=party_id)


def lock_for(party_id: UUID, by: User) -> Party:
    """The same for somebody who decides about its team once the lock is held. Raises NotALead."""
    party = lock(party_id)
    if not leads(party).filter(user=by).exists():
        raise NotALead
    return party


def leads(party: Party):
    """The memberships of those who decide about the team; nobody does about a freelancer's."""
    return party.memberships.filter(role=LEADS.get(party.kind, ""), user__is_active=True)


def membership_of(party: Party, user: User) -> Membership:
    """The membership, itself locked too: somebody may be about to assign its member to work. Raises Changed."""
    found = party.memberships.select_for_update().filter(user=user).first()
    if found is None:
        raise Changed
    return found


def record(
    party: Party,
    kind: TeamEventKind,
    by: User,
    role: str,
    *,
    person: User | None = None,
    invitation: Invitation | None = None,
    before: str = "",
) -> TeamEvent:
    """Write the one event of an act, in its transaction, and have it told by mail once that is committed."""
    event = TeamEvent.objects.create(
        party=party, kind=kind, by=by, person=person, invitation=invitation, role=MemberRole(role), role_before=before
    )
    if kind in MAILED:
        app.configure_task("send_team_mail").defer(event=event.pk)
    return event
