"""Funding and releasing milestones through the real operations, policy, gateway, ledger, notices and job included.

Beside them pgbench writes the same rows, statement by statement and in one call for each transaction, and an ORM does
what an ORM would. The sandbox's own record is kept in memory: it stands for somebody else's machine.
"""

import math
import tempfile
from decimal import Decimal
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connections

from benchmarks import operations_orm, operations_sql, pgbench
from benchmarks.arms import Arm, alternate, described, ratios
from benchmarks.plan import Plan, Result
from benchmarks.rooms import afterwards, statements
from benchmarks.workers import Done, Work, rate
from contracts.models import Contract, Milestone
from contracts.operations.funding import fund_milestone
from contracts.operations.release import release
from escrow import ledger
from escrow.ledger import Owned
from escrow.models import Kind
from proof.databases import migrated, working_on
from tests.factories import Agreed, agreed, card

MILESTONES = 199
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108
SHARE = Decimal("0.10")
PACES = {"operations": 80, "orm": 300, "statements": 400, "call": 1_200}  # milestones a second
DONE = """SELECT coalesce(max(n), 0) FROM bench_supply JOIN contracts_earning ON contracts_earning.id = milestone
WHERE client BETWEEN %s AND %s"""


def measure(plan: Plan) -> Result:
    result = Result("operations")
    migrated()
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else None) as place:
        settings.SANDBOX_DIR = Path(place)
        for workers in plan.size((4,), (1, 4, 8, 16)):
            with working_on("bench_operations"):
                compare(plan, result, workers)
    return result


def compare(plan: Plan, result: Result, workers: int) -> None:
    operations_orm.make(workers + contracts(plan, "orm"), MILESTONES)
    supply = Supply(plan, workers)
    taken = statements(operating(supply.ours[0])) + afterwards(operating(supply.ours[0]))
    rounds = alternate(supply.arms(plan.seconds), plan.rounds)
    for theirs in ("statements", "call", "orm"):
        result.add(f"operations.{theirs}", f"{workers} at once", ratios(rounds, "operations", theirs))
    result.notes.append(
        f"{workers} at once, funded and released: {described(rounds, '{:,.1f}')}; {taken} statements each"
    )


class Supply:
    """Contracts with milestones ahead: for each worker of the operations', and for each of pgbench's clients."""

    FIRST = {"statements": 0, "call": 1_000}  # of bench_supply's clients

    def __init__(self, plan: Plan, workers: int) -> None:
        self.workers = workers
        self.ours = [made(contracts(plan, "operations"), workers) for _worker in range(workers)]
        with connections["owner"].cursor() as cursor:
            for statement in (operations_sql.SUPPLY, *operations_sql.functions()):
                cursor.execute(statement)
        for name, first in self.FIRST.items():
            for client in range(workers):
                stock(first + client, made(contracts(plan, name), workers))

    def arms(self, seconds: float) -> dict[str, Arm]:
        return {
            "operations": partial(rate, lambda number: operating(self.ours[number]), self.workers, seconds),
            "orm": partial(rate, lambda number: operations_orm.working(number, self.workers), self.workers, seconds),
            "statements": partial(self.pgbench, "statements", operations_sql.one_by_one(), seconds),
            "call": partial(self.pgbench, "call", operations_sql.in_one_call(), seconds),
        }

    def pgbench(self, name: str, script: str, seconds: float) -> float:
        """Each client goes on where the furthest of them was when the last round ended."""
        first = self.FIRST[name]
        with connections["owner"].cursor() as cursor:
            cursor.execute(DONE, [first, first + 999])
            values = {"n": cursor.fetchone()[0], "first": first}
        return pgbench.rate(script, self.workers, seconds=seconds, alias="owner", values=values)


def contracts(plan: Plan, name: str) -> int:
    """How many an arm may use up in all its rounds, at the pace that it never reaches."""
    return math.ceil(PACES[name] * max(1, plan.seconds) * plan.rounds / MILESTONES)


def made(contracts: int, workers: int) -> list[Agreed]:
    """One worker's share of so many contracts, and one more."""
    return [agreed(MILESTONES) for _each in range(contracts // workers + 1)]


def stock(client: int, worlds: list[Agreed]) -> None:
    """Their milestones ahead are this client's, in their order."""
    rows = [row for world in worlds for row in supplied(world)]
    with connections["owner"].cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO bench_supply VALUES ({', '.join(['%s'] * 15)})",
            [(client, place, *row) for place, row in enumerate(rows, start=1)],
        )


def supplied(world: Agreed) -> list[tuple]:
    """A row of bench_supply for each milestone ahead, but for its client and place."""
    contract, method = world.contract, card(world.contract.client)
    held, pending, outside, fees = ledger.accounts(
        Owned(Kind.ESCROW, scope=contract.pk), Owned(Kind.PENDING, contract.talent_id), Owned(Kind.OUTSIDE),
        Owned(Kind.FEES),
    )  # fmt: skip
    return [
        (
            milestone.pk, contract.pk, contract.client_id, contract.talent_id, world.client.pk, world.talent.pk,
            method.pk, milestone.amount, (milestone.amount * SHARE).quantize(Decimal("0.01")), held, pending, outside,
            fees,
        )
        for milestone in ahead(contract.pk)
    ]  # fmt: skip


def ahead(contract: UUID) -> list[Milestone]:
    return list(Milestone.objects.filter(contract=contract, status="future").order_by("position"))


def operating(worlds: list[Agreed]) -> Work:
    """Funds and releases the milestones ahead, as the pages do."""
    todo = iter([(world, milestone) for world in worlds for milestone in ahead(world.contract.pk)])
    methods = {world.contract.pk: card(world.contract.client) for world in worlds}

    def work() -> None:
        world, milestone = next(todo, (None, None))
        if world is None or milestone is None:
            raise Done
        contract = Contract.objects.get(pk=world.contract.pk)  # as pgbench reads what is next
        fund_milestone(
            contract=contract, by=world.client, milestone=milestone, key=uuid4(), amount=milestone.amount,
            charge=milestone.amount, version=contract.plan_version, method=methods[contract.pk],
        )  # fmt: skip
        release(contract=contract, by=world.client, milestone=milestone, amount=milestone.amount)

    return work
