"""Closing an account for good: whoever it was of is a former member from then on, wherever they did something.

What each table loses stands in `tables`; ledger, events and revisions are not touched. Knows no contract and no money:
whether somebody still has any is asked of those who do.
"""

from collections.abc import Callable
from functools import partial
from secrets import token_hex

from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.models import NOWHERE, Erasure, Party, User
from marketplace.operations import PeopleError
from marketplace.privacy.kept import NAMELESS, Person
from marketplace.privacy.obstacles import Obstacle, obstacles
from marketplace.privacy.tables import TABLES
from marketplace.security_log import security_event
from marketplace.sessions import end
from marketplace.teams.members import dissolve, leave

_also: list[Callable[[Person], None]] = []


class NotTheirOwn(PeopleError):
    message = _("Only you can close your account.")


class TeamChanged(PeopleError):
    message = _("One of your teams changed at this moment, so nothing was done. Look again, then decide.")


class StillNeeded(PeopleError):
    """Something is still to be done; `obstacles` says what, and where."""

    message = _("Your account cannot be closed yet.")

    def __init__(self, found: list[Obstacle]) -> None:
        super().__init__(found)
        self.obstacles = found


def erase_also(act: Callable[[Person], None]) -> None:
    """Have this done to whoever is erased from now on. It is done twice (see `sweeping`), and the same both times."""
    if act not in _also:
        _also.append(act)


@transaction.atomic
def erase(*, person: User, by: User | None) -> Erasure:
    """Somebody closes their account, or has it closed by who has the server (`by` None): their data is gone.

    Once more changes nothing. Lock order: their parties, so that no offer reaches one meanwhile, then themselves.
    Raises NotTheirOwn, StillNeeded and TeamChanged.
    """
    if by is not None and by.pk != person.pk:
        raise NotTheirOwn
    person = _held(person)
    if done := Erasure.objects.filter(person=person).first():
        return done
    if found := obstacles(person):
        raise StillNeeded(found)
    erasure = Erasure.objects.create(person=person, by=by)
    known = Person.of(person)
    _leave_teams(known)
    _become_nobody(known)
    wipe(known)
    transaction.on_commit(partial(security_event, "person_erased", user=person.pk, by=by.pk if by else None))
    return erasure


def wipe(person: Person) -> None:
    """What the tables say, and what other apps add. Once more takes what was under way the first time."""
    end(UserSession.objects.filter(user=person.user))
    for table in TABLES:
        table.erase(person)
    for act in _also:
        act(person)


def _held(person: User) -> User:
    """The person with their parties as they stay until the end: who joins one meanwhile needs its lock and theirs."""
    parties = Party.objects.select_for_update(no_key=True, of=("self",)).filter(memberships__user=person).order_by("pk")
    keys = {party.pk for party in parties}
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if keys != set(person.memberships.values_list("party", flat=True)):
        raise TeamChanged
    return person


def _leave_teams(person: Person) -> None:
    for membership in person.user.memberships.select_related("party"):
        act = dissolve if membership.party_id in person.alone else leave
        act(party=membership.party, by=person.user)


def _become_nobody(person: Person) -> None:
    """The row itself stays: everything that they did leads to it."""
    mark = token_hex(8)
    name = f"{NAMELESS} {mark[:4]}"
    Party.objects.filter(pk__in=person.alone).update(name=name)
    person.user.groups.clear()
    User.objects.filter(pk=person.user.pk).update(
        name=name, email=f"{mark}{NOWHERE}", password=make_password(None), time_zone="UTC", last_login=None,
        is_active=False,
    )  # fmt: skip
