"""A sweep of 200 releases that came due, beside 200 that a person makes one by one; each its own transaction."""

import time
from datetime import timedelta
from uuid import UUID

from benchmarks.arms import alternate, described, ratios
from benchmarks.plan import Plan, Result
from contracts import timers
from contracts.models import Contract, Milestone
from contracts.operations.release import release
from marketplace import clock
from proof.databases import migrated, working_on
from tests.factories import Agreed, submitted


def measure(plan: Plan) -> Result:
    result = Result("sweep")
    migrated()
    with working_on("bench_sweep"):
        stock = Stock(plan.size(10, 200))
        rounds = alternate({"sweep": stock.sweep, "single": stock.single}, plan.rounds)
    result.add("sweep.single", f"{stock.size} releases", ratios(rounds, "sweep", "single"))
    result.notes.append(f"{stock.size} releases: {described(rounds, '{:.2f}', 'seconds')}")
    return result


class Stock:
    """Contracts whose current milestone waits for its review; each arm makes its own before its time is taken."""

    def __init__(self, size: int) -> None:
        self.size = size

    def submitted(self) -> list[Agreed]:
        return [submitted(1) for _each in range(self.size)]

    def sweep(self) -> float:
        keys = [world.contract.pk for world in self.submitted()]
        clock.advance(timedelta(days=15))
        return timed(lambda: timers.sweep(dues=[without_review()]), keys)

    def single(self) -> float:
        worlds = self.submitted()

        def one_by_one() -> None:
            for world in worlds:
                contract = Contract.objects.get(pk=world.contract.pk)
                milestone = contract.milestones.get(status="submitted")
                release(contract=contract, by=world.client, milestone=milestone, amount=milestone.amount)

        return timed(one_by_one, [world.contract.pk for world in worlds])


def without_review() -> timers.Due:
    """The one kind of deadline that this is about."""
    return next(due for due in timers.DUE if due.moment == "review_by")


def timed(do, contracts: list[UUID]) -> float:
    """How many seconds it took; RuntimeError unless all of them are paid then."""
    begun = time.perf_counter()
    do()
    taken = time.perf_counter() - begun
    paid = Milestone.objects.filter(contract__in=contracts, status="paid").count()
    if paid != len(contracts):
        raise RuntimeError(f"{paid} of {len(contracts)} milestones were paid.")
    return taken
