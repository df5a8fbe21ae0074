"""Manage Milestones: the window to edit a plan, its preview, its rows, and what to do when the plan moved meanwhile.

The client saves with it, the talent sends a request with it, and both edit one that waits (desk.py says which).
Whatever happens to what was typed, it comes back: refused (422), stale (409) or restored from a draft.
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
from contracts.forms.requests import NoteForm
from contracts.forms.rows import EditorRow, blank_row
from contracts.models import Contract
from contracts.operations.plan import PlanMoved, UnknownRevision, merge_with_current, plan_of_revision
from contracts.refusals import ContractError, KeyReused, NotAllowed, WrongState
from contracts.views.answers import OFTEN, TooOften, hold_to
from contracts.views.desk import Desk, desk_on
from contracts.views.editor_page import Editor, fresh_editor, merged_editor, typed_editor

PAGE = "contracts/manage_milestones.html"


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def milestones(request: HttpRequest, contract_id: UUID, request_id: UUID | None = None) -> HttpResponse:
    """The editor of the plan, or of a request that waits (X4).

    Answers a page; to htmx the window, or after a post that could not be saved the form in it.
    """
    desk = desk_on(request, contract_id, request_id)
    if request.method == "POST":
        return _save(request, desk)
    return _open(request, desk) if desk.is_open else closed(request, desk)


@require_POST
def changes(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """What the posted rows would change (Show Changes). Answers the diff."""
    desk = desk_on(request, contract_id)
    try:
        form = _posted_form(request, desk.contract)
    except UnknownRevision as refusal:
        return render(request, f"{PAGE}#unknown", {"error": refusal}, status=409)
    context = {"changes": form.changes, "unfinished": form.unfinished, "errors": form.errors}
    return render(request, "contracts/_changes.html", context)


@require_POST
def draft(request: HttpRequest, contract_id: UUID, request_id: UUID | None = None) -> HttpResponse:
    """Edits that a browser kept (X3), on top of the plan as it is now. Answers the form."""
    desk = desk_on(request, contract_id, request_id)
    note = NoteForm.blank(request.POST.get("note", "")) if desk.sends else None
    try:
        form = _posted_form(request, desk.contract)
    except UnknownRevision as refusal:
        return _answer(request, desk, desk.fresh(request.user, notice=str(refusal)), note=note)
    if not form.is_valid() or not desk.is_open:
        return _answer(request, desk, _typed(request, desk, form), note=note)
    merge = merge_with_current(desk.contract, base=form.revision, mine=form.plan)
    if desk.asked is None and merge.mine == merge.current:
        editor = fresh_editor(desk.contract, notice=_("Your edits are in the plan already."))
        return _nothing_left(request, desk, editor, note)
    return _answer(request, desk, merged_editor(desk.contract, merge, request.user, is_touched=True), note=note)


@require_safe
def new_row(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """A new milestone's row with a key of its own. Answers the row."""
    desk_on(request, contract_id)
    return render(request, f"{PAGE}#opened", {"row": blank_row(uuid4())})


@require_safe
def row(request: HttpRequest, contract_id: UUID, place: int) -> HttpResponse:
    """A milestone's row with its fields, by its place in the revision that the editor shows. Answers the row."""
    desk = desk_on(request, contract_id)
    try:
        line = plan_of_revision(desk.contract, _number(request.GET.get("revision"))).at(place)
    except UnknownRevision:
        line = None
    if line is None:
        raise Http404
    return render(request, f"{PAGE}#opened", {"row": EditorRow.opened(line)})


def closed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Why there is nothing to edit now, and where that is decided. Answers a page; to htmx a window."""
    template = "contracts/plan_closed.html#window" if request.htmx else "contracts/plan_closed.html"
    return render(request, template, {"contract": desk.contract, "desk": desk}, status=409)


def saved(request: HttpRequest, contract: Contract, text: str) -> HttpResponse:
    """The answer to a change that was made: the window closes, the Overview comes fresh and says `text`."""
    messages.success(request, text)
    if not request.htmx:
        return redirect("contracts:room", contract.pk)
    response = HttpResponse(status=204, headers={"HX-Trigger": "plan-saved, close-window"})
    if "page" in request.POST:
        response["HX-Redirect"] = redirect("contracts:room", contract.pk).url
    return response


def _open(request: HttpRequest, desk: Desk) -> HttpResponse:
    template = f"{PAGE}#window" if request.htmx else PAGE
    editor = desk.fresh(request.user, is_page=not request.htmx, desk=desk, note=desk.blank_note())
    return render(request, template, {"editor": editor, "contract": desk.contract})


def _save(request: HttpRequest, desk: Desk) -> HttpResponse:
    note = NoteForm(request.POST) if desk.sends else None
    try:
        form = _posted_form(request, desk.contract)
    except UnknownRevision as refusal:
        return _answer(request, desk, desk.fresh(request.user, errors=[str(refusal)]), note=note, status=409)
    if not form.is_valid() or not (note is None or note.is_valid()):
        return _answer(request, desk, _typed(request, desk, form, *_damage(note)), note=note, status=422)
    try:
        if desk.sends:
            hold_to(request, "change_requests")
        text = desk.save(form, note, by=request.user, today=form.today)
    except PlanMoved as moved:
        return _answer(request, desk, merged_editor(desk.contract, moved.merge, request.user), note=note, status=409)
    except NotAllowed:
        raise PermissionDenied from None
    except ContractError as refusal:
        return _refused(request, desk, form, note, refusal)
    if not text:
        editor = fresh_editor(desk.contract, notice=_("Nothing to save: the plan is as it was."))
        return _nothing_left(request, desk, editor, note)
    return saved(request, desk.contract, text)


def _refused(
    request: HttpRequest, desk: Desk, form: PlanForm, note: NoteForm | None, refusal: ContractError
) -> HttpResponse:
    if note and isinstance(refusal, KeyReused):
        note = note.with_new_key()
    status = 409 if isinstance(refusal, WrongState) else OFTEN if isinstance(refusal, TooOften) else 422
    return _answer(request, desk, _typed(request, desk, form, str(refusal)), note=note, status=status)


def _damage(note: NoteForm | None) -> list[str]:
    """What is wrong with the part of the note that nobody typed."""
    return list(note.errors.get("request_key", [])) if note else []


def _typed(request: HttpRequest, desk: Desk, form: PlanForm, *errors: str) -> Editor:
    since = _number(request.POST.get("since"))
    return typed_editor(desk.contract, form, request.user, since=since, errors=errors)


def _nothing_left(request: HttpRequest, desk: Desk, editor: Editor, note: NoteForm | None) -> HttpResponse:
    """The editor once no edit is left to save: the browser need not keep any either."""
    response = _answer(request, desk, editor, note=note)
    response["HX-Trigger"] = "draft-done"
    return response


def _answer(
    request: HttpRequest, desk: Desk, editor: Editor, *, note: NoteForm | None, status: int = 200
) -> HttpResponse:
    editor = replace(editor, is_page="page" in request.POST, desk=desk, note=note)
    template = f"{PAGE}#editor" if request.htmx else PAGE
    return render(request, template, {"editor": editor, "contract": editor.contract}, status=status)


def _posted_form(request: HttpRequest, contract: Contract) -> PlanForm:
    number = _number(request.POST.get("revision"))
    today = timezone.localdate(contract.now)
    return PlanForm(request.POST, base=plan_of_revision(contract, number), revision=number, today=today)


def _number(text: str | None) -> int:
    """A revision's number as the form carries it; 0, which no revision has, for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
