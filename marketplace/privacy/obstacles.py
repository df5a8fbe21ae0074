"""What somebody still has to do before their account can be closed. Knows teams; who knows more adds it here."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.models import LEADS, Membership, Party, User


class Obstacle(NamedTuple):
    """Why not yet, and where to do something about it."""

    text: str
    path: str
    label: str


Question = Callable[[Sequence[Party]], Iterable[Obstacle]]
_asked: list[Question] = []


def close_only_without(question: Question) -> None:
    """Have this asked from now on of the parties that somebody would leave to nobody."""
    if question not in _asked:
        _asked.append(question)


def obstacles(user: User) -> list[Obstacle]:
    """All of them, so that nobody finds out one after the other."""
    memberships = user.memberships.select_related("party").order_by("pk")
    alone = [each.party for each in memberships if not _others(each).exists()]
    found = [*_of_staff(user), *(each for membership in memberships for each in _of_team(membership))]
    return [*found, *(each for question in _asked for each in question(alone))]


def _of_staff(user: User) -> Iterator[Obstacle]:
    if user.is_staff or user.is_superuser:
        text = _("You are staff. Have somebody who manages staff take that from you first.")
        yield Obstacle(text, reverse("admin:index"), _("Open the administration"))


def _of_team(membership: Membership) -> Iterator[Obstacle]:
    """Who decides alone about a team that has others hands it over, or is left alone with it."""
    party, others = membership.party, _others(membership)
    lead = LEADS.get(party.kind)
    if membership.role == lead and others.exists() and not others.filter(role=lead, user__is_active=True).exists():
        text = _("Nobody else could decide about the team of %(party)s. Give somebody that role, or remove the others.")
        yield Obstacle(text % {"party": party.name}, reverse("marketplace:team", args=[party.pk]), _("Open the team"))


def _others(membership: Membership):
    return Membership.objects.filter(party=membership.party_id).exclude(user=membership.user_id)
