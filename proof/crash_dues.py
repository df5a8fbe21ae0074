"""The worker dies while it does what came due: at each instant of its sweep, each on a copy of the same database."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connections

from contracts.tests.dealing import Deal
from proof import books
from proof.crash_acts import A_WHILE, instants
from proof.databases import point_at, working_on
from proof.dues import DUES, pass_days
from proof.outcome import Outcome, differences, lost_and_doubled, outcome
from proof.plan import Plan, Result
from proof.working import KILLED, settle, sweeping

BY_NAME = {due.name: due for due in DUES}


def sweep(plan: Plan, names: tuple[str, ...], place: Path, result: Result) -> None:
    """All instants of one thing that comes due."""
    due = BY_NAME[names[0]]
    settings.SANDBOX_DIR = place / "before" / "sandbox"
    with working_on(f"proof_{place.name}"[:50]) as before:
        deal = due.begin()
        settle(place / "worker.log")
        pass_days(due.days)
        connections.close_all()
        expected, kinds = without_death(before, deal, place, result)
        for number in instants(plan, due.name, kinds):
            die(f"{due.name}, killed {kinds[number - 1]}", number, (before, deal, expected), place, result)


def without_death(before: str, deal: Deal, place: Path, result: Result) -> tuple[Outcome, list[str]]:
    """What it comes to, and the instants of the sweep."""
    with copied(before, place, 0):
        noted = place / "instants.json"
        assert sweeping(place / "worker.log", instants=noted) == 0, (place / "worker.log").read_text()  # noqa: S101
        return settled(deal, place, result, "after the sweep"), json.loads(noted.read_text())


def die(what: str, number: int, known: tuple[str, Deal, Outcome], place: Path, result: Result) -> None:
    before, deal, expected = known
    when = f"{what} (instant {number})"
    with copied(before, place, number):
        if sweeping(place / "worker.log", number) == KILLED:
            result.fault(f"kill -9 of the worker {what.partition('killed ')[2]}")
        else:
            result.notes.append(f"{when} was not reached.")
        books.check(result, f"{when}: right after it", alarms=False)
        found = settled(deal, place, result, when)
        result.operations += 1
        lost, doubled = lost_and_doubled(expected, found)
        result.lost, result.doubled = result.lost + lost, result.doubled + doubled
        result.failures += [f"{when}: {sentence}" for sentence in differences(expected, found)]


@contextmanager
def copied(before: str, place: Path, number: int) -> Iterator[None]:
    """A copy of the database, and of the gateway's record, to die on."""
    outside, inside = settings.SANDBOX_DIR, place / str(number) / "sandbox"
    shutil.copytree(outside, inside)
    connections.close_all()
    settings.SANDBOX_DIR = inside
    with working_on(f"{before}_{number}", before):
        yield
    settings.SANDBOX_DIR = outside
    point_at(before)


def settled(deal: Deal, place: Path, result: Result, when: str) -> Outcome:
    """Another worker comes by, twice, a while later."""
    pass_days(A_WHILE)
    settle(place / "worker.log")
    books.check(result, when, thorough=True)
    return outcome(deal)
