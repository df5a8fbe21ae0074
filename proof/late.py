"""The worker was down for three days: one sweep then does what hourly ones would have done, once and in that order.

What came due in those days is on one database, and each way to work it off on a copy of it.
"""

from collections import Counter
from datetime import timedelta
from operator import attrgetter
from pathlib import Path
from random import Random
from uuid import UUID

from django.db import connection

from contracts import tasks, timers
from contracts.models import Earning, Event, EventKind
from contracts.operations import maturing, offers, release, settlement
from contracts.tests import dealing
from contracts.tests.dealing import Deal
from marketplace import clock
from notifications.tasks import tell_rest
from proof import books
from proof.begun import asked, countered, submitted
from proof.crash_dues import copied
from proof.dues import Due, paid
from proof.outcome import Outcome, differences, lost_and_doubled, outcome
from proof.plan import Plan, Result
from proof.working import to_do
from proof.wrong_clock import SITE_WORKER, work

DOWN, STEP = 72, 1  # hours
ONE_BY_ONE = [*SITE_WORKER, "--concurrency", "1"]  # two sweeps side by side share the work, and each keeps its order
EACH, QUICK_EACH = 8, 2
# Nobody is reminded of what is over by the time that somebody could be; earnings mature in silence.
REMINDERS = (EventKind.REVIEW_REMINDER, EventKind.REQUEST_REMINDER)
UNTOLD = ("reminders", "earnings")
DUES = (
    Due("a release without a review", release.release_overdue, submitted, 14),
    Due("an offer expires", offers.expire_offer, lambda: dealing.offered("100.00"), 7),
    Due("a refund request lapses", settlement.lapse_refund, asked, 7),
    Due("a counter lapses", settlement.lapse_refund, countered, 7),
    Due("earnings mature", maturing.mature, paid, 5),
)


def prove(plan: Plan, name: str, place: Path, result: Result) -> None:
    """Compare both ways, deal by deal."""
    deals = coming_due(plan.chance("late"), QUICK_EACH if plan.quick else EACH)
    with copied(name, place, 1):
        for _time in range(0, DOWN, STEP):
            clock.advance(timedelta(hours=STEP))
            timers.sweep()
        expected = settled(deals)
    with copied(name, place, 2):
        clock.advance(timedelta(hours=DOWN))
        order, last = waiting(), Event.objects.order_by("-pk").values_list("pk", flat=True)[0]
        to_do(tasks.sweep)
        work(connection.settings_dict["NAME"], place / "2", timedelta(0), ONE_BY_ONE)
        result.fault("the worker was down for three days")
        compare(deals, expected, settled(deals), result)
        in_order(order, last, result)
        books.check(result, "after three days without a worker", thorough=True)
        again(deals, result)


def coming_due(chance: Random, each: int) -> list[Deal]:
    """Deals of which all come due within the days that follow, hours apart, of each kind as many."""
    begin = [(due.days - chance.uniform(0.05, DOWN / 24 - 0.05), due) for due in DUES for _time in range(each)]
    begin.sort(key=lambda one: one[0], reverse=True)
    deals, at = [], begin[0][0]
    for before, due in begin:
        clock.advance(timedelta(days=at - before))
        timers.sweep()
        at = before
        deals.append(due.begin())
    clock.advance(timedelta(days=at))
    settle()
    return deals


def settle() -> None:
    """What is due now is done, and told."""
    timers.sweep()
    tell_rest.func(0)


def settled(deals: list[Deal]) -> list[Outcome]:
    settle()
    return [without_reminders(outcome(deal)) for deal in deals]


def without_reminders(whole: Outcome) -> Outcome:
    """Where the sweep comes in time somebody is reminded, and later nobody."""
    return {
        name: Counter({row: n for row, n in rows.items() if row[0] not in REMINDERS}) for name, rows in whole.items()
    }


def waiting() -> list[UUID]:
    """The contracts about which something has come due that people are told of, the longest due first."""
    now = clock.now()
    found = [item for due in timers.DUE if not due.name.startswith(UNTOLD) for item in due.find(now, set())]
    return [item.contract_id for item in sorted(found, key=attrgetter("moment", "key"))]


def compare(deals: list[Deal], expected: list[Outcome], found: list[Outcome], result: Result) -> None:
    for number, (whole, late) in enumerate(zip(expected, found, strict=True)):
        result.operations += 1
        lost, doubled = lost_and_doubled(whole, late)
        result.lost, result.doubled = result.lost + lost, result.doubled + doubled
        about = f"three days late, deal {number} ({', '.join(deals[number].told[-2:])})"
        result.failures += [f"{about}: {sentence}" for sentence in differences(whole, late)]


def in_order(due: list[UUID], last: int, result: Result) -> None:
    """Whose turn came first is told of first."""
    events = Event.objects.filter(pk__gt=last).exclude(kind__in=REMINDERS).order_by("pk")
    told = list(dict.fromkeys(events.values_list("contract", flat=True)))
    wanted = [key for key in dict.fromkeys(due) if key in told]
    result.notes.append(f"After three days one sweep kept {len(due)} deadlines, on {len(told)} contracts.")
    silent = list(Earning.objects.exclude(matured_at=None).order_by("matured_at").values_list("matures_at", flat=True))
    if told != wanted or silent != sorted(silent):
        result.failures.append("After three days, things were not done in the order in which they came due.")


def again(deals: list[Deal], result: Result) -> None:
    """Another sweep finds nothing to do."""
    before = [outcome(deal) for deal in deals]
    if done := timers.sweep():
        result.failures.append(f"Right after it, another sweep still did {dict(done)}.")
    result.doubled += before != [outcome(deal) for deal in deals]
