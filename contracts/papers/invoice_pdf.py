"""An invoice as PDF, for the side that reads it."""

from django.utils.translation import gettext as _
from reportlab.platypus import Flowable

from contracts.models import Side
from contracts.papers.sheet import AMOUNT, GAP, QUIET, STRONG, SUM, TITLE, sheet, table, text
from contracts.reading.invoices import Copy
from contracts.reading.words import day, in_plain_words, money


def invoice_pdf(copy: Copy) -> bytes:
    """One page, unless what was typed is very long."""
    title = _("Invoice %(number)d") % {"number": copy.invoice.number}
    story: list[Flowable] = [text(title, TITLE), text(day(copy.day), QUIET), GAP]
    story += [_sides(copy), GAP, _bill(copy), GAP, text(_("Paid in full through Cairn."), QUIET)]
    if copy.is_issuers:
        story += [text(_("The service fee was taken when the money was released. This is its receipt."), QUIET)]
    return sheet(f"{title} · {copy.issuer.name}", story)


def _sides(copy: Copy) -> Flowable:
    names = [text(_("From"), QUIET), text(_("To"), QUIET)]
    return table([names, [_side(copy.issuer), _side(copy.client)]], (1, 1), head=0)


def _side(side: Side) -> Flowable:
    number = _("Tax number: %(number)s") % {"number": side.tax_number} if side.tax_number else ""
    return text("\n".join(filter(None, (side.name, side.legal_name, side.address, side.country, number))))


def _bill(copy: Copy) -> Flowable:
    invoice = copy.invoice
    what = f"{in_plain_words(copy.item)}\n{invoice.contract_title}"
    rows = [[text(_("What"), QUIET), text(_("Amount"), AMOUNT)], [text(what), text(money(invoice.gross), AMOUNT)]]
    rows.append([text(_("Total, paid"), STRONG), text(money(invoice.gross), SUM)])
    if copy.is_issuers:
        rows.append([text(_("Service fee, taken by Cairn")), text(money(copy.fee_taken), AMOUNT)])
        rows.append([text(_("Received"), STRONG), text(money(invoice.net), SUM)])
    return table(rows, (3, 1))
