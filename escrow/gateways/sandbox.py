"""A gateway that moves no money: for the demo and for tests. Keeps its own record in a file, as a remote one would.

The record (SQLite, which locks it between processes) knows nothing of our transactions: what was asked of the
sandbox stays done when we roll back or die. Each answer is settled by the payment method and the key alone.
"""

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from escrow.gateways import sandbox_numbers
from escrow.gateways.base import (
    BadSignature,
    Confirmed,
    Declined,
    GatewayUnavailable,
    Kept,
    NeedsConfirmation,
    News,
    Notice,
    Outcome,
    Unknown,
)
from escrow.gateways.sandbox_numbers import Behaviour

SIGNATURE = "Sandbox-Signature"
PREFIX = {"charge": "ch", "refund": "re", "payout": "po"}
CONFIRMED, DECLINED, WAITING, UNDER_WAY, LOST = "confirmed", "declined", "waiting", "under way", "lost"
TAKEN_BACK = "taken back"  # the reason of a charge that its payer's bank took back
FIRST_STATE = {
    Behaviour.DECLINES: DECLINED,
    Behaviour.EMPTY: DECLINED,
    Behaviour.CONFIRMS: WAITING,
    Behaviour.LATER: UNDER_WAY,
    Behaviour.UNREACHABLE: LOST,
}
TABLES = """
CREATE TABLE IF NOT EXISTS movement (
    reference TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, direction TEXT NOT NULL, amount TEXT NOT NULL,
    source TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS notice (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
"""


