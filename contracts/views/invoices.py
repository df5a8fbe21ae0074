"""Invoices: one for each earning, for the two sides of its contract. Seeing the contract is the permission."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contracts.papers.invoice_pdf import invoice_pdf
from contracts.reading.invoices import Copy, invoice_for
from marketplace.limits import limited


@require_safe
def invoice(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """One invoice, as the user's side reads it. Answers a page; 404 for outsiders."""
    return render(request, "contracts/invoice.html", {"copy": _visible_copy(request, invoice_id)})


@require_safe
@limited("exports")
def invoice_pdf_file(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """The same as PDF. Answers a file; 404 for outsiders."""
    copy = _visible_copy(request, invoice_id)
    named = {"Content-Disposition": f'attachment; filename="invoice-{copy.invoice.number}.pdf"'}
    return HttpResponse(invoice_pdf(copy), content_type="application/pdf", headers=named)


def _visible_copy(request: HttpRequest, invoice_id: UUID) -> Copy:
    copy = invoice_for(request.user, invoice_id)
    if copy is None:
        raise Http404
    return copy
