"""What Cairn asks of a payment gateway, and what one can answer. Knows no payment row and no gateway in particular.

Every request carries a key of ours. A gateway acts at most once for a key, so that asking again is always safe.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class Direction(StrEnum):
    """Which way the money goes: from a client, back to it, or out to a talent."""

    CHARGE = "charge"
    REFUND = "refund"
    PAYOUT = "payout"


@dataclass(frozen=True)
class Confirmed:
    """It is done, for good as far as the gateway can tell now."""

    reference: str


@dataclass(frozen=True)
class Declined:
    """It did not happen and will not; `reason` is for the user."""

    reason: str
    reference: str = ""


@dataclass(frozen=True)
class NeedsConfirmation:
    """The payer has to agree first, at `url` or, where that is empty, on a page of ours."""

    reference: str
    url: str = ""


@dataclass(frozen=True)
class Unknown:
    """The gateway has it and does not know yet how it ends."""

    reference: str


type Outcome = Confirmed | Declined | NeedsConfirmation | Unknown


class MethodKind(StrEnum):
    """What a payment method is: a card is charged, a bank account is paid out to."""

    CARD = "card"
    BANK = "bank"


@dataclass(frozen=True)
class Kept:
    """A payment method that the gateway keeps for us: its name for it, and what people know it by."""

    token: str
    kind: MethodKind
    brand: str
    last4: str


class News(StrEnum):
    """What a gateway can call about by itself."""

    OUTCOME = "outcome"  # something ended, or came back: ask what became of it
    CHARGEBACK = "chargeback"  # the payer's bank took the money back


@dataclass(frozen=True)
class Notice:
    """A gateway's call, its signature already checked. One of `key` (ours) and `reference` (its own) may be empty."""

    news: News
    key: str
    reference: str


class GatewayUnavailable(Exception):
    """No answer, or none that says anything: what was asked may have happened or not."""


class GatewayNotHere(GatewayUnavailable):
    """The settings name another gateway: what began at this one can be asked about by nobody until they name it."""


class MethodRefused(Exception):
    """The gateway will not keep this payment method; the text is for the user and never repeats the number."""


class BadSignature(Exception):
    """A call that claims to be a gateway's and is not."""


class PaymentGateway(Protocol):
    """One gateway. Amounts are in the site's currency; `token` is what `keep_method` answered.

    Each method but `read_notice` may raise GatewayUnavailable, and none is called inside a transaction.
    """

    name: str

    def charge(self, key: str, amount: Decimal, token: str) -> Outcome:
        """Take `amount` from a payment method, once for this key."""

    def refund(self, key: str, reference: str, amount: Decimal) -> Outcome:
        """Give `amount` of the charge `reference` back to where it came from, once for this key."""

    def payout(self, key: str, amount: Decimal, token: str) -> Outcome:
        """Send `amount` to a bank account, once for this key."""

    def confirm(self, reference: str) -> Outcome:
        """What became of what has this reference, for instance after the payer confirmed a charge."""

    def agree(self, reference: str) -> Outcome:
        """The payer agrees to a charge on a page of ours; where the gateway has a page for it, this only looks."""

    def cancel(self, reference: str) -> Outcome:
        """Give up a charge that the payer has not confirmed; answers Confirmed when it was too late for that."""

    def look_up(self, key: str, direction: str, since: datetime) -> Outcome | None:
        """What became of what was asked with this key after `since`; None when it never arrived there."""

    def keep_method(self, entry: str, owner: str) -> Kept:
        """Keep what a person entered as a payment method of `owner`; raises MethodRefused."""

    def forget_method(self, token: str) -> None:
        """Let go of a payment method; one that is unknown is already gone."""

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> Notice | None:
        """The notice in a call, None when it is about nothing of ours; raises BadSignature."""
