"""Manage Milestones: the window to edit a plan, its preview, its rows, and what to do when the plan moved meanwhile.

Whatever happens to a save, what was typed comes back: refused (422), stale (409) or restored from a draft.
"""

from dataclasses import replace
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from contracts.forms.plan import PlanForm
from contracts.forms.rows import EditorRow, blank_row
from contracts.models import Contract
from contracts.operations.plan import (
    PlanMoved,
    UnknownRevision,
    merge_with_current,
    plan_of_revision,
    save_plan,
)
from contracts.policy import Action, has_role, in_state
from contracts.reading.sentences import summary
from contracts.refusals import ContractError, NotAllowed, WrongState
from contracts.views.editor_page import Editor, fresh_editor, merged_editor, typed_editor
from contracts.views.room import visible_contract

PAGE = "contracts/manage_milestones.html"


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def milestones(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """The editor. Answers a page; to htmx the window, or after a post that could not be saved the form in it."""
    contract = editable_contract(request, contract_id)
    if request.method == "POST":
        return _save(request, contract)
    return _open(request, contract) if in_state(contract, Action.EDIT_PLAN) else closed(request, contract)


@require_POST
def changes(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """What the posted rows would change (Show Changes). Answers the diff."""
    contract = editable_contract(request, contract_id)
    try:
        form = _posted_form(request, contract)
    except UnknownRevision as refusal:
        return render(request, f"{PAGE}#unknown", {"error": refusal}, status=409)
    context = {"changes": form.changes, "unfinished": form.unfinished, "errors": form.errors}
    return render(request, "contracts/_changes.html", context)


@require_POST
def draft(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Edits that a browser kept (X3), on top of the plan as it is now. Answers the form."""
    contract = editable_contract(request, contract_id)
    try:
        form = _posted_form(request, contract)
    except UnknownRevision as refusal:
        return _answer(request, fresh_editor(contract, notice=str(refusal)))
    if not form.is_valid() or not in_state(contract, Action.EDIT_PLAN):
        return _answer(request, _typed(request, contract, form))
    merge = merge_with_current(contract, base=form.revision, mine=form.plan)
    if merge.mine == merge.current:
        return _nothing_left(request, fresh_editor(contract, notice=_("Your edits are in the plan already.")))
    return _answer(request, merged_editor(contract, merge, request.user))


@require_safe
def new_row(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """A new milestone's row with a key of its own. Answers the row."""
    editable_contract(request, contract_id)
    return render(request, f"{PAGE}#opened", {"row": blank_row(uuid4())})


@require_safe
def row(request: HttpRequest, contract_id: UUID, key: UUID) -> HttpResponse:
    """A milestone's row with its fields, as the revision has them that the editor shows. Answers the row."""
    contract = editable_contract(request, contract_id)
    try:
        line = plan_of_revision(contract, _number(request.GET.get("revision"))).get(key)
    except UnknownRevision:
        line = None
    if line is None:
        raise Http404
    return render(request, f"{PAGE}#opened", {"row": EditorRow.opened(line)})


def editable_contract(request: HttpRequest, contract_id: UUID) -> Contract:
    """The contract, for those whose role lets them edit its plan: 404 for outsiders, 403 for other roles."""
    contract = visible_contract(request, contract_id)
    if not has_role(contract, Action.EDIT_PLAN):
        raise PermissionDenied
    return contract


def closed(request: HttpRequest, contract: Contract) -> HttpResponse:
    """Why the plan of this contract cannot be changed any more. Answers a page; to htmx a window."""
    template = "contracts/plan_closed.html#window" if request.htmx else "contracts/plan_closed.html"
    return render(request, template, {"contract": contract}, status=409)


def saved(request: HttpRequest, contract: Contract, text: str) -> HttpResponse:
    """The answer to a change that was made: the window closes, the Overview comes fresh and says `text`."""
    messages.success(request, text)
    if not request.htmx:
        return redirect("contracts:room", contract.pk)
    response = HttpResponse(status=204, headers={"HX-Trigger": "plan-saved, close-window"})
    if "page" in request.POST:
        response["HX-Redirect"] = redirect("contracts:room", contract.pk).url
    return response


def _open(request: HttpRequest, contract: Contract) -> HttpResponse:
    template = f"{PAGE}#window" if request.htmx else PAGE
    editor = fresh_editor(contract, is_page=not request.htmx)
    return render(request, template, {"editor": editor, "contract": contract})


def _save(request: HttpRequest, contract: Contract) -> HttpResponse:
    try:
        form = _posted_form(request, contract)
    except UnknownRevision as refusal:
        return _answer(request, fresh_editor(contract, errors=[str(refusal)]), status=409)
    if not form.is_valid():
        return _answer(request, _typed(request, contract, form), status=422)
    try:
        today = timezone.localdate(contract.now)
        done = save_plan(contract=contract, by=request.user, base=form.revision, mine=form.plan, today=today)
    except PlanMoved as moved:
        return _answer(request, merged_editor(contract, moved.merge, request.user), status=409)
    except NotAllowed:
        raise PermissionDenied from None
    except ContractError as refusal:
        status = 409 if isinstance(refusal, WrongState) else 422
        return _answer(request, _typed(request, contract, form, error=str(refusal)), status=status)
    if not done and not form.changes:
        return _nothing_left(request, fresh_editor(contract, notice=_("Nothing to save: the plan is as it was.")))
    return saved(request, contract, _("Plan saved: %(changes)s.") % {"changes": summary(form.changes.counts)})


def _typed(request: HttpRequest, contract: Contract, form: PlanForm, error: str = "") -> Editor:
    since = _number(request.POST.get("since"))
    return typed_editor(contract, form, request.user, since=since, error=error)


def _nothing_left(request: HttpRequest, editor: Editor) -> HttpResponse:
    """The editor once no edit is left to save: the browser need not keep any either."""
    response = _answer(request, editor)
    response["HX-Trigger"] = "draft-done"
    return response


def _answer(request: HttpRequest, editor: Editor, status: int = 200) -> HttpResponse:
    editor = replace(editor, is_page="page" in request.POST)
    template = f"{PAGE}#editor" if request.htmx else PAGE
    return render(request, template, {"editor": editor, "contract": editor.contract}, status=status)


def _posted_form(request: HttpRequest, contract: Contract) -> PlanForm:
    number = _number(request.POST.get("revision"))
    today = timezone.localdate(contract.now)
    return PlanForm(request.POST, base=plan_of_revision(contract, number), revision=number, today=today)


def _number(text: str | None) -> int:
    """A revision's number as the form carries it; 0, which no revision has, for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
