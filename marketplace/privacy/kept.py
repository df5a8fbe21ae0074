"""How a table that holds something of a person is described: what, what for, for how long, and what erasing does to it.

One description serves the export, the erasing and docs/privacy.md. Knows no table: those stand in `tables`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Self
from uuid import UUID

from django.apps import apps
from django.db.models import Count, Model, Q, QuerySet
from django.utils import translation
from django.utils.text import slugify

from marketplace.models import MANAGES_MONEY, Party, User

NAMELESS = "Former member"


class Why(Enum):
    """What it is kept for, and for how long: the two always go together."""

    ACCOUNT = "to sign in, and to be known to those one deals with", "until the account is closed"
    SAFETY = "to see where one is signed in, and to end it", "until the session ends: 14 days at most"
    TEAM = "who could act for whom is part of what a party did", "as long as the contracts of the party"
    INVITED = "to bring an invitation to whom it is for", "90 days after it was answered or ran out"
    AGREED = "what two sides agreed and did; it is the other side's record as well", "10 years after the contract ended"
    MONEY = "the law on books and invoices asks for it", "10 years after the year in which it moved"
    PAYING = "to pay, and to be paid", "until it is removed or the account is closed"
    TOLD = "to tell somebody once, and only once", "365 days"
    CHOICE = "to tell somebody as they wish", "until the account is closed"
    ANSWERABLE = "staff answer for what they did and read", "10 years"


class Fate(Enum):
    """What erasing somebody does to the rows that are theirs."""

    STAYS = "its rows stay"
    DELETED = "its rows are deleted"
    BY_HAND = "by the operation itself"


@dataclass(frozen=True)
class Person:
    """Somebody, as an export or an erasing needs to know them: read once, before anything of it is changed."""

    user: User
    addresses: tuple[str, ...]
    alone: tuple[UUID, ...]  # the parties that nobody else acts for

    @classmethod
    def of(cls, user: User) -> Self:
        addresses = {user.email, *user.emailaddress_set.values_list("email", flat=True)}  # type: ignore[attr-defined]
        theirs = Party.objects.annotate(people=Count("memberships")).filter(
            pk__in=user.memberships.values("party"), people=1
        )
        return cls(user, tuple(sorted(addresses)), tuple(theirs.values_list("pk", flat=True)))


Whose = Callable[[Person], Q]


@dataclass(frozen=True)
class Table:
    """One model. `columns` says of each that may hold something of a person what it holds.

    `whose` finds somebody's rows for the export, which has the columns but for those `kept_back`, and the `facts`
    beside them. `erased` finds those that erasing is about, where it is not the same ones: `fate` befalls them, or the
    columns in `becomes` get those values. `stored` is the column with the name of a file that goes along.
    """

    model: str
    why: Why
    seen: str
    columns: Mapping[str, str]
    whose: Whose | None = None
    facts: str = ""
    kept_back: str = ""
    erased: Whose | None = None
    fate: Fate = Fate.STAYS
    becomes: Mapping[str, object] = field(default_factory=dict)
    because: str = ""
    stored: str = ""

    @cached_property
    def rows(self) -> QuerySet[Model]:
        return apps.get_model(self.model)._base_manager.all()

    @property
    def exported(self) -> list[str]:
        """The columns that somebody gets, facts last; none where the table is not exported."""
        if self.whose is None:
            return []
        kept_back = self.kept_back.split()
        return [*(name for name in self.columns if name not in kept_back), *self.facts.split()]

    @property
    def name(self) -> str:
        """What its file in an export is called: the rows' own name in English, whoever asks."""
        with translation.override("en"):
            return slugify(str(self.rows.model._meta.verbose_name_plural))

    def of(self, person: Person) -> QuerySet[Model]:
        """Somebody's rows."""
        return self.rows.filter(self.whose(person)) if self.whose else self.rows.none()

    def erase(self, person: Person) -> None:
        """Do to somebody's rows what is written here. Once more changes nothing."""
        which = self.erased or self.whose
        if which and self.fate is Fate.DELETED:
            self.rows.filter(which(person)).delete()
        elif which and self.becomes:
            self.rows.filter(which(person)).update(**self.becomes)


# Whose rows are somebody's: each of these is given the column that leads to them.


def by(column: str) -> Whose:
    """Theirs who stand in this column."""
    return lambda person: Q(**{column: person.user})


def of_team(party: str) -> Whose:
    """Theirs who act for the party."""
    return lambda person: Q(**{f"{party}__memberships__user": person.user})


def of_money(party: str) -> Whose:
    """Theirs who decide about the party's money."""
    team = f"{party}__memberships"
    return lambda person: Q(**{f"{team}__user": person.user, f"{team}__role__in": MANAGES_MONEY})


def of_room(contract: str) -> Whose:
    """Theirs who may enter the contract's room."""

    def rows(person: Person) -> Q:
        rooms = apps.get_model("contracts.Contract").objects.visible_to(person.user)
        return Q(**{f"{contract}__in": rooms.values("pk")})

    return rows


def alone(party: str) -> Whose:
    """Those of a party that nobody else acts for."""
    return lambda person: Q(**{f"{party}__in": person.alone})
