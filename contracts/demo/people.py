"""The people of the demo and the parties they act for. Knows no contract."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from contracts.demo.texts import FOUNDERS, JOINERS, OVERSEER, Person
from marketplace.demo_codes import enrol
from marketplace.models import Membership, Party, User
from marketplace.operations import sign_up


def load_people(password: str) -> None:
    """Everybody signs up; then those who share a party join it. One password for all, hashed once."""
    for person in FOUNDERS:
        sign_up(
            email=person.email, password=password, name=person.name, kind=person.kind,
            party_name=person.party, time_zone=person.time_zone, email_verified=True,
        )  # fmt: skip
    hashed = make_password(password)
    for person, founder, role in JOINERS:
        Membership.objects.create(user=join(person, hashed), party=party_of(founder), role=role)
    join(OVERSEER, hashed, is_staff=True, is_superuser=True)
    for staff in User.objects.filter(is_staff=True):
        enrol(staff)


def join(person: Person, hashed: str, **fields: bool) -> User:
    """Somebody who founds no party. Written plainly: inviting people is not an operation yet."""
    user = User.objects.create(
        email=person.email, password=hashed, name=person.name, time_zone=person.time_zone, **fields
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def party_of(email: str) -> Party:
    """The party that this person of the demo acts for."""
    return Party.objects.get(memberships__user__email=email)
