"""What an open page is told of what happened since it was made. Knows what each page may show, and no connection.

Pages that are only read follow; where somebody may be filling in a form, nothing of it is touched: a line says that the
page is of before, and leads to how it is now.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contracts.models import EventKind
from contracts.reading.activity import Entry, entries_since
from contracts.reading.cursors import read_number
from contracts.views.desk import Desk, desk_on
from contracts.views.room import visible_contract
from marketplace.standby import from_standby

SAVES = {EventKind.PLAN_SAVED, EventKind.MILESTONE_ADDED}


@from_standby
@require_safe
def news(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """What happened since the event `since`. Answers the line for `#news`; 204 when there is nothing to say.

    A page that `follows` shows what its own user did without a word.
    """
    contract = visible_contract(request, contract_id)
    follows = "follows" in request.GET
    entries = entries_since(contract, _number(request, "since"))
    told = [entry for entry in entries if not (follows and entry.event.by_id == request.user.pk)]
    if not entries:
        return HttpResponse(status=204)
    context = {"contract": contract, "entry": told[0] if told else None, "more": len(told) - 1, "follows": follows}
    return render(request, "contracts/_news.html#said", context)


@from_standby
@require_safe
def new_entries(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """The events after `since`, for the top of Activity. Answers rows; 204 when there are none."""
    contract = visible_contract(request, contract_id)
    entries = entries_since(contract, _number(request, "since"))
    if not entries:
        return HttpResponse(status=204)
    context = {"contract": contract, "page": {"entries": entries}, "newest": entries[0].event.pk}
    return render(request, "contracts/activity.html#fresh", context)


@require_safe
def editor_news(request: HttpRequest, contract_id: UUID, request_id: UUID | None = None) -> HttpResponse:
    """What an open plan editor should know before it saves. Answers the line for its top; 204 for nothing."""
    desk = desk_on(request, contract_id, request_id)
    version = _number(request, "revision")
    found = entries_since(desk.contract, _number(request, "since"))
    entry = next((entry for entry in found if _matters(entry, version, desk)), None)
    if entry is None:
        return HttpResponse(status=204)
    context = {"desk": desk, "entry": entry, "is_save": entry.event.kind in SAVES}
    return render(request, "contracts/_editor_news.html#said", context)


def _matters(entry: Entry, version: int, desk: Desk) -> bool:
    """Whether it bears on saving the edits of the revision `version`, which knows all that was saved before."""
    if entry.number is not None:
        return entry.number > version
    is_of_plan = entry.request is not None or entry.event.kind == EventKind.MILESTONE_FUNDED
    return is_of_plan or not desk.is_open


def _number(request: HttpRequest, name: str) -> int:
    return read_number(request.GET.get(name, "")) or 0
