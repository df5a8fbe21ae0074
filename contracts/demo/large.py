"""A large set of contracts for measuring, written by COPY as the database's owner: the one exception to operations.

Knows the tables' columns. What it writes keeps every constraint and looks lived in; nobody lived it.
"""

import random
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.management.base import CommandError
from django.db import connections, transaction

from contracts import conditions
from contracts.demo.large_rows import LargeContract, Side
from marketplace.models import Membership, Party, PartyKind, User

HEAVY = "heavy@cairn.test"
BATCH = 5_000
SHARE = 10  # every tenth contract is heavy's

COLUMNS = {
    "marketplace_job": "id, client_id, title, description, created_at",
    "contracts_contract": "id, job_id, client_id, talent_id, title, terms, status, plan_version, created_at, "
    "updated_at, sent_at, started_at, ended_at, " + ", ".join(conditions.current()),
    "contracts_milestone": "id, contract_id, position, title, description, amount, due_date, status, closed_at",
    "contracts_planrevision": "id, contract_id, number, lines, by_id, at",
    "contracts_event": "id, contract_id, kind, by_id, at, revision_id, note, told_at",
}
PEOPLE = ("marketplace_user", "marketplace_party", "marketplace_membership")
COUNTED = ("marketplace_job", "contracts_planrevision", "contracts_event")


def load_large(contracts: int, milestones: int, *, password: str, say: Callable[[str], None]) -> None:
    """Write so many contracts, all or nothing, and say how it goes. CommandError when it was done before."""
    if User.objects.filter(email=HEAVY).exists():
        raise CommandError(f"{HEAVY} is there already: load the large set into a database without it.")
    started, rows = time.monotonic(), 0
    with transaction.atomic(using="owner"):
        clients, talents = people(contracts, password)
        ids = {table: next_id(table) for table in COUNTED}
        for first in range(0, contracts, BATCH):
            numbers = range(first, min(first + BATCH, contracts))
            rows += write_batch(numbers, milestones, clients, talents, ids)
            say(
                f"{numbers.stop:,} contracts of {contracts:,}, {rows / (time.monotonic() - started):,.0f} rows a second"
            )
        for table, following in ids.items():
            run("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, following])
    run("SET statement_timeout = 0")
    run("VACUUM (ANALYZE) " + ", ".join([*PEOPLE, *COLUMNS]))
    say(f"{rows:,} rows in {time.monotonic() - started:.1f} s. {HEAVY} has every tenth contract.")


def people(contracts: int, password: str) -> tuple[list[Side], list[Side]]:
    """Clients with about fifty contracts each, talents with about twenty; the first client is heavy's."""
    heavy = User(email=HEAVY, name="Hector Vane")
    heavy.set_password(password)
    clients = found(PartyKind.CLIENT, contracts // 50 + 1, heavy)
    EmailAddress.objects.using("owner").create(user=heavy, email=HEAVY, verified=True, primary=True)
    return clients, found(PartyKind.FREELANCER, contracts // 20 + 1)


def found(kind: PartyKind, count: int, first: User | None = None) -> list[Side]:
    """So many parties of one kind, each with its owner, who cannot sign in unless it is `first`."""
    users = [first] if first else []
    users += [
        User(email=f"{kind}-{at}@many.cairn.test", name=f"{kind.label} {at}".title(), password=unusable())
        for at in range(len(users), count)
    ]
    users = User.objects.using("owner").bulk_create(users, batch_size=BATCH)
    parties = Party.objects.using("owner").bulk_create(
        [Party(kind=kind, name=f"{user.name}'s house") for user in users], batch_size=BATCH
    )
    sides = list(zip(users, parties, strict=True))
    Membership.objects.using("owner").bulk_create(
        [Membership(user=user, party=party, role="owner") for user, party in sides], batch_size=BATCH
    )
    return [Side(user.pk, str(party.pk)) for user, party in sides]


def unusable() -> str:
    return UNUSABLE_PASSWORD_PREFIX + uuid.uuid4().hex


def write_batch(numbers: range, milestones: int, clients: list[Side], talents: list[Side], ids: dict[str, int]) -> int:
    """Write the contracts with these numbers, and what belongs to them; how many rows that was."""
    chance = random.Random(numbers.start)  # noqa: S311, the same set each time
    now = datetime.now(UTC).replace(microsecond=0)
    texts: dict[str, list[str]] = {table: [] for table in COLUMNS}
    for number in numbers:
        client = clients[0] if number % SHARE == 0 or len(clients) == 1 else clients[1 + number % (len(clients) - 1)]
        updated = now - timedelta(seconds=chance.randrange(60, 730 * 86_400))
        contract = LargeContract(number, client, talents[number % len(talents)], milestones, updated, chance)
        for table, rows in contract.rows(ids).items():
            texts[table] += rows
    return sum(copy(table, rows) for table, rows in texts.items())


def copy(table: str, rows: Iterable[str]) -> int:
    rows = list(rows)
    with connections["owner"].cursor() as cursor, cursor.copy(f"COPY {table} ({COLUMNS[table]}) FROM STDIN") as target:
        target.write("".join(rows))
    return len(rows)


def next_id(table: str) -> int:
    return run(f"SELECT COALESCE(MAX(id), 0) + 1 FROM {table}")  # noqa: S608, a name from COUNTED


def run(statement: str, values: Iterable = ()) -> int:
    """Run it as the owner; the first value of its answer, or 0."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, list(values) or None)
        return cursor.fetchone()[0] if cursor.description else 0
