"""What the worker does by itself once so many days have passed: which operation it is, and where it begins."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from contracts.operations import maturing, offers, release, settlement
from contracts.tests import dealing
from contracts.tests.dealing import Deal
from escrow.operations import payments
from marketplace import clock
from proof.begun import asked, came_back, came_too_late, countered, left_over, lost_answer, submitted, taken_back


@dataclass(frozen=True)
class Due:
    name: str
    does: Callable[..., object]
    begin: Callable[[], Deal]
    days: float


def paid() -> Deal:
    return left_over("100.00", "100.00", "50.00")


A_MINUTE = 2 / 24 / 60
DUES = (
    Due("an offer expires", offers.expire_offer, lambda: dealing.offered("100.00"), 7),
    Due("a release without a review", release.release_overdue, submitted, 14),
    Due("a refund request lapses", settlement.lapse_refund, asked, 7),
    Due("a counter lapses", settlement.lapse_refund, countered, 7),
    Due("earnings mature", maturing.mature, paid, 5),
    Due("a lost payment is settled", payments.sweep_payments, lost_answer, A_MINUTE),
    Due("a payment without a purpose is refunded", payments.sweep_payments, came_too_late, A_MINUTE),
    Due("a refund is declined whose charge was taken back", payments.sweep_payments, taken_back, A_MINUTE),
    Due("a refund that came back is tried again", payments.sweep_payments, came_back, 1),
)


def pass_days(days: float) -> None:
    clock.advance(timedelta(days=days))
