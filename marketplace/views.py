"""The pages of people: the landing page, the settings, the parties they act for. Knows no contract."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.forms import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace import operations
from marketplace.forms import NewPartyForm, SettingsForm, TaxDetailsForm
from marketplace.limits import TooMany, hold_to
from marketplace.middleware import PARTY_KEY, to_sign_in
from marketplace.models import Party, TaxDetails

AFTER_SIGN_IN = "contracts:jobs"


@require_safe
@login_not_required
def landing(request: HttpRequest) -> HttpResponse:
    """What Cairn is; those who are signed in go on to My Jobs. Answers a page."""
    if request.user.is_authenticated:
        return redirect(AFTER_SIGN_IN)
    return render(request, "landing.html")


def form_outlived(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form was sent with a token that no longer holds. Answers a page; a fragment's stranger is led to sign in."""
    if request.htmx and not request.user.is_authenticated:
        return to_sign_in(request)
    return render(request, "403_csrf.html", status=403)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Name, time zone, sign-in. Answers a page; a refusal is the page again, with 422."""
    user = request.user
    form = SettingsForm(posted(request), initial={"name": user.name, "time_zone": user.time_zone})
    if form.is_valid():
        operations.change_settings(by=user, **form.cleaned_data)
        messages.success(request, _("Your settings are saved."))
        return redirect("marketplace:settings")
    memberships = user.memberships.select_related("party").order_by("pk")
    context = {"form": form, "memberships": memberships}
    return render(request, "marketplace/settings.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def new_party(request: HttpRequest) -> HttpResponse:
    """Found another party and act for it. Answers a page; a refusal is the page again, with 422 or 429."""
    form = NewPartyForm(posted(request))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            hold_to(request, "parties")
            return act_for(request, operations.found_party(by=request.user, **form.cleaned_data))
        except TooMany as refusal:
            form.add_error(None, str(refusal))
            status = 429
    return render(request, "marketplace/new_party.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def tax_details(request: HttpRequest, party_id: uuid.UUID) -> HttpResponse:
    """What a party's invoices say of it. Answers a page; 403 for those who do not decide about its money."""
    party = get_object_or_404(Party, pk=party_id, memberships__user=request.user)
    known = model_to_dict(TaxDetails.objects.filter(party=party).first() or TaxDetails(), exclude=["party"])
    form = TaxDetailsForm(posted(request), initial=known)
    if not party.memberships.get(user=request.user).manages_money:
        raise PermissionDenied
    if form.is_valid():
        return save_tax_details(request, party, form)
    context = {"form": form, "party": party}
    return render(request, "marketplace/tax_details.html", context, status=422 if form.is_bound else 200)


def save_tax_details(request: HttpRequest, party: Party, form: TaxDetailsForm) -> HttpResponse:
    try:
        operations.change_tax_details(by=request.user, party=party, **form.cleaned_data)
    except operations.NotTheirs:
        raise PermissionDenied from None
    messages.success(
        request, _("The tax details of %(party)s are saved. The next invoice shows them.") % {"party": party}
    )
    return redirect("marketplace:settings")


@require_safe
def said(request: HttpRequest) -> HttpResponse:
    """What waits to be said to the user, once. Answers what stands in `#status` of every page."""
    return render(request, "_messages.html")


@require_POST
def switch_party(request: HttpRequest, party_id: uuid.UUID) -> HttpResponse:
    """Act for another of the user's parties from now on. Answers a redirect; 404 for a party of others."""
    for party in request.parties:
        if party.pk == party_id:
            return act_for(request, party)
    raise Http404


def posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, even if that is nothing; None when the form was only opened."""
    return request.POST if request.method == "POST" else None


def act_for(request: HttpRequest, party: Party) -> HttpResponse:
    request.session[PARTY_KEY] = str(party.pk)
    messages.success(request, _("You now act for %(party)s.") % {"party": party.name})
    return redirect(AFTER_SIGN_IN)
