"""What somebody wishes for, and the form that they fill in for it: each wish has an effect that is nobody else's."""

import threading
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from random import Random

from proof.browser import Fields, typed, with_field

_cents, _words, _counting = count(1), count(1), threading.Lock()


@dataclass(frozen=True)
class Wish:
    """`fill` makes of the page's forms what is posted, and `fault` is what the gateway will do, if anything."""

    effect: str
    is_client: bool
    path: str
    fill: object
    fault: str = ""


def amount(chance: Random, least: int = 20, most: int = 90) -> Decimal:
    """Nobody else's: so many dollars and then a number that is counted up."""
    with _counting:
        number = next(_cents)
    return Decimal(f"{chance.randint(least, most) + 100 * (number // 100)}.{number % 100:02}")


def words(begin: str) -> str:
    """Nobody else's either."""
    with _counting:
        return f"{begin} {next(_words)}."


def typing(name: str, **texts: object) -> object:
    """The form with the field `name`; a payment method only where the form asks for one."""

    def fill(forms: list[Fields]) -> Fields:
        form = with_field(forms, name)
        wanted = {key: str(text) for key, text in texts.items() if key != "method" or "method" in dict(form)}
        return typed(form, **wanted)

    return fill


def deciding(decision: str, **texts: object) -> object:
    """The form with this decision on its button."""

    def fill(forms: list[Fields]) -> Fields:
        return typed(with_field(forms, "decision", decision), **{key: str(text) for key, text in texts.items()})

    return fill
