"""What is done about who is on a team: another role, and the way out. Knows no page, and no contract."""

from django.db import transaction

from marketplace.models import (
    LEADS,
    ROLES_OF_KIND,
    Membership,
    Party,
    PartyKind,
    TeamEventKind,
    User,
)
from marketplace.teams import refusals
from marketplace.teams._team import leads, lock, lock_for, membership_of, record
from marketplace.teams.invitations import revoke_all, revoke_those_of


@transaction.atomic
def change_role(*, party: Party, by: User, person: User, was: str, role: str) -> Membership:
    """Who decides about a team gives somebody of it another role; `was` is the one that the page showed.

    It holds from the next look at anything: roles are read under the lock of what they are used for.
    """
    party = lock_for(party.pk, by)
    if role not in ROLES_OF_KIND[PartyKind(party.kind)]:
        raise refusals.UnknownRole
    membership = membership_of(party, person)
    if membership.role == role:
        return membership
    if membership.role != was:
        raise refusals.Changed
    membership.role = role
    membership.save(update_fields=["role"])
    _check_still_led(party, was)
    revoke_those_of(party, person, by)
    record(party, TeamEventKind.ROLE_CHANGED, by, role, person=person, before=was)
    return membership


@transaction.atomic
def remove(*, party: Party, by: User, person: User) -> None:
    """Who decides about a team takes somebody off it, and off the contracts they were assigned to."""
    party = lock_for(party.pk, by)
    if not is_gone(party, person.pk):
        _end(party, by, person, TeamEventKind.REMOVED)


@transaction.atomic
def leave(*, party: Party, by: User) -> None:
    """Somebody leaves a team; the last one who decides about it cannot."""
    party = lock(party.pk)
    if party.kind == PartyKind.FREELANCER:
        raise refusals.NotALead
    _end(party, by, by, TeamEventKind.LEFT)


@transaction.atomic
def dissolve(*, party: Party, by: User) -> None:
    """The only person of a party goes for good: nobody acts for it any more, and nobody can be asked to."""
    party = lock(party.pk)
    membership = membership_of(party, by)
    role = membership.role
    membership.delete()
    revoke_all(party, by)
    record(party, TeamEventKind.LEFT, by, role, person=by)


def is_gone(party: Party, user_id: int) -> bool:
    """Whether somebody was on the team and is not any more."""
    gone = party.team_events.filter(person=user_id, kind__in=[TeamEventKind.REMOVED, TeamEventKind.LEFT])
    return gone.exists() and not party.memberships.filter(user=user_id).exists()


def has_left(party: Party, user: User) -> bool:
    """Whether the last that happened to somebody there is that they left."""
    last = party.team_events.filter(person=user).order_by("-pk").first()
    return last is not None and last.kind == TeamEventKind.LEFT


def _end(party: Party, by: User, person: User, kind: TeamEventKind) -> None:
    membership = membership_of(party, person)
    role = membership.role
    membership.delete()
    _check_still_led(party, role)
    revoke_those_of(party, person, by)
    record(party, kind, by, role, person=person)


def _check_still_led(party: Party, role_lost: str) -> None:
    """Somebody decides about the team as long as it has one: whoever did last stays."""
    if role_lost == LEADS[PartyKind(party.kind)] and not leads(party).exists():
        raise refusals.LastLead
