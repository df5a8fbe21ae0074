"""How staff find people and parties by what they typed: through an index each time, and no more than the first few.

Knows words, emails and ids. Other apps build on what it answers; it knows none of their rows.
"""

import uuid
from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet

from marketplace.models import Membership, Party, User

FEW = 200  # who has more than that in mind types more


def id_of(typed: str) -> list[uuid.UUID]:
    """The UUID that was typed, or nothing."""
    try:
        return [uuid.UUID(typed)]
    except ValueError:
        return []


def number_of(typed: str) -> list[int]:
    """The row number that was typed, or nothing."""
    return [int(typed)] if typed.isascii() and typed.isdigit() and len(typed) < 19 else []


def worded(column: str) -> SearchVector:
    """What the index over the words of `column` holds."""
    return SearchVector(column, config="simple")


def with_words(rows: QuerySet, column: str, typed: str) -> QuerySet:
    """Those of `rows` in whose `column` every typed word begins a word."""
    words = [word.replace("\\", "").replace("'", "''") for word in typed.replace("\0", "").split()]
    query = SearchQuery(" & ".join(f"'{word}':*" for word in words if word), config="simple", search_type="raw")
    return rows.alias(words=worded(column)).filter(words=query) if any(words) else rows.none()


def people(typed: str) -> list[int]:
    """Those whose email begins so, or whose name has these words."""
    by_email = User.objects.filter(email__startswith=typed.lower())
    ways = [by_email] if "@" in typed else [by_email, with_words(User.objects.all(), "name", typed)]
    return [key for way in ways for key in way.values_list("pk", flat=True)[:FEW]]


def parties(typed: str) -> list[uuid.UUID]:
    """That with this id, those whose name has these words, and those that the people found act for."""
    named = [] if "@" in typed else with_words(Party.objects.all(), "name", typed).values_list("pk", flat=True)[:FEW]
    acting = Membership.objects.filter(user__in=people(typed)).values_list("party", flat=True)[:FEW]
    return [*id_of(typed), *named, *acting]


def leads_to(columns: dict[str, list]) -> Q | None:
    """The condition that a row has one of these values in one of these columns; None when nothing was found."""
    ways = [Q(**{f"{column}__in": values}) for column, values in columns.items() if values]
    return reduce(or_, ways) if ways else None
