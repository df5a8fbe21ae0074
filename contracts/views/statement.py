"""Statement: what moved on the money of the party acted for, as a page, as CSV and as PDF."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contracts.forms.period import PeriodForm
from contracts.papers.statement_csv import lines
from contracts.papers.statement_pdf import statement_pdf
from contracts.reading.statement import Period, streamed
from contracts.reading.statement import statement as read_statement
from contracts.views.party import client_acted_for, talent_acted_for
from marketplace import clock
from marketplace.limits import limited
from marketplace.models import Party

PAGE = "contracts/statement.html"


@require_safe
def statement(request: HttpRequest) -> HttpResponse:
    """A period's movements and balances. Answers a page; with 422 when the days make no period."""
    party, form = _party(request), _form(request)
    if not party or not form.is_valid():
        context = {"party": party, "form": form}
        return render(request, PAGE, context, status=422 if party else 200)
    found = read_statement(party, form.period)
    return render(request, PAGE, {"party": party, "form": form, "statement": found})


@require_safe
@limited("exports")
def statement_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The same as CSV, with every movement of however many. Answers a file; the page with 422 for no period."""
    party, form = _must_act(request), _form(request)
    if not form.is_valid():
        return statement(request)
    body = streamed(party, form.period, lines)
    return StreamingHttpResponse(body, content_type="text/csv; charset=utf-8", headers=_named(form.period, "csv"))


@require_safe
@limited("exports")
def statement_pdf_file(request: HttpRequest) -> HttpResponse:
    """The same as PDF, with as many movements as the page. Answers a file; the page with 422 for no period."""
    party, form = _must_act(request), _form(request)
    if not form.is_valid():
        return statement(request)
    body = statement_pdf(read_statement(party, form.period))
    return HttpResponse(body, content_type="application/pdf", headers=_named(form.period, "pdf"))


def _form(request: HttpRequest) -> PeriodForm:
    return PeriodForm.asked(request.GET, timezone.localdate(clock.now()))


def _party(request: HttpRequest) -> Party | None:
    """Whoever may see its payments or its balance may see its statement."""
    return client_acted_for(request) or talent_acted_for(request)


def _must_act(request: HttpRequest) -> Party:
    party = _party(request)
    if not party:
        raise Http404
    return party


def _named(period: Period, suffix: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="statement-{period.since}-{period.until}.{suffix}"'}
