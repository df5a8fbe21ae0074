"""A new offer: whom it is made to, what it says, and the deposit that goes with it (B40)."""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from contracts.forms.offer import NewOfferForm, untouched
from contracts.forms.plan import PlanForm
from contracts.forms.rows import EditorRow, blank_row
from contracts.models import Contract
from contracts.operations.offers import make_offer
from contracts.plan import Plan
from contracts.policy import decides_about_money
from contracts.reading.cursors import read_key
from contracts.reading.offers import Conditions, Deposit
from contracts.reading.talents import talent_named, talents_page
from contracts.refusals import ContractError, KeyReused
from contracts.views.answers import hold_to, refused
from contracts.views.deposits import paid
from contracts.views.editor_page import Editor, looked_at
from contracts.views.jobs import SEARCH_LENGTH
from contracts.views.party import client_acted_for
from escrow.operations.refusals import PaymentError
from marketplace import clock
from marketplace.fields import plain_text
from marketplace.models import Party


@dataclass(frozen=True)
class Sending:
    """Who makes an offer to whom, on the maker's own day `today`; `follows` is the contract that it goes on from.

    `acting` is the party acted for now; None in a contract's room, which says itself who the client is.
    """

    client: Party
    talent: Party
    today: date
    follows: Contract | None = None
    acting: Party | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def new_offer(request: HttpRequest) -> HttpResponse:
    """The talents to choose from, or the offer to the one in the address. Answers a page; to htmx the talents found."""
    client = client_acted_for(request)
    if client is None or not decides_about_money(client):
        raise PermissionDenied
    talent = talent_named(request.GET.get("talent", ""))
    if talent is None:
        return _talents(request, client)
    sending = Sending(client, talent, today(), acting=request.party)
    if request.method == "POST":
        return send(request, sending)
    return start(request, sending, NewOfferForm(client=client, plan=untouched(Plan(), today=sending.today)))


@require_safe
def offer_row(request: HttpRequest) -> HttpResponse:
    """A new milestone's row with a key of its own, for an offer that is not made yet. Answers the row."""
    return render(request, "contracts/manage_milestones.html#opened", {"row": blank_row(uuid4())})


def today() -> date:
    """The user's own day, by the database's clock."""
    return timezone.localdate(clock.now())


def send(request: HttpRequest, sending: Sending) -> HttpResponse:
    """Make the offer that was posted; without JavaScript, also add a row to it or work out its sums."""
    plan = PlanForm(request.POST, base=Plan(), revision=0, today=sending.today)
    form = NewOfferForm(request.POST, client=sending.client, acting=sending.acting, plan=plan)
    if "look" in request.POST:
        return _look(request, sending, plan)
    if not form.is_valid():
        return _again(request, sending, form, status=422)
    wish = dict(form.cleaned_data)
    key = wish.pop("offer_key")
    try:
        hold_to(request, "offers")
        payment = make_offer(
            by=request.user, key=key, client=sending.client, talent=sending.talent, plan=plan.plan,
            follows=sending.follows, today=sending.today, **wish,
        )  # fmt: skip
    except (ContractError, PaymentError) as refusal:
        status = refused(request, form, refusal)
        if isinstance(refusal, KeyReused):
            form.renew_key()
            return _answer(request, sending, form, [row.anew() for row in form.plan.rows], status=status)
        return _again(request, sending, form, status=status)
    return paid(request, key, payment, _("The offer was sent to %(talent)s.") % {"talent": sending.talent.name})


def start(request: HttpRequest, sending: Sending, form: NewOfferForm) -> HttpResponse:
    """The page before anything was typed: every milestone is a new one, with its fields, or there is a blank one."""
    rows = [EditorRow.opened(line, is_new=True) for line in form.plan.base]
    return _answer(request, sending, form, rows or [blank_row(uuid4())])


def _answer(
    request: HttpRequest, sending: Sending, form: NewOfferForm, rows: list[EditorRow], *, status: int = 200
) -> HttpResponse:
    conditions = Conditions.now()
    context = {
        "sending": sending,
        "form": form,
        "editor": Editor(None, 0, [], rows, errors=form.plan.errors),
        "conditions": conditions,
        "deposit": Deposit.for_new(form.plan.plan, conditions.initiation_fee),
        "has_method": form.fields["method"].required,
    }
    return render(request, "contracts/new_offer.html", context, status=status)


def _again(request: HttpRequest, sending: Sending, form: NewOfferForm, status: int) -> HttpResponse:
    """What was posted, as it was typed, with what is wrong beside it."""
    return _answer(request, sending, form, form.plan.rows_with(frozenset()), status=status)


def _look(request: HttpRequest, sending: Sending, plan: PlanForm) -> HttpResponse:
    form = NewOfferForm(initial=request.POST.dict(), client=sending.client, plan=plan)
    return _answer(request, sending, form, looked_at(plan, request.POST["look"]))


def _talents(request: HttpRequest, client: Party) -> HttpResponse:
    search = plain_text(request.GET.get("q", ""))[:SEARCH_LENGTH]
    after = read_key(request.GET.get("after", ""))
    is_refused = request.method == "POST"
    context = {
        "page": talents_page(client=client, search=search, after=after),
        "search": search,
        "after": after,
        "is_refused": is_refused,
    }
    part = "rows" if after else "found"
    template = f"contracts/talents.html#{part}" if request.htmx else "contracts/talents.html"
    return render(request, template, context, status=422 if is_refused else 200)
