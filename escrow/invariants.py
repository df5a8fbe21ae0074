"""What must always hold of the books: each is one query that answers no row. Knows how to ask, not what to do then.

Other apps register theirs when they are ready (`register`); `manage.py check_ledger` and the tests ask all of them.
"""

from dataclasses import dataclass
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections

SHOWN = 20
STOPPING = frozenset({"I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I12", "I13", "I17"})


class Invariant(NamedTuple):
    """A number of the list of invariants, a sentence, and the query for what breaks it.

    One that `follows` is about what comes seconds after a commit, so nobody asks it within a transaction. A `thorough`
    one reads everything there ever was, and is asked once a day.
    """

    name: str
    says: str
    query: str
    follows: bool = False
    thorough: bool = False

    @property
    def stops(self) -> bool:
        """Whether no money moves while it is broken; the others only raise an alarm."""
        return self.name in STOPPING


@dataclass(frozen=True)
class Broken:
    """An invariant that does not hold: the first rows of what breaks it, under the query's column names."""

    invariant: Invariant
    columns: tuple[str, ...]
    rows: tuple[tuple, ...]

    def __str__(self) -> str:
        shown = (
            ", ".join(f"{name} {value}" for name, value in zip(self.columns, row, strict=True)) for row in self.rows
        )
        return "\n  ".join([f"{self.invariant.name}: {self.invariant.says}", *shown])


_registered: dict[str, Invariant] = {}


def register(name: str, says: str, query: str, *, follows: bool = False, thorough: bool = False) -> None:
    """Have one more invariant asked from now on; ValueError if the name is taken."""
    if name in _registered:
        raise ValueError(f"{name} is registered already.")
    _registered[name] = Invariant(name, says, query, follows, thorough)


def registered(*, thorough: bool = False) -> list[Invariant]:
    """All of them, in the order in which they were registered; the thorough ones only when those are wanted too."""
    return [invariant for invariant in _registered.values() if thorough or not invariant.thorough]


def broken(using: str = DEFAULT_DB_ALIAS) -> list[Broken]:
    """Those that do not hold, but for what follows a commit."""
    answers = (ask(invariant, using) for invariant in registered() if not invariant.follows)
    return [answer for answer in answers if answer]


def ask(invariant: Invariant, using: str = DEFAULT_DB_ALIAS) -> Broken | None:
    """One query, so one snapshot: journals that are posted meanwhile disturb nothing."""
    with connections[using].cursor() as cursor:
        cursor.execute(invariant.query)
        rows = cursor.fetchmany(SHOWN)
        columns = tuple(column.name for column in cursor.description)
    return Broken(invariant, columns, tuple(rows)) if rows else None


register(
    "I1",
    "The balances of all accounts, the outside world included, sum to 0.",
    "SELECT sum(held) AS total FROM escrow_holding HAVING sum(held) <> 0",
)
register(
    "I2",
    "Every stored balance equals the sum of the account's transfers, now and after each of them.",
    """
    SELECT account, NULL::bigint AS transfer, stored, total FROM escrow_holding WHERE stored <> total
    UNION ALL
    SELECT account, transfer, after, running
    FROM (
        SELECT account, transfer, after, sum(change) OVER (PARTITION BY account ORDER BY transfer) AS running
        FROM escrow_side WHERE account IN (SELECT id FROM escrow_account WHERE balance IS NOT NULL)
    ) AS step
    WHERE after IS DISTINCT FROM running
    """,
)
register(
    "I3",
    "Only the outside world and what a party owes are below 0.",
    "SELECT account, kind, held FROM escrow_holding WHERE held < 0 AND kind NOT IN ('outside', 'receivable')",
)
register(
    "I9",
    "What came in less what went out is what is held, for whom or as revenue.",
    """
    SELECT * FROM (
        SELECT
            (SELECT coalesce(sum(amount), 0) FROM escrow_transfer JOIN escrow_account AS a ON a.id = debit_id
                WHERE kind = 'outside') AS came,
            (SELECT coalesce(sum(amount), 0) FROM escrow_transfer JOIN escrow_account AS a ON a.id = credit_id
                WHERE kind = 'outside') AS went,
            coalesce(sum(held) FILTER (WHERE kind = 'escrow'), 0) AS held,
            coalesce(sum(held) FILTER (WHERE kind = 'initiation_fee'), 0) AS fees_held,
            coalesce(sum(held) FILTER (WHERE kind IN ('pending', 'available', 'receivable')), 0) AS talent,
            coalesce(sum(held) FILTER (WHERE kind = 'credit'), 0) AS credit,
            coalesce(sum(held) FILTER (WHERE kind = 'fees'), 0) AS revenue
        FROM escrow_holding
    ) AS books
    WHERE came - went <> held + fees_held + talent + credit + revenue
    """,
)
register(
    "I10",
    "A transfer moves more than 0 between two different accounts that exist, and a journal has transfers.",
    """
    SELECT transfer.journal_id AS journal, transfer.id AS transfer, amount, debit_id AS debit, credit_id AS credit
    FROM escrow_transfer AS transfer
    LEFT JOIN escrow_journal AS journal ON journal.id = journal_id
    LEFT JOIN escrow_account AS debit ON debit.id = debit_id
    LEFT JOIN escrow_account AS credit ON credit.id = credit_id
    WHERE NOT amount > 0 OR debit_id = credit_id OR num_nulls(journal.id, debit.id, credit.id) > 0
    UNION ALL
    SELECT id, NULL, NULL, NULL, NULL FROM escrow_journal AS journal
    WHERE NOT EXISTS (SELECT FROM escrow_transfer WHERE journal_id = journal.id)
    """,
)
register(
    "I12",
    "A reversal gives back no more than its original took, to where it was taken from, and is not reversed itself.",
    """
    SELECT original, account, returned FROM escrow_excess_reversal
    UNION ALL
    SELECT original.id, NULL, NULL FROM escrow_journal AS original
    JOIN escrow_journal AS again ON again.reverses_id = original.id WHERE original.reverses_id IS NOT NULL
    """,
)
register(
    "I13",
    "An amount is between 0.01 and 1,000,000.00.",
    "SELECT id AS transfer, amount FROM escrow_transfer WHERE NOT amount BETWEEN 0.01 AND 1000000.00",
)
register(
    "I16",
    "Nothing that was sealed is gone, and the latest seals find the same digest over what they sealed.",
    """
    SELECT * FROM escrow_broken_seals((SELECT id FROM escrow_seal ORDER BY id DESC OFFSET 48 LIMIT 1))
    UNION ALL
    SELECT NULL, max(upto), sum(transfers), (SELECT count(*) FROM escrow_transfer WHERE id <= max(upto))
    FROM escrow_seal
    HAVING sum(transfers) <> (SELECT count(*) FROM escrow_transfer WHERE id <= max(upto))
    """,
)
register(
    "I16-all",
    "Every seal finds as many transfers as it sealed, and the same digest over them.",
    "SELECT * FROM escrow_broken_seals(NULL)",
    thorough=True,
)
register(
    "I17",
    "A key has one journal.",
    "SELECT key, count(*) AS journals FROM escrow_journal GROUP BY key HAVING count(*) > 1",
)
