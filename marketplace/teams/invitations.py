"""How somebody joins a team: invited by who decides about it, by email, and by an answer of their own. Knows no page.

An invitation is known to who has its token: only the mail to that address says it.
"""

import uuid
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet

from marketplace import clock
from marketplace.models import (
    ROLES_OF_KIND,
    Invitation,
    InvitationStatus,
    Membership,
    Party,
    PartyKind,
    TeamEventKind,
    User,
)
from marketplace.sides import is_on_the_other_side
from marketplace.teams import refusals
from marketplace.teams._team import lock, lock_for, record

SALT = "marketplace.invitation"
OPEN_FOR = timedelta(days=7)
MOST = 100  # people of a team, those who are invited included
_S = InvitationStatus


def token_of(invitation: Invitation) -> str:
    """What the link in the mail carries."""
    return signing.dumps(invitation.pk.hex, salt=SALT)


def invitation_with(token: str) -> Invitation | None:
    """The invitation of this token, open or not; None for one that Cairn did not make."""
    try:
        key = uuid.UUID(signing.loads(token, salt=SALT))
    except signing.BadSignature:
        return None
    return Invitation.objects.select_related("party", "by").filter(pk=key).first()


def is_open(invitation: Invitation) -> bool:
    """Whether it can still be answered."""
    return invitation.is_pending and clock.now() < invitation.expires_at


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether the user confirmed the address that it went to."""
    return EmailAddress.objects.filter(user=user, email=invitation.email, verified=True).exists()


@transaction.atomic
def invite(*, party: Party, by: User, email: str, role: str) -> Invitation:
    """Somebody who decides about a team asks the person at an address to join it. The same wish again mails no more."""
    party, email = lock_for(party.pk, by), email.lower()
    if role not in ROLES_OF_KIND[PartyKind(party.kind)]:
        raise refusals.UnknownRole
    waiting = party.invitations.filter(email=email, status=_S.PENDING).first()
    if waiting and is_open(waiting):
        return _as_wished(waiting, role)
    _check_can_join(party, email)
    if waiting:
        _close(waiting, _S.REVOKED, by, TeamEventKind.REVOKED)
    made = Invitation.objects.create(party=party, email=email, role=role, by=by, expires_at=clock.now() + OPEN_FOR)
    record(party, TeamEventKind.INVITED, by, role, invitation=made)
    return made


@transaction.atomic
def invite_again(*, invitation: Invitation, by: User) -> Invitation:
    """Who decides about a team has an invitation mailed once more, and its time begins anew."""
    party, invitation = lock_for(invitation.party_id, by), _pending(invitation)
    invitation.expires_at = clock.now() + OPEN_FOR
    invitation.save(update_fields=["expires_at"])
    record(party, TeamEventKind.INVITED_AGAIN, by, invitation.role, invitation=invitation)
    return invitation


@transaction.atomic
def revoke(*, invitation: Invitation, by: User) -> None:
    """Who decides about a team takes an invitation back: its link works no longer."""
    lock_for(invitation.party_id, by)
    invitation.refresh_from_db()
    if invitation.status != _S.REVOKED:
        _close(_pending(invitation), _S.REVOKED, by, TeamEventKind.REVOKED)


@transaction.atomic
def accept(*, invitation: Invitation, by: User) -> Party:
    """Who was invited joins the team. Once more is no other wish.

    The party's lock keeps offers away, the user's own that they join the other side at the same moment (S12).
    """
    party = lock(invitation.party_id)
    by = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    invitation = _for(invitation, by)
    if invitation.status == _S.ACCEPTED and party.memberships.filter(user=by).exists():
        return party
    if not is_open(invitation):
        raise refusals.InvitationOver
    if is_on_the_other_side(party, by):
        raise refusals.OnBothSides
    if not party.memberships.filter(user=by).exists():
        Membership.objects.create(party=party, user=by, role=invitation.role)
    _close(invitation, _S.ACCEPTED, by, TeamEventKind.JOINED, person=by)
    return party


@transaction.atomic
def decline(*, invitation: Invitation, by: User) -> None:
    """Who was invited would rather not."""
    lock(invitation.party_id)
    invitation = _for(invitation, by)
    if invitation.status == _S.DECLINED:
        return
    if not is_open(invitation):
        raise refusals.InvitationOver
    _close(invitation, _S.DECLINED, by, TeamEventKind.DECLINED, person=by)


def revoke_those_of(party: Party, user: User, by: User) -> None:
    """What somebody who no longer decides had offered ends with that: nobody returns by an invitation of their own."""
    _revoke(party.invitations.filter(by=user), by)


def revoke_all(party: Party, by: User) -> None:
    """Whoever was offered to act for a party that is nobody's any more cannot."""
    _revoke(party.invitations.all(), by)


def _revoke(invitations: QuerySet[Invitation], by: User) -> None:
    for invitation in invitations.filter(status=_S.PENDING):
        _close(invitation, _S.REVOKED, by, TeamEventKind.REVOKED)


def _as_wished(waiting: Invitation, role: str) -> Invitation:
    if waiting.role != role:
        raise refusals.InvitedOtherwise
    return waiting


def _check_can_join(party: Party, email: str) -> None:
    if party.memberships.filter(user__email=email).exists():
        raise refusals.OnTheTeam
    user = User.objects.filter(email=email).first()
    if user and is_on_the_other_side(party, user):
        raise refusals.OtherSide
    waiting = party.invitations.filter(status=_S.PENDING, expires_at__gt=clock.now()).exclude(email=email)
    if party.memberships.count() + waiting.count() >= MOST:
        raise refusals.TeamFull


def _pending(invitation: Invitation) -> Invitation:
    """As it is under the lock."""
    invitation = Invitation.objects.get(pk=invitation.pk)
    if not invitation.is_pending:
        raise refusals.Changed
    return invitation


def _for(invitation: Invitation, by: User) -> Invitation:
    """As it is under the lock, for whom it is meant."""
    invitation = Invitation.objects.get(pk=invitation.pk)
    if not (by.is_active and is_for(invitation, by)):
        raise refusals.NotForYou
    return invitation


def _close(
    invitation: Invitation, status: InvitationStatus, by: User, kind: TeamEventKind, person: User | None = None
) -> None:
    invitation.status, invitation.closed_at, invitation.closed_by = status, clock.now(), by
    invitation.save(update_fields=["status", "closed_at", "closed_by"])
    record(invitation.party, kind, by, invitation.role, person=person, invitation=invitation)
