"""An offer that is changed, or made of what its talent proposed: a new version, which its deposit follows (B40, B41).

What was typed is never lost.
"""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contracts.forms.offer import OfferForm, untouched
from contracts.forms.plan import PlanForm
from contracts.forms.rows import EditorRow
from contracts.models import Contract
from contracts.operations.offers import change_offer
from contracts.operations.plan import UnknownRevision, merge_with_current, plan_of_revision
from contracts.operations.proposals import turn_into_offer
from contracts.policy import Action
from contracts.reading.cursors import read_number
from contracts.reading.funding import charges
from contracts.reading.offers import Conditions, Deposit
from contracts.reading.words import money
from contracts.refusals import ContractError, Stale
from contracts.views.answers import refused
from contracts.views.closed import closed_to
from contracts.views.deposits import paid, too_late
from contracts.views.editor_page import Editor, fresh_editor, looked_at, merged_editor
from contracts.views.room import allowed_contract
from escrow.models import OPEN, Payment
from escrow.operations.refusals import PaymentError


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """The offer as it stands, or what was proposed, to be changed. Answers a page; rows come from the plan editor's."""
    contract = allowed_contract(request, contract_id, Action.EDIT_OFFER)
    if request.method == "POST":
        return _change(request, contract)
    if closed := closed_to(contract, Action.ANSWER_PROPOSAL if contract.is_proposed else Action.EDIT_OFFER):
        return too_late(request, contract, closed)
    if under_way := charges(contract).filter(scope=contract.pk, status__in=OPEN).first():
        return redirect("contracts:payment", contract.pk, under_way.pk)
    return _fresh(request, contract)


def _change(request: HttpRequest, contract: Contract) -> HttpResponse:
    number = read_number(request.POST.get("revision", "")) or 0
    try:
        base = plan_of_revision(contract, number)
    except UnknownRevision as refusal:
        return _fresh(request, contract, errors=[str(refusal)], status=409)
    plan = PlanForm(request.POST, base=base, revision=number, today=timezone.localdate(contract.now))
    if "look" in request.POST:
        return _look(request, contract, plan)
    form = OfferForm(request.POST, client=contract.client, plan=plan)
    if not form.is_valid():
        return _again(request, contract, form, status=422)
    return _save(request, contract, form)


def _save(request: HttpRequest, contract: Contract, form: OfferForm) -> HttpResponse:
    wish, plan = dict(form.cleaned_data), form.plan
    act = turn_into_offer if contract.is_proposed else change_offer
    try:
        payment = act(
            contract=contract, by=request.user, key=wish.pop("offer_key"), base=plan.revision, plan=plan.plan,
            today=plan.today, **wish,
        )  # fmt: skip
    except Stale as refusal:
        refused(request, form, refusal)
        form.renew_key()
        merge = merge_with_current(contract, base=plan.revision, mine=plan.plan)
        return _answer(request, contract, form, merged_editor(contract, merge, request.user), status=409)
    except (ContractError, PaymentError) as refusal:
        return _again(request, contract, form, status=refused(request, form, refusal))
    done = _sent(contract) if contract.is_proposed else _done(contract, plan, payment)
    return paid(request, contract.pk, payment, done)


def _sent(contract: Contract) -> str:
    return _("Your offer was sent to %(talent)s.") % {"talent": contract.talent.name}


def _done(contract: Contract, plan: PlanForm, payment: Payment | None) -> str:
    """What was changed; `contract` is as it was before, with its money, unless the form was sent before."""
    if payment:
        return _("The offer was changed.")
    deposit = Deposit.for_change(contract, plan.plan)
    if deposit.returned:
        return _("The offer was changed. %(back)s of its deposit goes back to you.") % {"back": money(deposit.returned)}
    return _("The offer was changed. Nothing was charged.")


def _fresh(request: HttpRequest, contract: Contract, errors: Sequence[str] = (), status: int = 200) -> HttpResponse:
    """The offer as it stands; with `open` in the address every milestone has its fields at once."""
    initial = {"title": contract.title, "terms": contract.terms}
    plan = untouched(contract.plan(), today=timezone.localdate(contract.now), revision=contract.plan_version)
    form = OfferForm(initial=initial, client=contract.client, plan=plan)
    editor = fresh_editor(contract, errors=list(errors))
    if "open" in request.GET:
        editor.rows[:] = [EditorRow.opened(row.line) for row in editor.rows]
    return _answer(request, contract, form, editor, status=status)


def _again(request: HttpRequest, contract: Contract, form: OfferForm, status: int) -> HttpResponse:
    """What was posted, as it was typed, with what is wrong beside it."""
    rows = form.plan.rows_with(frozenset(form.plan.base.keys))
    return _answer(request, contract, form, _posted(contract, form.plan, rows), status=status)


def _look(request: HttpRequest, contract: Contract, plan: PlanForm) -> HttpResponse:
    """The same with nothing said against it; without JavaScript, also with one more row. Nothing is written."""
    form = OfferForm(initial=request.POST.dict(), client=contract.client, plan=plan)
    rows = looked_at(plan, request.POST["look"], frozenset(plan.base.keys))
    return _answer(request, contract, form, _posted(contract, plan, rows))


def _posted(contract: Contract, plan: PlanForm, rows: list[EditorRow]) -> Editor:
    return Editor(contract, plan.revision, [], rows, errors=plan.errors)


def _answer(
    request: HttpRequest, contract: Contract, form: OfferForm, editor: Editor, *, status: int = 200
) -> HttpResponse:
    context = {
        "contract": contract,
        "form": form,
        "editor": editor,
        "conditions": Conditions.of(contract),
        "deposit": Deposit.for_change(contract, form.plan.plan),
    }
    return render(request, "contracts/offer.html", context, status=status)
