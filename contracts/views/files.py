"""Files, for the two sides of the contract only: always saved, never shown by the browser."""

import logging
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from contracts.models import SubmissionFile, private
from contracts.operations.files import FileRow
from contracts.views.room import visible_contract

log = logging.getLogger(__name__)


@require_safe
def file(request: HttpRequest, contract_id: UUID, file_id: UUID) -> FileResponse:
    """One file, as an attachment with a type from our own table. 404 unless the user may see the contract."""
    contract = visible_contract(request, contract_id)
    return attachment(get_object_or_404(SubmissionFile, pk=file_id, submission__contract=contract))


def attachment(kept: FileRow) -> FileResponse:
    """What lies in the storage for this row, which the user may see; 404 if it is not there."""
    try:
        content = private().open(kept.stored)
    except FileNotFoundError:
        log.error("The file %s is not where it was put.", kept.stored)
        raise Http404 from None
    headers = {"Cache-Control": "private", "X-Content-Type-Options": "nosniff"}
    return FileResponse(
        content, as_attachment=True, filename=kept.name, content_type=kept.content_type, headers=headers
    )
