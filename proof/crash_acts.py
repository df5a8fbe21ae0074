"""Somebody posts, and the web process dies on the way: at each instant, once for each, on a contract of its own.

Instants before the first look at the form's own rows are swept like all others: signing in, the session, roles.
"""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from contracts.tests.dealing import Deal
from proof import books, crash
from proof.act import Act
from proof.acts import ACTS
from proof.acts_of_staff import ACTS_OF_STAFF
from proof.browser import Answer, NoAnswer
from proof.calls import CALLS, Call
from proof.databases import working_on
from proof.dues import pass_days
from proof.dying_web import DyingWeb
from proof.outcome import differences, lost_and_doubled, outcome
from proof.plan import Plan, Result
from proof.working import settle

A_WHILE = 7 / 24 / 60  # days, after which the sweep takes up what was left open, and a dead lease on an email is over
EVERY: tuple[Act | Call, ...] = (*ACTS, *ACTS_OF_STAFF, *CALLS)
BY_NAME = {act.name: act for act in EVERY}


@dataclass
class Try:
    """One death, or with `instant` 0 none; what its deal came to is compared at the end."""

    act: Act | Call
    instant: int
    kind: str
    deal: Deal
    acknowledged: bool = False

    def __str__(self) -> str:
        return f"{self.act.name}, killed {self.kind} (instant {self.instant})"


def sweep(plan: Plan, names: tuple[str, ...], place: Path, result: Result, without: str = "") -> None:
    """All instants of these acts, on one database."""
    settings.SANDBOX_DIR = place / "sandbox"
    with working_on(f"proof_{place.name}"[:60]) as database:
        with DyingWeb(database, place, without) as web:
            tries = [one for name in names for one in tried(plan, BY_NAME[name], web, result)]
        pass_days(A_WHILE)
        settle(place / "worker.log")
        books.check(result, "after the sweep", thorough=True)
        compare(tries, result)


def control(plan: Plan, names: tuple[str, ...], place: Path, result: Result) -> None:
    """The same on a site whose forms have no keys: somebody must be charged twice, and it must be noticed."""
    found = Result("crash")
    sweep(Plan(plan.seed, True, plan.data), names, place, found, without="keys")
    result.control("the keys of forms", noticed=found.doubled > 0)
    result.seconds = found.seconds


def tried(plan: Plan, act: Act | Call, web: DyingWeb, result: Result) -> list[Try]:
    """Without a death, which says how many instants there are; then with each of them, or a sample.

    The first one only warms the process up, as whoever posts again after a death does for the next.
    """
    alive, kinds = list[Try](), list[str]()
    for _twice in range(2):
        one = Try(act, 0, "never", act.begin())
        ready = act.ready(one.deal, web)
        answer = ready.post(**{"Count-Instants": "1"})
        assert answer.status == ready.done, f"{act.name} answers {answer.status}:\n{answer.text[-3000:]}"  # noqa: S101
        alive.append(one)
        kinds = answer.headers["Instants"].split("|")
    return [*alive, *(die(Try(act, number, kinds[number - 1], act.begin()), web, result)
                      for number in instants(plan, act.name, kinds))]  # fmt: skip


def instants(plan: Plan, name: str, kinds: list[str]) -> list[int]:
    """Their numbers, from 1: all, or when it has to be quick those around a COMMIT and some others."""
    everything = list(range(1, len(kinds) + 1))
    if not plan.quick:
        return everything
    chance = plan.chance(f"instants of {name}")
    commits = [number for number in everything if kinds[number - 1] == "after COMMIT"]
    chosen = {*chance.sample(commits, min(crash.QUICK_COMMITS, len(commits))), len(kinds)}
    return sorted(chosen | {*chance.sample(everything, max(0, crash.QUICK_POINTS - len(chosen)))})


def die(one: Try, web: DyingWeb, result: Result) -> Try:
    """Post, and lose the answer; then post the very same once more, which is a success. A gateway calls again, too."""
    ready = one.act.ready(one.deal, web)
    try:
        ready.post(**{"Die-At": str(one.instant)})
    except NoAnswer:
        result.fault(f"kill -9 of the web process {one.kind}")
    else:
        result.notes.append(f"{one} was not reached.")
    books.check(result, f"{one}: right after it", alarms=False)
    again = ready.post()
    result.operations += 1
    one.acknowledged = again.status == ready.done
    if not one.acknowledged:
        result.failures.append(f"{one}: the same form once more answers {again.status}. {said(again)}")
    return one


def compare(tries: list[Try], result: Result) -> None:
    expected = {one.act.name: outcome(one.deal) for one in tries if not one.instant}
    for one in tries:
        found = outcome(one.deal)
        lost, doubled = lost_and_doubled(expected[one.act.name], found)
        result.lost += one.acknowledged and lost
        result.doubled += one.acknowledged and doubled
        for sentence in differences(expected[one.act.name], found):
            result.failures.append(f"{one}: {sentence}")


def said(answer: Answer) -> str:
    """The end of a page, for who looks into a failure."""
    return " ".join(answer.text.split())[-300:]
