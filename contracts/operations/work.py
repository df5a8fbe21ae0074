"""Handing work in, and asking for changes to it (B30, B31)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract, EventKind, Milestone, Submission, SubmissionFile
from contracts.operations._contract import is_due, lock, milestone_of, record, require_role, require_state
from contracts.operations._held import stop_clock
from contracts.operations.files import keep, stored
from contracts.policy import Action
from contracts.refusals import KeyReused, ReasonMissing, Stale, WrongState
from contracts.states import MilestoneStatus
from marketplace import clock
from marketplace.models import User

REMINDERS = (7, 3, 1)  # days before a review is over (B32)


class NotForSubmission(WrongState):
    """Only an active milestone, or one that was returned, takes work."""

    text = _("Work can be submitted for the current milestone, until it is under review.")


class NothingToReturn(WrongState):
    """Changes are requested to work that was submitted."""

    text = _("Nothing is waiting for a review. Changes are requested once work was submitted.")


class NewSubmission(Stale):
    """The client answers a submission that is not the latest."""

    text = _("New work was submitted while you were reading. Look at it, then decide.")


class ReviewOver(WrongState):
    """B31: a review that is over is as good as swept; who comes later is too late."""

    text = _("The time for the review is over: all that is held for this milestone is released.")


def submit_work(
    *, contract: Contract, by: User, milestone: Milestone, key: UUID, message: str,
    links: Sequence[str] = (), files: Sequence[UploadedFile] = (),
) -> Submission:  # fmt: skip
    """The talent submits work for the current milestone; the client has so many days to review it.

    `key` becomes the submission's id: the same form twice submits once.
    """
    with stored(files, SubmissionFile) as rows, transaction.atomic():
        contract = lock(contract.pk, by)
        require_role(contract, Action.SUBMIT)
        if known := Submission.objects.filter(pk=key).first():
            return _same(known, by, milestone, message, links)
        require_state(contract, Action.SUBMIT)
        milestone = milestone_of(contract, milestone)
        if milestone.status not in {MilestoneStatus.ACTIVE, MilestoneStatus.CHANGES_REQUESTED}:
            raise NotForSubmission
        submission = Submission.objects.create(
            id=key, contract=contract, milestone=milestone, number=milestone.submissions.count() + 1,
            message=message, links=list(links), by=by,
        )  # fmt: skip
        keep(rows, submission=submission)
        milestone.move_to(MilestoneStatus.SUBMITTED)
        start_review(milestone, contract.review_days)
        record(contract, kind=EventKind.WORK_SUBMITTED, by=by, milestone=milestone, note=message)
        return submission


@transaction.atomic
def request_changes(*, contract: Contract, by: User, milestone: Milestone, submission: int, reason: str) -> Submission:
    """The client asks for changes to the latest submission, whose number the page showed; the clock stops.

    The same wish again answers the same submission, also once newer work was handed in (I17).
    """
    contract = lock(contract.pk, by)
    require_role(contract, Action.REQUEST_CHANGES)
    milestone = milestone_of(contract, milestone)
    if known := milestone.submissions.filter(number=submission, reason=reason, returned_by=by).first():
        return known
    require_state(contract, Action.REQUEST_CHANGES)
    latest = milestone.submissions.order_by("-number").first()
    if latest is None or milestone.status != MilestoneStatus.SUBMITTED:
        raise NothingToReturn
    if latest.number != submission:
        raise NewSubmission
    check_review(milestone)
    if not reason:
        raise ReasonMissing
    latest.reason, latest.returned_by, latest.returned_at = reason, by, clock.now()
    latest.save(update_fields=["reason", "returned_by", "returned_at"])
    milestone.move_to(MilestoneStatus.CHANGES_REQUESTED)
    stop_clock(milestone)
    record(contract, kind=EventKind.CHANGES_REQUESTED, by=by, milestone=milestone, note=reason)
    return latest


def check_review(milestone: Milestone) -> None:
    """Refuse what would take from the talent what the end of the review gives it."""
    if is_due(milestone.review_by, clock.now()):
        raise ReviewOver


def next_reminder(review_by: datetime, after: datetime) -> datetime | None:
    """When the client is reminded next of a review that is over at `review_by`; None when no reminder is left."""
    moments = (review_by - timedelta(days=days) for days in REMINDERS)
    return next((moment for moment in moments if moment > after), None)


def start_review(milestone: Milestone, days: int) -> None:
    """The client has so many days for submitted work, from now on (B31). Saves it."""
    now = clock.now()
    milestone.review_by = now + timedelta(days=days)
    milestone.remind_at = next_reminder(milestone.review_by, now)
    milestone.save(update_fields=["status", "review_by", "remind_at"])


def _same(known: Submission, by: User, milestone: Milestone, message: str, links: Sequence[str]) -> Submission:
    """The key was used before: for this very work, or it is refused."""
    if (known.milestone_id, known.message, known.links, known.by_id) != (milestone.pk, message, list(links), by.pk):
        raise KeyReused
    return known
