"""Every address that takes a post: a world in which it does, who posts, and what is typed there. Data, and no check.

A place is a function that lives up to the moment before the post and answers its `Scene`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django import forms
from django.test import Client

from contracts.models import Contract
from contracts.tests.visiting import signed_in
from marketplace.models import User

PLACES: list["Place"] = []


@dataclass(frozen=True)
class Scene:
    """Somebody's browser, the address of the post, and where they are others: the page, and where its form leads.

    A post that no form in a page makes names its `fields`.
    """

    browser: Client
    address: str
    page: str = ""
    form: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def opened(self) -> str:
        return self.page or self.address


@dataclass(frozen=True)
class Place:
    """`typed` is what makes a valid post of the form in the page, sent with `button`.

    `first` in a name stands for the key of the form's first row. `kinds` names the fields that no Django form on the
    page stands behind. A `picky` field may refuse any text. `refusal` is the status of a refused form; `writes` says
    whether a valid post leaves a row anywhere, `refuses` whether it ever says no, `has_token` whether one is asked for.
    """

    name: str
    live: Callable[[], Scene]
    typed: dict[str, str]
    button: str = ""
    kinds: dict[str, forms.Field] = field(default_factory=dict)
    picky: frozenset[str] = frozenset()
    refusal: int = 422
    writes: bool = True
    refuses: bool = True
    has_token: bool = True

    def __str__(self) -> str:
        return f"{self.name}-{self.live.__name__}"


def place(name: str, *, typed: dict[str, str] | None = None, **other) -> Callable:
    """The decorated function lives up to a post to the URL with this name."""

    def entered(live: Callable[[], Scene]) -> Callable[[], Scene]:
        PLACES.append(Place(name, live, typed or {}, **other))
        return live

    return entered


def on(contract: Contract | object, page: str, by: User, **other) -> Scene:
    """A page of a contract; the contract itself or its key."""
    key = getattr(contract, "pk", contract)
    return Scene(signed_in(by), f"/contracts/{key}/{page}", **other)
