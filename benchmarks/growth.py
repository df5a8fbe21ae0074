"""The ledger as its accounts grow old: what a figure and a posting cost with 10³ and with a million entries."""

import uuid
from collections.abc import Callable
from decimal import Decimal

from django.db import connections, transaction

from benchmarks import pgbench
from benchmarks.arms import alternate, described, ratios, seconds
from benchmarks.plan import Plan, Result
from contracts.models import Contract
from escrow import ledger
from escrow.ledger import Move, Owned
from escrow.models import Kind
from proof.databases import migrated, working_on
from tests.factories import agreed

AT_ONCE = 100  # transfers of one journal
GROW = """SELECT escrow_post('grow:' || gen_random_uuid(), 'release', :scope::uuid,
    array_fill(:held::bigint, ARRAY[{n}]), array_fill(:own::bigint, ARRAY[{n}]), array_fill(0.01::numeric, ARRAY[{n}]));
"""
TIMES = 200
SMALLEST = 1_000


def measure(plan: Plan) -> Result:
    result = Result("growth")
    migrated()
    with working_on("bench_growth"):
        sizes = plan.size((1_000, 10_000), (1_000, 10_000, 100_000, 1_000_000))
        guarded("DISABLE")
        contracts = {size: grown(size) for size in sizes}
        guarded("ENABLE")
        with connections["owner"].cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
        for what, arm in (("read", reading), ("post", posting)):
            compare(plan, result, what, {f"{size:,} entries": arm(one) for size, one in contracts.items()})
        shared = seconds(lambda: ledger.balance(Kind.FEES))()
        result.notes.append(f"the balance of a shared account, which is summed, for staff: {shared * 1000:.1f} ms")
    return result


def compare(plan: Plan, result: Result, what: str, does: dict[str, Callable[[], object]]) -> None:
    rounds = alternate({name: seconds(do, TIMES) for name, do in does.items()}, plan.rounds)
    smallest = f"{SMALLEST:,} entries"
    for name in does:
        if name != smallest:
            result.add(f"growth.{what}", name, ratios(rounds, name, smallest))
    result.notes.append(f"{what}: {described(rounds, '{:.6f}', 'seconds each')}")


def guarded(how: str) -> None:
    """Whether each COMMIT compares a contract with the ledger: not while a past is made up that nobody lived."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"ALTER TABLE escrow_account {how} TRIGGER contract_holds_what_it_claims")


def grown(size: int) -> Contract:
    """A contract out of whose escrow so many transfers went to its talent."""
    contract = agreed(1).contract
    with transaction.atomic():
        outside, held, own = accounts(contract)
        money = Move(outside, held, Decimal(20_000))
        ledger.post(key=f"fund:{uuid.uuid4()}", cause="fund", scope=contract.pk, transfers=[money])
    values = {"scope": contract.pk, "held": held, "own": own}
    pgbench.rate(GROW.format(n=AT_ONCE), 1, times=size // AT_ONCE, values=values)
    return contract


def accounts(contract: Contract) -> list[int]:
    return ledger.accounts(
        Owned(Kind.OUTSIDE), Owned(Kind.ESCROW, scope=contract.pk), Owned(Kind.PENDING, contract.talent_id)
    )


def reading(contract: Contract) -> Callable[[], object]:
    """What the room says of its money, and what the talent's balance says."""

    def read() -> None:
        Contract.objects.with_money().get(pk=contract.pk)
        ledger.balance(Kind.PENDING, contract.talent_id)

    return read


def posting(contract: Contract) -> Callable[[], object]:
    def post() -> None:
        with transaction.atomic():
            _outside, held, own = accounts(contract)
            move = Move(held, own, Decimal("0.01"))
            ledger.post(key=f"release:{uuid.uuid4()}", cause="release", scope=contract.pk, transfers=[move])

    return post
