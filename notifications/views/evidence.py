"""All that a dispute is decided on, for staff: one page, the same as PDF, and its files (B44).

What both sides wrote to each other is theirs, so that it was shown is written down first, with whom it was shown to.
"""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from contracts.models import ActKind, Disclosure, Dispute, Shown, SubmissionFile
from contracts.papers.evidence_pdf import Line, evidence_pdf
from contracts.policy import decides_disputes
from contracts.reading.evidence import Evidence, evidence_for_staff
from contracts.views.files import attachment
from notifications.models import Post, PostFile

View = Callable[..., HttpResponse]


def of_dispute(view: View) -> View:
    """Hands `view` the evidence of a dispute: 404 for everybody but staff, 403 for staff who may not see disputes."""

    @wraps(view)
    def seen(request: HttpRequest, dispute_id: UUID, **about: UUID) -> HttpResponse:
        if not request.user.is_staff:
            raise Http404
        if not request.user.has_perms(["contracts.view_dispute", "notifications.view_post"]):
            raise PermissionDenied
        disputes = Dispute.objects.select_related("milestone", "refund_request", "by", "closed_by")
        evidence = evidence_for_staff(get_object_or_404(disputes, pk=dispute_id))
        Disclosure.objects.create(contract=evidence.contract, to=request.user, what=Shown.EVIDENCE)
        return view(request, evidence, **about)

    return seen


@require_safe
@of_dispute
def evidence_page(request: HttpRequest, evidence: Evidence) -> HttpResponse:
    """Everything, with the way to decide for those who do. Answers a page."""
    may_decide = evidence.dispute.is_open and decides_disputes(request.user)
    context = {
        "evidence": evidence,
        "contract": evidence.contract,
        "dispute": evidence.dispute,
        "posts": written(evidence),
        "decide": reverse("admin:contracts_staffact_new", args=[ActKind.DECIDE, evidence.dispute.pk])
        if may_decide
        else "",
    }
    return render(request, "notifications/evidence.html", context)


@require_safe
@of_dispute
def evidence_paper(request: HttpRequest, evidence: Evidence) -> HttpResponse:
    """The same as PDF. Answers a file."""
    lines = [
        Line(post.at, post.by.name, post.text, [file.name for file in post.files.all()]) for post in written(evidence)
    ]
    named = {"Content-Disposition": f'attachment; filename="dispute-{evidence.dispute.pk}.pdf"'}
    return HttpResponse(evidence_pdf(evidence, lines), content_type="application/pdf", headers=named)


@require_safe
@of_dispute
def evidence_file(request: HttpRequest, evidence: Evidence, file_id: UUID) -> FileResponse:
    """One file of a submission or a message of the contract, as an attachment."""
    contract = evidence.contract
    kept = SubmissionFile.objects.filter(pk=file_id, submission__contract=contract).first()
    return attachment(kept or get_object_or_404(PostFile, pk=file_id, post__contract=contract))


def written(evidence: Evidence) -> list[Post]:
    """What people wrote to each other on the contract, oldest first, with their files: two queries."""
    posts = Post.objects.filter(contract=evidence.contract, event=None).select_related("by").prefetch_related("files")
    return list(posts.order_by("pk"))
