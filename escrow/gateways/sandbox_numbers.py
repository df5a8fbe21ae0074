"""The sandbox's test numbers and what each of them does. A number is turned into a token here and kept nowhere.

There is no real card or account behind any of them.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from escrow.gateways.base import Kept, MethodKind, MethodRefused


class Behaviour(StrEnum):
    """What happens when a payment method is used."""

    SUCCEEDS = "succeeds"
    DECLINES = "declines"
    EMPTY = "empty"  # declined for want of money
    CONFIRMS = "confirms"  # the payer has to agree at the bank
    LATER = "later"  # under way; known later
    TIMES_OUT = "times_out"  # charged, but the answer is lost
    UNREACHABLE = "unreachable"  # the first request does not even arrive
    TWICE = "twice"  # answers, and calls with the same answer twice


SAYS = {
    Behaviour.SUCCEEDS: _lazy("works"),
    Behaviour.DECLINES: _lazy("is declined"),
    Behaviour.EMPTY: _lazy("is declined for want of money"),
    Behaviour.CONFIRMS: _lazy("has to be confirmed by the payer"),
    Behaviour.LATER: _lazy("stays under way until the bank decides"),
    Behaviour.TIMES_OUT: _lazy("works, but the answer comes late"),
    Behaviour.UNREACHABLE: _lazy("works at the second attempt"),
    Behaviour.TWICE: _lazy("works, and says so twice"),
}


@dataclass(frozen=True)
class TestNumber:
    """A number that people may type, and what it does."""

    __test__ = False  # not a test, for all its name

    number: str
    brand: str
    behaviour: Behaviour
    kind: MethodKind = MethodKind.CARD

    @property
    def token(self) -> str:
        return f"{self.kind}_{self.brand.lower().replace(' ', '')}_{self.behaviour}"

    @property
    def spaced(self) -> str:
        """As it stands on a card."""
        return " ".join(re.findall("[0-9]{1,4}", self.number)) if self.kind == MethodKind.CARD else self.number

    @property
    def says(self) -> str:
        """What happens when it is used, for those who try it out."""
        return str(SAYS[self.behaviour])


NUMBERS = (
    TestNumber("4242424242424242", "Visa", Behaviour.SUCCEEDS),
    TestNumber("5555555555554444", "Mastercard", Behaviour.SUCCEEDS),
    TestNumber("4000000000000002", "Visa", Behaviour.DECLINES),
    TestNumber("4000000000009995", "Visa", Behaviour.EMPTY),
    TestNumber("4000002500003155", "Visa", Behaviour.CONFIRMS),
    TestNumber("4000000000000077", "Visa", Behaviour.LATER),
    TestNumber("4000000000000119", "Visa", Behaviour.TIMES_OUT),
    TestNumber("4000000000006975", "Visa", Behaviour.UNREACHABLE),
    TestNumber("4000000000003220", "Visa", Behaviour.TWICE),
    TestNumber("000123456789", "Test Bank", Behaviour.SUCCEEDS, MethodKind.BANK),
    TestNumber("000111111116", "Test Bank", Behaviour.DECLINES, MethodKind.BANK),
    TestNumber("000111111113", "Test Bank", Behaviour.TIMES_OUT, MethodKind.BANK),
)
BY_NUMBER = {each.number: each for each in NUMBERS}
BY_TOKEN = {each.token: each for each in NUMBERS}


def of_kind(kind: MethodKind) -> list[TestNumber]:
    """The numbers of cards, or of bank accounts, that people may try."""
    return [each for each in NUMBERS if each.kind == kind]


def kept(entry: str) -> Kept:
    """The payment method behind a typed test number; spaces and hyphens do not matter."""
    found = BY_NUMBER.get(re.sub(r"[ -]", "", entry))
    if not found:
        raise MethodRefused(_("The sandbox takes test numbers only. Use 4242 4242 4242 4242 for a card that works."))
    return Kept(found.token, found.kind, found.brand, found.number[-4:])


def behaviour(token: str) -> Behaviour | None:
    """What a payment method does; None for one that the sandbox does not keep."""
    found = BY_TOKEN.get(token)
    return found.behaviour if found else None
