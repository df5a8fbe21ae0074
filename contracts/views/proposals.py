"""A new proposal: to whom it goes and what it says (B41). Knows nothing of its answer."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from contracts.forms.members import MembersForm
from contracts.forms.offer import untouched
from contracts.forms.plan import PlanForm
from contracts.forms.proposal import ProposalForm
from contracts.forms.rows import EditorRow, blank_row
from contracts.models import Contract
from contracts.operations.proposals import ProposalWaits, propose_contract
from contracts.plan import Plan
from contracts.policy import Action
from contracts.reading.cursors import read_key
from contracts.reading.offers import Conditions
from contracts.reading.proposals import client_named, clients_page, jobs_between, open_proposal
from contracts.refusals import ContractError, KeyReused
from contracts.views.answers import hold_to, refused
from contracts.views.closed import closed_to
from contracts.views.deposits import too_late
from contracts.views.editor_page import Editor, looked_at
from contracts.views.jobs import SEARCH_LENGTH
from contracts.views.offers import today
from contracts.views.party import talent_acted_for
from contracts.views.room import allowed_contract, visible_contract
from marketplace.fields import plain_text
from marketplace.models import Party, PartyKind


@dataclass(frozen=True)
class Proposing:
    """Who proposes a contract to whom, on the proposer's own day; `follows` is the contract whose room it came from.

    `acting` is the party acted for now; None in a contract's room, which says itself who the talent is.
    """

    client: Party
    talent: Party
    today: date
    follows: Contract | None = None
    acting: Party | None = None

    def form(self, request: HttpRequest, *posted, plan: PlanForm, **initial) -> ProposalForm:
        jobs = jobs_between(request.user, self.client, self.talent)
        return ProposalForm(*posted, jobs=jobs, talent=self.talent, acting=self.acting, plan=plan, **initial)

    def team(self, *posted) -> MembersForm | None:
        """Which members work on it: asked of an agency."""
        is_agency = self.talent.kind == PartyKind.AGENCY
        return MembersForm(*posted, contract=Contract(talent=self.talent)) if is_agency else None


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def new_proposal(request: HttpRequest) -> HttpResponse:
    """The clients to choose from, or the proposal to the one in the address. Answers a page; to htmx those found."""
    talent = talent_acted_for(request)
    if talent is None:
        raise PermissionDenied
    if "client" not in request.GET:
        return _clients(request, talent)
    client = client_named(request.user, talent, request.GET["client"])
    if client is None:
        raise Http404
    return _propose(request, Proposing(client, talent, today(), acting=request.party))


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """A proposal to the client of this contract, under the same job at first. Answers a page."""
    contract = allowed_contract(request, contract_id, Action.PROPOSE)
    if closed := closed_to(contract, Action.PROPOSE):
        return too_late(request, contract, closed)
    return _propose(request, Proposing(contract.client, contract.talent, today(), follows=contract))


def _propose(request: HttpRequest, proposing: Proposing) -> HttpResponse:
    if request.method == "POST":
        return _send(request, proposing)
    if waiting := open_proposal(proposing.client, proposing.talent):
        return too_late(request, visible_contract(request, waiting.pk), ProposalWaits())
    plan = untouched(Plan(), today=proposing.today)
    job = proposing.follows.job if proposing.follows else None
    form = proposing.form(request, plan=plan, initial={"job": job})
    return _answer(request, proposing, form, [blank_row(uuid4())])


def _send(request: HttpRequest, proposing: Proposing) -> HttpResponse:
    plan = PlanForm(request.POST, base=Plan(), revision=0, today=proposing.today)
    form, team = proposing.form(request, request.POST, plan=plan), proposing.team(request.POST)
    if "look" in request.POST:
        return _look(request, proposing, plan)
    if not form.is_valid() or (team and not team.is_valid()):
        return _again(request, proposing, form, status=422)
    wish = dict(form.cleaned_data)
    try:
        hold_to(request, "proposals")
        contract = propose_contract(
            by=request.user, key=wish.pop("offer_key"), client=proposing.client, talent=proposing.talent,
            plan=plan.plan, today=proposing.today, memberships=team and team.cleaned_data["members"], **wish,
        )  # fmt: skip
    except ContractError as refusal:
        status = refused(request, form, refusal)
        if isinstance(refusal, KeyReused):
            form.renew_key()
            return _answer(request, proposing, form, [row.anew() for row in form.plan.rows], status=status)
        return _again(request, proposing, form, status=status)
    messages.success(request, _("You proposed the contract. %(client)s can read it now.") % {"client": contract.client})
    return redirect("contracts:room", contract.pk)


def _look(request: HttpRequest, proposing: Proposing, plan: PlanForm) -> HttpResponse:
    form = proposing.form(request, plan=plan, initial=request.POST.dict())
    return _answer(request, proposing, form, looked_at(plan, request.POST["look"]))


def _again(request: HttpRequest, proposing: Proposing, form: ProposalForm, status: int) -> HttpResponse:
    """What was posted, as it was typed, with what is wrong beside it."""
    return _answer(request, proposing, form, form.plan.rows_with(frozenset()), status=status)


def _answer(
    request: HttpRequest, proposing: Proposing, form: ProposalForm, rows: list[EditorRow], *, status: int = 200
) -> HttpResponse:
    context = {
        "proposing": proposing,
        "form": form,
        "team": proposing.team(request.POST) if request.method == "POST" else proposing.team(),
        "editor": Editor(None, 0, [], rows, errors=form.plan.errors),
        "conditions": Conditions.now(),
        "is_proposal": True,
    }
    return render(request, "contracts/new_proposal.html", context, status=status)


def _clients(request: HttpRequest, talent: Party) -> HttpResponse:
    search = plain_text(request.GET.get("q", ""))[:SEARCH_LENGTH]
    after = read_key(request.GET.get("after", ""))
    page = clients_page(user=request.user, talent=talent, search=search, after=after)
    part = "rows" if after else "found"
    template = f"contracts/clients.html#{part}" if request.htmx else "contracts/clients.html"
    return render(request, template, {"page": page, "search": search, "after": after})
