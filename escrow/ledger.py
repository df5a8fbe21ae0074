"""The way of Python into the ledger: find accounts, post a journal, reverse one, read a balance.

Knows no operation and no gateway. The database checks, locks and writes; this translates its refusals.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.transaction import TransactionManagementError

from escrow.models import CheckRun, Journal, Kind
from marketplace.prepared import Prepared
from marketplace.trouble import Unavailable

KEY_REUSED, STOPPED = "CL001", "CL004"
CENT = Decimal("0.01")


class LedgerError(Exception):
    """The ledger refused a journal; the database transaction it was posted in is over."""


class Insufficient(LedgerError):
    """An account that may not be below zero would be."""


class KeyReused(LedgerError):
    """The key was posted before, with other content (I17)."""


class Stopped(LedgerError, Unavailable):
    """A check found that the books do not hold: no journal is posted until they do."""

    trouble = "stopped"
    retry_after = 600


class Owned(NamedTuple):
    """Names an account: its kind and whose it is. A shared account is nobody's."""

    kind: str
    party: UUID | None = None
    scope: UUID | None = None


def held_for(contract: UUID) -> tuple[Owned, Owned]:
    """Where a contract's money is held: in escrow, and its initiation fee until the first release (B21)."""
    return Owned(Kind.ESCROW, scope=contract), Owned(Kind.INITIATION_FEE, scope=contract)


class Move(NamedTuple):
    """`amount`, in whole cents, from the account `debit` to the account `credit`; both are ids, or both are named."""

    debit: int | Owned
    credit: int | Owned
    amount: Decimal


class Posted(NamedTuple):
    """The journal under the key; `created` is false when it had been posted before."""

    journal_id: int
    created: bool


def account(kind: str, party: UUID | None = None, scope: UUID | None = None) -> int:
    """The id of the account of this kind, opened if it is not there yet."""
    return accounts(Owned(kind, party, scope))[0]


def accounts(*wanted: Owned) -> list[int]:
    """The ids of these accounts, in one round trip; each is opened if it is not there yet."""
    with connection.cursor() as cursor:
        cursor.execute(ACCOUNTS, _columns(wanted))
        return [found for (found,) in cursor.fetchall()]


ACCOUNTS = """SELECT escrow_account(kind, party, scope)
FROM unnest(%s::text[], %s::uuid[], %s::uuid[]) WITH ORDINALITY AS o (kind, party, scope, place) ORDER BY place"""


def _columns(wanted: Sequence[Owned]) -> list[list]:
    kinds, parties, scopes = zip(*wanted, strict=True)
    return [[str(kind) for kind in kinds], list(parties), list(scopes)]


def _ids(accounts: Sequence[int | Owned]) -> tuple[str, list[list]]:
    """An expression for the ids of these accounts, and its values: those that are named are found on the way."""
    named = [each for each in accounts if isinstance(each, Owned)]
    if named and len(named) == len(accounts):
        return f"ARRAY({ACCOUNTS})", _columns(named)
    return "%s::bigint[]", [list(accounts)]


def post(
    *, key: str, cause: str, transfers: Sequence[Move], scope: UUID | None = None, reverses: int | None = None
) -> Posted:
    """Post a whole journal, in the caller's transaction and in one round trip.

    The transfers happen in the order given; accounts that they name are opened if they are not there yet. A key that
    was posted before with the same content moves nothing and answers the journal of then. Raises Insufficient,
    KeyReused and Stopped; anything else that is refused is a bug.
    """
    _check(transfers)
    debits, credits, amounts = zip(*transfers, strict=True) if transfers else ((), (), ())  # noqa: A001
    (debited, some), (credited, others) = _ids(debits), _ids(credits)
    with _refusals(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT posted, created"  # noqa: S608, both are texts from below
            f" FROM escrow_post(%s, %s, %s::uuid, {debited}, {credited}, %s::numeric[], %s::bigint)",
            [key, str(cause), scope, *some, *others, list(amounts), reverses],
        )
        return Posted(*cursor.fetchone())


def reverse(journal_id: int, *, key: str, cause: str = "reversal") -> Posted:
    """Give back everything that a journal moved, last transfer first; Insufficient if it is no longer there (I12)."""
    original = Journal.objects.prefetch_related("transfers").get(pk=journal_id)
    moved = sorted(original.transfers.all(), key=lambda transfer: -transfer.pk)
    back = [Move(transfer.credit_id, transfer.debit_id, transfer.amount) for transfer in moved]
    return post(key=key, cause=cause, scope=original.scope, transfers=back, reverses=journal_id)


_LATEST = Prepared(lambda: CheckRun.objects.order_by("-pk").only("stops")[:1])


def is_stopped() -> bool:
    """Whether no money moves now: the latest check found that the books do not hold."""
    latest = _LATEST.first()
    return latest is not None and latest.stops


def refuse_if_stopped() -> None:
    """Raises Stopped while no money moves: for what would end in a journal, before anybody is charged for it."""
    if is_stopped():
        raise Stopped("The books do not hold: no money moves until they do.")


@contextmanager
def snapshot() -> Iterator[None]:
    """A transaction for reading alone, in which the ledger stands still. Inside another it sees what that one sees."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def balance(kind: str, party: UUID | None = None, scope: UUID | None = None) -> Decimal:
    """What lies in the account: its credits less its debits. An account that was never opened holds 0.00."""
    with connection.cursor() as cursor:
        cursor.execute(BALANCE, {"kind": str(kind), "party": party, "scope": scope})
        row = cursor.fetchone()
    return row[0] if row else Decimal("0.00")


BALANCE = """
SELECT coalesce(balance, (
    SELECT coalesce(sum(amount), 0.00) FROM escrow_transfer WHERE credit_id = account.id
) - (
    SELECT coalesce(sum(amount), 0.00) FROM escrow_transfer WHERE debit_id = account.id
)) FROM escrow_account AS account
WHERE kind = %(kind)s
    AND CASE WHEN %(party)s::uuid IS NULL THEN party_id IS NULL ELSE party_id = %(party)s::uuid END
    AND CASE WHEN %(scope)s::uuid IS NULL THEN scope IS NULL ELSE scope = %(scope)s::uuid END
"""


def _check(transfers: Sequence[Move]) -> None:
    """What would be a mistake of the caller's: outside a transaction, or an amount that is not in whole cents."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("A journal is posted inside atomic().")
    for move in transfers:
        if not isinstance(move.amount, Decimal) or move.amount != move.amount.quantize(CENT):
            raise TypeError(f"{move.amount!r} is no Decimal in whole cents.")


@contextmanager
def _refusals() -> Iterator[None]:
    """The database's refusals, in this module's words."""
    try:
        yield
    except DatabaseError as refused:
        said = getattr(refused.__cause__, "diag", None)
        if said and said.sqlstate == KEY_REUSED:
            raise KeyReused(said.message_primary) from refused
        if said and said.constraint_name == "account_not_below_zero":
            raise Insufficient("There is not enough in the account.") from refused
        if said and said.sqlstate == STOPPED:
            raise Stopped(said.message_primary) from refused
        raise
