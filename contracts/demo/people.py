"""The people of the demo and the parties they act for. Knows no contract."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from contracts.demo.texts import FOUNDERS, JOINERS, OF_GROUPS, OVERSEER, Person
from marketplace.demo_codes import enrol
from marketplace.models import Party, User
from marketplace.operations import sign_up
from marketplace.teams.invitations import accept, invite


def load_people(password: str) -> None:
    """Everybody signs up; then those who share a party join it. One password for all, hashed once."""
    for person in FOUNDERS:
        sign_up(
            email=person.email, password=password, name=person.name, kind=person.kind,
            party_name=person.party, time_zone=person.time_zone, email_verified=True,
        )  # fmt: skip
    hashed = make_password(password)
    for person, founder, role in JOINERS:
        join_team(join(person, hashed), User.objects.get(email=founder), role)
    join(OVERSEER, hashed, is_staff=True, is_superuser=True)
    for person, group in OF_GROUPS:
        join(person, hashed, is_staff=True).groups.add(Group.objects.get(name=group))
    for staff in User.objects.filter(is_staff=True):
        enrol(staff)


def join(person: Person, hashed: str, **fields: bool) -> User:
    """Somebody who founds no party. Written plainly, so that the password is hashed once."""
    user = User.objects.create(
        email=person.email, password=hashed, name=person.name, time_zone=person.time_zone, **fields
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def join_team(user: User, founder: User, role: str) -> None:
    """The founder of a party invites them, and they accept."""
    invitation = invite(party=party_of(founder.email), by=founder, email=user.email, role=role)
    accept(invitation=invitation, by=user)


def party_of(email: str) -> Party:
    """The party that this person of the demo acts for."""
    return Party.objects.get(memberships__user__email=email)
