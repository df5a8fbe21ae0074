"""Whom a party meets as its other side. Knows no contract: who makes contracts says here how to tell (S12)."""

from collections.abc import Callable

from marketplace.models import Party, User

Question = Callable[[Party, User], bool]
_asked: list[Question] = []


def tell_sides_by(question: Question) -> None:
    """Have this asked from now on whenever somebody is to join a party: whether they act for its other side."""
    if question not in _asked:
        _asked.append(question)


def is_on_the_other_side(party: Party, user: User) -> bool:
    """Whether `user` acts for somebody with whom `party` has dealings, so that it cannot act for `party` as well."""
    return any(question(party, user) for question in _asked)
