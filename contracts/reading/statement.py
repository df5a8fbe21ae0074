"""What moved on a party's own accounts in a period, and what lay in them before and after. Knows no page, no request.

The ledger is read twice, in one snapshot: account by account for what lay there, journal by journal for what moved.
Both must come to the same, to the cent, or there is no statement.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from contracts.reading.movements import Lot, Movement
from contracts.sql import read
from escrow import ledger
from marketplace.models import Party

BALANCES, MOVEMENTS = read("balances"), read("statement")
LISTED = 1_000
CHUNK = 2_000
ZERO = Decimal("0.00")


class OutOfBalance(Exception):
    """What moved does not explain what lies there. The books are wrong, or the reading of them."""


@dataclass(frozen=True)
class Period:
    """The days from `since` to `until`, both included, on the reader's clock."""

    since: date
    until: date

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Its first moment, and the first one after it."""
        return _midnight(self.since), _midnight(self.until + timedelta(days=1))


@dataclass
class Statement:
    """A statement; until it is read to its end, `incoming`, `outgoing` and `count` are those of what was read."""

    party: Party
    period: Period
    lots: list[Lot]
    incoming: Decimal = ZERO
    outgoing: Decimal = ZERO
    count: int = 0
    movements: list[Movement] = field(default_factory=list)

    @property
    def opening(self) -> Decimal:
        return sum((lot.opening for lot in self.lots), ZERO)

    @property
    def closing(self) -> Decimal:
        return sum((lot.closing for lot in self.lots), ZERO)

    @property
    def left(self) -> list[Lot]:
        """Where the money is at the end: the accounts that are not empty."""
        return [lot for lot in self.lots if lot.closing]

    @property
    def is_cut(self) -> bool:
        """Whether there were more movements than are listed."""
        return self.count > len(self.movements)

    def read(self) -> Iterator[Movement]:
        """Every movement, oldest first; OutOfBalance at the end if they do not lead to the closing balance."""
        opening = self.opening
        for row in _rows(MOVEMENTS, self.party, self.period):
            self.incoming, self.outgoing, self.count = self.incoming + row[2], self.outgoing + row[3], self.count + 1
            yield Movement._make([*row, self.party.is_client, opening + self.incoming - self.outgoing])
        if opening + self.incoming - self.outgoing != self.closing:
            raise OutOfBalance(f"{self.party.pk}: {opening} + {self.incoming} - {self.outgoing} is not {self.closing}.")


def statement(party: Party, period: Period) -> Statement:
    """The statement with the figures of all movements, and the first of them, at most LISTED."""
    with ledger.snapshot():
        found = _begun(party, period)
        for movement in found.read():
            if len(found.movements) < LISTED:
                found.movements.append(movement)
    return found


def streamed[T](party: Party, period: Period, write: Callable[[Statement], Iterator[T]]) -> Iterator[T]:
    """What `write` makes of a statement of any length, a few thousand movements in memory at a time.

    It may be read after the request is over, and keeps the reader's clock until then.
    """
    zone = timezone.get_current_timezone()

    def stream() -> Iterator[T]:
        with timezone.override(zone), ledger.snapshot():
            yield from write(_begun(party, period))

    return stream()


def this_month(today: date) -> Period:
    first = today.replace(day=1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def _begun(party: Party, period: Period) -> Statement:
    """The balances; the movements are still to be read, in the same snapshot."""
    return Statement(party, period, [Lot(*row) for row in _rows(BALANCES, party, period)])


def _rows(query: str, party: Party, period: Period) -> Iterator[tuple]:
    starts, ends = period.span
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, {"party": party.pk, "starts": starts, "ends": ends})
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
