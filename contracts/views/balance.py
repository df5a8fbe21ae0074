"""Balance: what a talent earned, when it can be withdrawn, and withdrawing it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from contracts.forms.withdrawal import WithdrawalForm
from contracts.operations.withdrawal import withdraw
from contracts.reading.balance import balance_of, earnings_page, maturing, withdrawals_page
from contracts.reading.cursors import Place
from contracts.reading.words import money
from contracts.refusals import NotAllowed
from contracts.views.answers import OFTEN, TooOften, hold_to
from contracts.views.party import talent_acted_for
from escrow.models import Payment, PaymentStatus
from escrow.operations.refusals import MethodNotUsable, NotEnough, PaymentError
from marketplace.acting import of_its_party
from marketplace.confirming import confirm_first, kept
from marketplace.models import Party

PAGE = "contracts/balance.html"


@require_safe
@vary_on_headers("HX-Request")
@of_its_party
def balance(request: HttpRequest) -> HttpResponse:
    """The balance with its earnings, or its withdrawals. Answers a page; to htmx the rows that follow the last one."""
    party = talent_acted_for(request)
    if not party:
        return render(request, PAGE, {"party": None})
    show_withdrawals = request.GET.get("show") == "withdrawals"
    after = Place.read(request.GET.get("after", ""))
    page = withdrawals_page(party, after) if show_withdrawals else earnings_page(party, after)
    context = {"party": party, "page": page, "after": after, "show_withdrawals": show_withdrawals}
    if request.htmx:
        return render(request, f"{PAGE}#rows", context)
    return render(request, PAGE, context | _figures(party))


@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal(request: HttpRequest) -> HttpResponse:
    """Send what is available to a bank account. Asks for the password again; a refusal is the page, with 422 or 429."""
    party = talent_acted_for(request)
    if not party:
        raise Http404
    confirm_first(request)
    posted = request.POST if request.method == "POST" else None
    available = balance_of(party).available
    form = WithdrawalForm(posted, party=party, acting=request.party, available=available, initial=kept(request))
    if form.is_valid():
        return _withdraw(request, form)
    return _answer(request, form, status=422 if form.is_bound else 200)


def _withdraw(request: HttpRequest, form: WithdrawalForm) -> HttpResponse:
    try:
        hold_to(request, "withdrawals")
        payment = withdraw(by=request.user, party=form.party, **form.cleaned_data)
    except NotAllowed:
        raise PermissionDenied from None
    except TooOften as refusal:
        form.add_error(None, str(refusal))
        return _answer(request, form, status=OFTEN)
    except PaymentError as refusal:
        return _again(request, form, _field(refusal), str(refusal))
    if payment.status == PaymentStatus.FAILED:
        failed = _("%(failure)s Nothing was withdrawn. Choose another bank account, or try again later.")
        return _again(request, form, "method", failed % {"failure": payment.failure})
    messages.success(request, _sent(payment))
    return redirect(f"{reverse('contracts:balance')}?show=withdrawals")


def _field(refusal: PaymentError) -> str | None:
    """The field that a refusal is about; None when it is about the whole form."""
    if isinstance(refusal, NotEnough):
        return "amount"
    return "method" if isinstance(refusal, MethodNotUsable) else None


def _again(request: HttpRequest, form: WithdrawalForm, field: str | None, problem: str) -> HttpResponse:
    form = form.with_new_key()
    form.add_error(field, problem)
    return _answer(request, form, status=422)


def _sent(payment: Payment) -> str:
    words = {"amount": money(payment.amount), "method": payment.method}
    if payment.is_open:
        return _("%(amount)s is on its way to %(method)s.") % words
    return _("%(amount)s was sent to %(method)s.") % words


def _answer(request: HttpRequest, form: WithdrawalForm, status: int) -> HttpResponse:
    context = {"form": form, "party": form.party, **_figures(form.party)}
    return render(request, "contracts/withdrawal.html", context, status=status)


def _figures(party: Party) -> dict:
    balance = balance_of(party)
    return {"balance": balance, "maturing": maturing(party, balance.pending)}
