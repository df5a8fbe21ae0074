"""How fast the ledger posts: from Python beside pgbench, beside two other ledgers, and onto one shared account.

One transfer a transaction, between accounts of chance. Makes a database of its own.
"""

import random
import uuid
from collections.abc import Mapping
from decimal import Decimal
from functools import partial

from django.db import connections, transaction

from benchmarks import hordak, orm_ledger, pgbench
from benchmarks.arms import Arm, alternate, described, ratios
from benchmarks.plan import Plan, Result
from benchmarks.workers import Work, rate
from escrow import ledger
from escrow.ledger import Move
from proof.databases import migrated, working_on

SCOPES = 1_000
FEES = 2  # the shared accounts are 1 and 2; then come the escrow and then the fee account of each scope
CENT = Decimal("0.01")
WORLD = (
    "SELECT escrow_account('outside', NULL, NULL)",
    "SELECT escrow_account('fees', NULL, NULL)",
    "SELECT escrow_account('escrow', NULL, md5(n::text)::uuid) FROM generate_series(1, {scopes}) AS n",
    "SELECT escrow_account('initiation_fee', NULL, md5(n::text)::uuid) FROM generate_series(1, {scopes}) AS n",
    "SELECT escrow_post('fund:' || n, 'fund', NULL, ARRAY[1], ARRAY[2 + n], ARRAY[1000000])"
    " FROM generate_series(1, {scopes}) AS n",
    "ANALYZE",
)
CALL = f"""\\set n random(1, {SCOPES})
SELECT posted, created FROM escrow_post('release:' || gen_random_uuid(), 'release', NULL::uuid,
    ARRAY[2 + :n]::bigint[], ARRAY[2 + {SCOPES} + :n]::bigint[], ARRAY[0.01]::numeric[]);
"""
HOT = CALL.replace(f"2 + {SCOPES} + :n", str(FEES))


def measure(plan: Plan) -> Result:
    result = Result("ledger")
    migrated()
    with working_on("bench_ledger"):
        fill()
        orm_ledger.make(2 * SCOPES)
        with hordak.ready(plan, result) as others:
            for workers in plan.size((1, 4), (1, 4, 8, 16)):
                compare(plan, result, workers, others)
    return result


def fill() -> None:
    with connections["owner"].cursor() as cursor:
        for statement in WORLD:
            cursor.execute(statement.format(scopes=SCOPES))


def compare(plan: Plan, result: Result, workers: int, others: Mapping[str, hordak.Rate]) -> None:
    rounds = alternate(arms(plan.seconds, workers, others), plan.rounds)
    case = f"{workers} at once"
    for theirs in ("pgbench", "orm", *others):
        result.add(f"ledger.{theirs}", case, ratios(rounds, "python", theirs))
    result.add("ledger.hot", case, ratios(rounds, "python, hot", "python"))
    result.add("ledger.hot", f"{case}, in pgbench", ratios(rounds, "pgbench, hot", "pgbench"))
    result.notes.append(f"{case}: {described(rounds)}")


def arms(seconds: float, workers: int, others: Mapping[str, hordak.Rate]) -> dict[str, Arm]:
    """What each does in a round, by name."""
    ours = {
        "python": partial(rate, posting(shared=False), workers, seconds),
        "python, hot": partial(rate, posting(shared=True), workers, seconds),
        "orm": partial(rate, orm_ledger.posting(2 * SCOPES), workers, seconds),
        "pgbench": partial(pgbench.rate, CALL, workers, seconds=seconds),
        "pgbench, hot": partial(pgbench.rate, HOT, workers, seconds=seconds),
    }
    return ours | {name: partial(others[name], workers, seconds) for name in others}


def posting(*, shared: bool):
    """Prepares a worker that posts one journal a transaction through the ledger's own door."""

    def post() -> None:
        scope = random.randint(1, SCOPES)
        move = Move(2 + scope, FEES if shared else 2 + SCOPES + scope, CENT)
        with transaction.atomic():
            ledger.post(key=f"release:{uuid.uuid4()}", cause="release", transfers=[move])

    def prepare(number: int) -> Work:
        random.seed()
        return post

    return prepare
