"""A statement as PDF: its figures, where the money is, and the movements that are listed."""

from django.utils.translation import gettext as _
from reportlab.platypus import Flowable

from contracts.papers.sheet import AMOUNT, GAP, QUIET, STRONG, SUM, TITLE, sheet, table, text
from contracts.reading.movements import Movement
from contracts.reading.statement import Statement
from contracts.reading.words import day, money


def statement_pdf(found: Statement) -> bytes:
    """The statement, which was read already."""
    period = _("%(since)s to %(until)s") % {"since": day(found.period.since), "until": day(found.period.until)}
    story: list[Flowable] = [text(_("Statement"), TITLE), text(found.party.name, STRONG), text(period, QUIET), GAP]
    story += [_figures(found), GAP]
    if found.left:
        story += [text(_("Where it was at the end"), STRONG), _lots(found), GAP]
    story += _movements(found)
    return sheet(f"{_('Statement')} · {found.party.name} · {period}", story)


def _figures(found: Statement) -> Flowable:
    rows = [
        (_("Opening balance"), found.opening),
        (_("In"), found.incoming),
        (_("Out"), found.outgoing),
        (_("Closing balance"), found.closing),
    ]
    return table([[text(name), text(money(amount), SUM)] for name, amount in rows], (3, 1), head=0)


def _lots(found: Statement) -> Flowable:
    return table(
        [
            [text(f"{lot.name}: {lot.contract_title}" if lot.contract else lot.name), text(money(lot.closing), AMOUNT)]
            for lot in found.left
        ],
        (3, 1),
        head=0,
    )


def _movements(found: Statement) -> list[Flowable]:
    if not found.movements:
        return [text(_("Nothing moved in these days."))]
    titles = [text(_("Date"), QUIET), text(_("What"), QUIET)]
    titles += [text(name, AMOUNT) for name in (_("In"), _("Out"), _("Balance"))]
    listed: list[Flowable] = [table([titles, *map(_row, found.movements)], (1.25, 3.6, 1.5, 1.5, 1.6))]
    if found.is_cut:
        words = _("These are the first %(listed)d of %(count)d movements; the figures above count all of them.")
        listed += [GAP, text(words % {"listed": len(found.movements), "count": found.count})]
    return listed


def _row(movement: Movement) -> list[Flowable | str]:
    invoice = _("Invoice %(number)d") % {"number": movement.number} if movement.number else ""
    what = "\n".join(filter(None, (movement.in_plain_words, movement.contract_title, invoice)))
    amounts = (movement.incoming, movement.outgoing)
    return [
        day(movement.at),
        text(what),
        *(money(amount) if amount else "" for amount in amounts),
        money(movement.balance),
    ]
