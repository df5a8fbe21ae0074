"""Payment methods: the cards that a client pays with, the bank accounts that a talent is paid out to."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contracts.forms.methods import MethodForm
from contracts.operations import methods as operations
from contracts.refusals import NotAllowed
from contracts.views.answers import OFTEN, TooOften, hold_to
from contracts.views.party import party_acted_for
from escrow.gateways import chosen
from escrow.gateways.sandbox_numbers import of_kind
from escrow.models import PaymentMethod
from escrow.operations.refusals import PaymentError
from marketplace.confirming import confirm_first
from marketplace.models import Party

PAGE = "contracts/methods.html"


@require_http_methods(["GET", "HEAD", "POST"])
def methods(request: HttpRequest) -> HttpResponse:
    """What there is, and the form that adds one; then on to `next`. Answers a page; a refusal is it again, with 422."""
    party = party_acted_for(request)
    if not party:
        return render(request, PAGE, {"party": None}, status=404 if request.method == "POST" else 200)
    _confirm(request, party)
    posted = request.POST if request.method == "POST" else None
    form = MethodForm(posted, party=party, acting=request.party)
    if form.is_valid():
        return _add(request, party, form)
    return _answer(request, party, form, status=422 if form.is_bound else 200)


@require_POST
def method_default(request: HttpRequest, method_id: int) -> HttpResponse:
    """Take this one unless another is chosen. Answers a redirect; the page with 409 when it was removed meanwhile."""
    return _change(request, method_id, operations.make_default, _("%(method)s is the default from now on."))


@require_POST
def method_removal(request: HttpRequest, method_id: int) -> HttpResponse:
    """Let go of one. Answers a redirect; the page with 409 while a payment uses it."""
    return _change(request, method_id, operations.remove_method, _("%(method)s was removed."))


def _change(request: HttpRequest, method_id: int, change: Callable, done: str) -> HttpResponse:
    method = _own(request, method_id)
    _confirm(request, method.party, back=reverse("contracts:methods"))
    try:
        change(by=request.user, method=method)
    except NotAllowed:
        raise PermissionDenied from None
    except PaymentError as refusal:
        return _answer(request, method.party, MethodForm(party=method.party), status=409, problem=str(refusal))
    messages.success(request, done % {"method": method})
    return redirect("contracts:methods")


def _confirm(request: HttpRequest, party: Party, back: str = "") -> None:
    """Where a talent's money goes is changed by whoever shows who they are. A number that was typed is kept nowhere."""
    if not party.is_client:
        confirm_first(request, keep=False, back=back)


def _own(request: HttpRequest, method_id: int) -> PaymentMethod:
    party = party_acted_for(request)
    if not party:
        raise Http404
    return get_object_or_404(PaymentMethod.objects.select_related("party"), party=party, pk=method_id)


def _add(request: HttpRequest, party: Party, form: MethodForm) -> HttpResponse:
    try:
        hold_to(request, "payment_methods")
        method = operations.add_method(by=request.user, party=party, entry=form.cleaned_data["entry"])
    except NotAllowed:
        raise PermissionDenied from None
    except (PaymentError, TooOften) as refusal:
        form.add_error("entry", str(refusal))
        return _answer(request, party, form, status=OFTEN if isinstance(refusal, TooOften) else 422)
    messages.success(request, _("%(method)s was added.") % {"method": method})
    return redirect(_next(request) or "contracts:methods")


def _next(request: HttpRequest) -> str:
    """The page of this site that somebody came from to add a payment method."""
    back = request.GET.get("next", "")
    return back if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None) else ""


def _answer(request: HttpRequest, party: Party, form: MethodForm, status: int, problem: str = "") -> HttpResponse:
    kind, is_sandbox = operations.kind_for(party), chosen() == "sandbox"
    context = {
        "party": party,
        "form": form if is_sandbox or party.is_client else None,
        "methods": PaymentMethod.objects.usable().filter(party=party, kind=kind, gateway=chosen()),
        "numbers": of_kind(kind) if is_sandbox else [],
        "problem": problem,
        "next": _next(request),
    }
    return render(request, PAGE, context, status=status)
