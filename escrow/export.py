"""The books as text that other programs read: beancount, hledger (or ledger), CSV. Reads the ledger, writes nothing.

There a debit is positive: an account's amount is the negative of its balance here. Every function yields lines, so
that books of any size stream. They end with an assertion of each balance, which the other program checks for itself.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Max, Min

from escrow.models import Account, Journal, Kind, Transfer

ROOTS = {
    Kind.OUTSIDE: "Assets:Outside",
    Kind.FEES: "Income:Fees",
    Kind.PENDING: "Liabilities:Pending",
    Kind.AVAILABLE: "Liabilities:Available",
    Kind.CREDIT: "Liabilities:Credit",
    Kind.RECEIVABLE: "Assets:Receivable",
    Kind.ESCROW: "Liabilities:Escrow",
    Kind.INITIATION_FEE: "Liabilities:InitiationFee",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
CHUNK = 2_000


class Books(NamedTuple):
    """What every format needs before the first line: each account's name, and what each held at the end."""

    names: dict[int, str]
    held: dict[int, Decimal]
    first: date
    last: date


def books() -> Books:
    """To be read in the same snapshot as the transfers."""
    accounts = Account.objects.select_related("party").order_by("pk")
    held = dict.fromkeys((account.pk for account in accounts), Decimal("0.00")) | _held()
    span = Journal.objects.aggregate(first=Min("at"), last=Max("at"))
    first, last = (_day(span[end] or datetime(2000, 1, 1, tzinfo=UTC)) for end in ("first", "last"))
    return Books({account.pk: name(account) for account in accounts}, held, first, last)


def name(account: Account) -> str:
    """Readable, and one account's alone: its kind, its party's name in plain letters and the party's or scope's id."""
    parts = [ROOTS[Kind(account.kind)]]
    if account.party:
        letters = unicodedata.normalize("NFKD", account.party.name).encode("ascii", "ignore").decode()
        parts.append("-".join([*re.findall("[A-Za-z0-9]+", letters)[:6], str(account.pk)]))
    elif account.scope:
        parts.append(str(account.scope).upper())
    return ":".join(part[0].upper() + part[1:] for part in parts)  # beancount wants capitals


def beancount(found: Books) -> Iterator[str]:
    yield f'option "title" "Cairn"\noption "operating_currency" "{settings.CURRENCY}"\n\n'
    for account in found.names.values():
        yield f"{found.first} open {account} {settings.CURRENCY}\n"
    for journal, transfers in journals():
        yield f"\n{_day(journal.at)} * {_quoted(journal.get_cause_display())} {_quoted(journal.key)}\n"
        if journal.scope:
            yield f'  scope: "{journal.scope}"\n'
        yield from _postings(found, transfers)
    yield "\n"
    for pk, total in found.held.items():
        day = found.last + timedelta(days=1)  # an assertion there is about the morning of its day
        yield f"{day} balance {found.names[pk]} {-total:.2f} ~ 0.00 {settings.CURRENCY}\n"


def hledger(found: Books) -> Iterator[str]:
    yield f"commodity {settings.CURRENCY}\n  format 1000.00 {settings.CURRENCY}\n\n"
    for account in found.names.values():
        yield f"account {account}\n"
    for journal, transfers in journals():
        yield f"\n{_day(journal.at)} * {_line(journal.get_cause_display())} {_line(journal.key)}\n"
        if journal.scope:
            yield f"    ; scope: {journal.scope}\n"
        yield from _postings(found, transfers)
    yield f"\n{found.last} * balances\n"
    for pk, total in found.held.items():
        yield f"  {found.names[pk]}  0.00 {settings.CURRENCY} = {-total:.2f} {settings.CURRENCY}\n"


def table(found: Books) -> Iterator[str]:
    """CSV, a transfer a row. No cell begins as a formula, whatever a party is called."""
    write = csv.writer(Echo()).writerow
    yield write(
        ["transfer", "journal", "at", "cause", "key", "scope", "reverses", "debit", "credit", "amount",
         "debit balance", "credit balance"]
    )  # fmt: skip
    for journal, transfers in journals():
        texts = [safe(text) for text in (journal.cause, journal.key, str(journal.scope or ""))]
        for each in transfers:
            sides = [safe(found.names[each.debit_id]), safe(found.names[each.credit_id])]
            after = [each.amount, each.debit_balance, each.credit_balance]
            yield write(
                [
                    each.pk,
                    journal.pk,
                    journal.at.astimezone(UTC).isoformat(),
                    *texts,
                    journal.reverses_id,
                    *sides,
                    *after,
                ]
            )


FORMATS = {"beancount": beancount, "hledger": hledger, "csv": table}


class Echo:
    """A file for csv.writer that hands back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def journals() -> Iterator[tuple[Journal, Iterator[Transfer]]]:
    """Every journal with its transfers, oldest first, a few thousand in memory at a time."""
    rows = Transfer.objects.select_related("journal").order_by("journal_id", "pk").iterator(chunk_size=CHUNK)
    for _pk, group in groupby(rows, key=lambda transfer: transfer.journal_id):
        transfers = list(group)
        yield transfers[0].journal, iter(transfers)


def safe(text: str) -> str:
    """A text as a spreadsheet's cell: never a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _held() -> dict[int, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT account, held FROM escrow_holding ORDER BY account")
        return dict(cursor.fetchall())


def _postings(found: Books, transfers: Iterator[Transfer]) -> Iterator[str]:
    for transfer in transfers:
        yield f"  {found.names[transfer.debit_id]}  {transfer.amount:.2f} {settings.CURRENCY}\n"
        yield f"  {found.names[transfer.credit_id]}  {-transfer.amount:.2f} {settings.CURRENCY}\n"


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()


def _line(text: str) -> str:
    """On one line, and without what begins a comment."""
    return re.sub(r"[\s;|]+", " ", text).strip()


def _quoted(text: str) -> str:
    escaped = _line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
