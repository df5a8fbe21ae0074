"""A statement as CSV, a movement a row, however many there are. No cell begins as a formula."""

import csv
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from contracts.reading.movements import Movement
from contracts.reading.statement import Statement
from escrow.export import Echo, safe

MARK = "\N{BYTE ORDER MARK}"  # without it some spreadsheets take UTF-8 for something else


def lines(found: Statement) -> Iterator[str]:
    """The opening balance, every movement, and the closing balance with what came in and went out in all."""
    write = csv.writer(Echo()).writerow
    titles = [_("Date"), _("What"), _("Contract"), _("In"), _("Out"), _("Balance"), _("Invoice")]
    yield MARK + write(titles)
    yield write([found.period.since, _("Opening balance"), "", "", "", found.opening, ""])
    for movement in found.read():
        yield write(_cells(movement))
    yield write([found.period.until, _("Closing balance"), "", found.incoming, found.outgoing, found.closing, ""])


def _cells(movement: Movement) -> list[object]:
    at = timezone.localtime(movement.at).isoformat(" ", "seconds")
    what, contract = safe(movement.in_plain_words), safe(movement.contract_title)
    return [at, what, contract, movement.incoming, movement.outgoing, movement.balance, movement.number or ""]