class SandboxGateway:
    """The sandbox whose record lies in the folder `place`."""

    name = "sandbox"

    def __init__(self, place: Path, *, webhook_secret: str) -> None:
        self.file = place / "gateway.sqlite3"
        self.secret = webhook_secret

    # What Cairn asks

    def charge(self, key: str, amount: Decimal, token: str) -> Outcome:
        behaviour = sandbox_numbers.behaviour(token)
        if behaviour is None:
            return Declined(_("The sandbox does not know this card."))
        first = FIRST_STATE.get(behaviour, CONFIRMED)
        with self._record() as record:
            row, new = _enter(record, key, "charge", amount, token, state=first, reason=_reason(behaviour))
            if new and behaviour is Behaviour.TWICE:
                _call(record, News.OUTCOME, row)
                _call(record, News.OUTCOME, row)
        return _answer(row, new=new, lost=behaviour is Behaviour.TIMES_OUT)

    def refund(self, key: str, reference: str, amount: Decimal) -> Outcome:
        with self._record() as record:
            left = _refundable(record, reference, key)
            state = CONFIRMED if amount <= left else DECLINED
            row, new = _enter(record, key, "refund", amount, reference, state=state, reason=_("More than was charged."))
        return _answer(row, new=new)

    def payout(self, key: str, amount: Decimal, token: str) -> Outcome:
        behaviour = sandbox_numbers.behaviour(token)
        state = DECLINED if behaviour in {None, Behaviour.DECLINES} else CONFIRMED
        with self._record() as record:
            row, new = _enter(
                record, key, "payout", amount, token, state=state, reason=_("The bank knows no such account.")
            )
        return _answer(row, new=new, lost=behaviour is Behaviour.TIMES_OUT)

    def confirm(self, reference: str) -> Outcome:
        with self._record() as record:
            row = _row(record, reference=reference)
        return _outcome(row) if row else Declined(_("The sandbox has no such payment."))

    def agree(self, reference: str) -> Outcome:
        self.answer(reference, agreed=True)
        return self.confirm(reference)

    def cancel(self, reference: str) -> Outcome:
        with self._record() as record:
            record.execute(
                "UPDATE movement SET state = ?, reason = ? WHERE reference = ? AND state = ?",
                [DECLINED, _("The payment was not confirmed."), reference, WAITING],
            )
        return self.confirm(reference)

    def look_up(self, key: str, direction: str, since: datetime) -> Outcome | None:
        with self._record() as record:
            row = _row(record, key=key)
        return _outcome(row) if row and row["state"] != LOST else None

    def keep_method(self, entry: str, owner: str) -> Kept:
        return sandbox_numbers.kept(entry)

    def forget_method(self, token: str) -> None:
        """Nothing is kept, so there is nothing to forget."""

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> Notice | None:
        if not hmac.compare_digest(self._sign(body).encode(), headers.get(SIGNATURE, "").encode()):
            raise BadSignature
        try:
            said = json.loads(body)
            return Notice(News(said["news"]), str(said["key"]), str(said["reference"]))
        except (ValueError, KeyError, TypeError):
            raise BadSignature from None

    # What happens at the other end: the payer, the banks

    def answer(self, reference: str, *, agreed: bool) -> None:
        """The payer agrees or not to a charge that waits for it; or the bank decides one that is under way."""
        with self._record() as record:
            record.execute(
                "UPDATE movement SET state = ?, reason = ? WHERE reference = ? AND state IN (?, ?)",
                [CONFIRMED if agreed else DECLINED, "" if agreed else _("The payment was not confirmed."), reference,
                 WAITING, UNDER_WAY],
            )  # fmt: skip
            _call(record, News.OUTCOME, _existing(record, reference))

    def send_back(self, reference: str) -> None:
        """The bank sends a payout or a refund back that had been confirmed."""
        with self._record() as record:
            record.execute(
                "UPDATE movement SET state = ?, reason = ? WHERE reference = ?",
                [DECLINED, _("The bank sent the money back."), reference],
            )
            _call(record, News.OUTCOME, _existing(record, reference))

    def charge_back(self, reference: str) -> None:
        """The payer's bank takes a charge back: what has not been refunded of it by now never will be."""
        with self._record() as record:
            record.execute("UPDATE movement SET reason = ? WHERE reference = ?", [TAKEN_BACK, reference])
            _call(record, News.CHARGEBACK, _existing(record, reference))

    def calls(self) -> list[tuple[bytes, dict[str, str]]]:
        """The calls that the sandbox would make, oldest first, each with body and headers; taken off its list."""
        with self._record() as record:
            bodies = [row["body"].encode() for row in record.execute("SELECT body FROM notice ORDER BY id")]
            record.execute("DELETE FROM notice")
        return [(body, {SIGNATURE: self._sign(body)}) for body in bodies]

    def movements(self) -> list[dict[str, str]]:
        """All that ever happened here, in the sandbox's own words."""
        with self._record() as record:
            return [
                dict(row) for row in record.execute("SELECT * FROM movement WHERE state <> ? ORDER BY rowid", [LOST])
            ]

    def _sign(self, body: bytes) -> str:
        return hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()

    @contextmanager
    def _record(self) -> Iterator[sqlite3.Connection]:
        """The record, held by nobody else meanwhile; written when the block ends well."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.file, timeout=10, isolation_level=None)) as record:
            record.row_factory = sqlite3.Row
            record.execute("BEGIN IMMEDIATE")
            for statement in TABLES.split(";"):
                record.execute(statement)
            yield record
            record.execute("COMMIT")


def _reason(behaviour: Behaviour) -> str:
    if behaviour is Behaviour.EMPTY:
        return _("There is not enough money behind this card. Use another payment method.")
    return _("The bank declined this card. Use another payment method.") if behaviour is Behaviour.DECLINES else ""


def _row(record: sqlite3.Connection, *, key: str = "", reference: str = "") -> sqlite3.Row | None:
    return record.execute("SELECT * FROM movement WHERE key = ? OR reference = ?", [key, reference]).fetchone()


def _existing(record: sqlite3.Connection, reference: str) -> sqlite3.Row:
    if row := _row(record, reference=reference):
        return row
    raise LookupError(reference)


def _enter(
    record: sqlite3.Connection, key: str, direction: str, amount: Decimal, source: str, *, state: str, reason: str
) -> tuple[sqlite3.Row, bool]:
    """The movement of this key, and whether it is new. A lost first request is made good by the second."""
    known = _row(record, key=key)
    if known and known["state"] == LOST:
        record.execute("UPDATE movement SET state = ? WHERE key = ?", [CONFIRMED, key])
        known = _row(record, key=key)
    if known:
        if (known["direction"], known["amount"], known["source"]) != (direction, str(amount), source):
            raise ValueError(f"The key {key} was used for something else.")
        return known, False
    reference = f"{PREFIX[direction]}_{hashlib.sha256(key.encode()).hexdigest()[:24]}"
    record.execute(
        "INSERT INTO movement VALUES (?, ?, ?, ?, ?, ?, ?)",
        [reference, key, direction, str(amount), source, state, reason if state == DECLINED else ""],
    )
    return _existing(record, reference), True


def _refundable(record: sqlite3.Connection, reference: str, key: str) -> Decimal:
    charge = _row(record, reference=reference)
    if not charge or charge["state"] != CONFIRMED or charge["reason"] == TAKEN_BACK:
        return Decimal(0)
    given = record.execute(
        "SELECT amount FROM movement WHERE direction = 'refund' AND source = ? AND state = ? AND key <> ?",
        [reference, CONFIRMED, key],
    )
    return Decimal(charge["amount"]) - sum((Decimal(row["amount"]) for row in given), Decimal(0))


def _call(record: sqlite3.Connection, news: News, row: sqlite3.Row) -> None:
    body = json.dumps({"news": news, "key": row["key"], "reference": row["reference"]})
    record.execute("INSERT INTO notice (body) VALUES (?)", [body])


def _answer(row: sqlite3.Row, *, new: bool, lost: bool = False) -> Outcome:
    """The outcome of a request, unless its answer is one that gets lost the first time."""
    if row["state"] == LOST or (new and lost):
        raise GatewayUnavailable("The sandbox did not answer.")
    return _outcome(row)


def _outcome(row: sqlite3.Row) -> Outcome:
    match row["state"]:
        case "confirmed":
            return Confirmed(row["reference"])
        case "waiting":
            return NeedsConfirmation(row["reference"])
        case "under way":
            return Unknown(row["reference"])
        case _:
            return Declined(row["reason"], row["reference"])
