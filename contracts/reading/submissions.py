"""The submissions for a milestone with their files, the newest first. Knows no request."""

from collections.abc import Sequence

from contracts.models import Milestone, Submission


def submissions_for(milestone: Milestone) -> Sequence[Submission]:
    """All of them, with who wrote what and their files: two queries, or one when there are none."""
    submissions = milestone.submissions.select_related("by", "returned_by").prefetch_related("files")
    return list(submissions.order_by("-number"))
