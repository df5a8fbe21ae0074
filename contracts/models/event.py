"""What happened on a contract: written with the change itself, never altered, read by Activity and by telling."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.models.contract import Contract
from contracts.models.revision import PlanRevision
from escrow.money import MoneyField
from marketplace.clock import Now


class EventKind(models.TextChoices):
    OFFER_SENT = "offer_sent", _("offer sent")
    OFFER_CHANGED = "offer_changed", _("offer changed")
    OFFER_ACCEPTED = "offer_accepted", _("offer accepted")
    OFFER_DECLINED = "offer_declined", _("offer declined")
    OFFER_WITHDRAWN = "offer_withdrawn", _("offer withdrawn")
    OFFER_EXPIRED = "offer_expired", _("offer expired")
    PLAN_SAVED = "plan_saved", _("plan saved")
    MILESTONE_ADDED = "milestone_added", _("milestone added")
    MILESTONE_FUNDED = "milestone_funded", _("milestone funded")
    FUNDING_FAILED = "funding_failed", _("funding failed")
    WORK_SUBMITTED = "work_submitted", _("work submitted")
    CHANGES_REQUESTED = "changes_requested", _("changes requested")
    REVIEW_REMINDER = "review_reminder", _("review reminder")
    RELEASED = "released", _("released")
    BONUS_PAID = "bonus_paid", _("bonus paid")
    REFUND_REQUESTED = "refund_requested", _("refund requested")
    REFUND_APPROVED = "refund_approved", _("refund approved")
    REFUND_COUNTERED = "refund_countered", _("refund countered")
    REFUND_LAPSED = "refund_lapsed", _("refunded without an answer")
    COUNTER_ACCEPTED = "counter_accepted", _("counter accepted")
    COUNTER_LAPSED = "counter_lapsed", _("settled without an answer")
    MONEY_BACK_ASKED = "money_back_asked", _("money asked back")
    MONEY_BACK_AGREED = "money_back_agreed", _("money given back")
    MONEY_BACK_DECLINED = "money_back_declined", _("money not given back")
    MONEY_BACK_WITHDRAWN = "money_back_withdrawn", _("request for money back withdrawn")
    MONEY_BACK_OVER = "money_back_over", _("request for money back over")
    DISPUTE_OPENED = "dispute_opened", _("dispute opened")
    DISPUTE_WITHDRAWN = "dispute_withdrawn", _("dispute withdrawn")
    DISPUTE_DECIDED = "dispute_decided", _("dispute decided")
    SPLIT_OFFERED = "split_offered", _("split offered")
    SPLIT_WITHDRAWN = "split_withdrawn", _("split withdrawn")
    SPLIT_ACCEPTED = "split_accepted", _("split accepted")
    RELEASE_REVERSED = "release_reversed", _("release reversed")
    CONTRACT_FROZEN = "contract_frozen", _("contract frozen")
    CONTRACT_UNFROZEN = "contract_unfrozen", _("contract let go on")
    CONTRACT_ENDED = "contract_ended", _("contract ended")
    CHARGED_BACK = "charged_back", _("charge taken back by the bank")
    REQUEST_SENT = "request_sent", _("change request sent")
    REQUEST_REVISED = "request_revised", _("change request revised")
    REQUEST_COUNTERED = "request_countered", _("change request sent back")
    REQUEST_WITHDRAWN = "request_withdrawn", _("change request withdrawn")
    REQUEST_ACCEPTED = "request_accepted", _("change request accepted")
    REQUEST_PARTLY_ACCEPTED = "request_partly_accepted", _("change request partly accepted")
    REQUEST_DECLINED = "request_declined", _("change request declined")
    REQUEST_SUPERSEDED = "request_superseded", _("change request superseded")
    REQUEST_REMINDER = "request_reminder", _("reminder of a change request")
    PROPOSAL_SENT = "proposal_sent", _("contract proposed")
    PROPOSAL_ACCEPTED = "proposal_accepted", _("proposed contract accepted")
    PROPOSAL_DECLINED = "proposal_declined", _("proposed contract declined")
    PROPOSAL_WITHDRAWN = "proposal_withdrawn", _("proposed contract withdrawn")
    FEEDBACK_GIVEN = "feedback_given", _("feedback given")
    FEEDBACK_REVEALED = "feedback_revealed", _("feedback revealed")
    MEMBERS_ASSIGNED = "members_assigned", _("members assigned")


class Event(models.Model):
    """One thing that one person did, or the clock, when `by` is null.

    `revision` is the plan that it made; its change set is against the one before. `request` is the change request that
    it is about. `charged`, `paid` and `returned` are what the client was charged, the talent earned before its fee, and
    the client got back; `note` is what was typed. `told_at` is when it was passed on to those whom it concerns, null
    until then. `milestone` may be gone: one whose funding failed can still be deleted.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="events", verbose_name=_("contract"))
    kind = models.CharField(_("kind"), max_length=32, choices=EventKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    revision = models.OneToOneField(
        PlanRevision, models.PROTECT, null=True, related_name="event", verbose_name=_("revision")
    )
    request = models.ForeignKey(
        "contracts.ChangeRequest", models.PROTECT, null=True, related_name="events", verbose_name=_("change request")
    )
    milestone = models.ForeignKey(
        "contracts.Milestone", models.DO_NOTHING, null=True, db_constraint=False, related_name="+",
        verbose_name=_("milestone"),
    )  # fmt: skip
    charged = MoneyField(_("charged"), null=True)
    paid = MoneyField(_("paid"), null=True)
    returned = MoneyField(_("returned"), null=True)
    note = models.TextField(_("note"), blank=True)
    told_at = models.DateTimeField(_("told"), null=True, editable=False)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=EventKind.values), name="event_kind_valid")]
        indexes = [
            models.Index(fields=["contract", "-id"], name="event_of_contract"),
            models.Index(fields=["id"], condition=models.Q(told_at=None), name="event_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.contract}"
