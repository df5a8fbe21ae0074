"""Contracts in the administration: to look at, nothing more. What was agreed changes through operations alone."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts import admin_acts  # noqa: F401 - it registers the acts of staff
from contracts.admin_finding import contracts, titled
from contracts.admin_room import room
from contracts.models import (
    Bonus,
    ChangeRequest,
    Contract,
    ContractMember,
    Disclosure,
    Dispute,
    Earning,
    Event,
    Feedback,
    Funding,
    Invoice,
    InvoiceSeries,
    Milestone,
    PlanRevision,
    RefundRequest,
    SplitOffer,
    Submission,
    SubmissionFile,
)
from contracts.reading.activity import changes_of
from marketplace.finding import id_of, parties, people
from marketplace.frozen import Finds, Frozen

# What leads to rows that belong to a contract: its id or title, its parties, or who did it.
OF_CONTRACT: Finds = {"contract": contracts}
BY_SOMEBODY: Finds = OF_CONTRACT | {"by": people}
WITH_ID: Finds = BY_SOMEBODY | {"id": id_of}


@admin.register(Contract)
class ContractAdmin(Frozen):
    list_display = ("title", "client", "talent", "status", "plan_version", "updated_at")
    list_filter = ("status",)
    list_select_related = ("client", "talent")
    finds: ClassVar[Finds] = {"id": titled, "client": parties, "talent": parties}
    ordering = ("-updated_at", "-pk")

    def render_change_form(self, request, context, *args, obj: Contract | None = None, **kwargs) -> HttpResponse:
        """With everything that belongs to it; its messages are a page of their own, as reading them is recorded."""
        context |= {"room": room(obj), "messages_address": reverse("admin:notifications_post_read", args=[obj.pk])}
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


@admin.register(ContractMember)
class ContractMemberAdmin(Frozen):
    """Who of an agency works on a contract is for the agency to say."""

    list_display = ("contract", "membership")
    list_select_related = ("contract", "membership__user", "membership__party")
    finds = OF_CONTRACT
    ordering = ("-pk",)


@admin.register(Milestone)
class MilestoneAdmin(Frozen):
    list_display = ("title", "contract", "position", "amount", "due_date", "status")
    list_select_related = ("contract",)
    finds: ClassVar[Finds] = OF_CONTRACT | {"id": id_of}
    ordering = ("contract", "position")


@admin.register(PlanRevision)
class PlanRevisionAdmin(Frozen):
    """A list needs no plans, and a plan of 200 milestones is long: they are read when a revision is opened."""

    list_display = ("contract", "number", "by", "at")
    list_select_related = ("contract", "by")
    finds = BY_SOMEBODY
    ordering = ("-pk",)
    fields = ("contract", "number", "by", "at", "changes")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlanRevision]:
        return super().get_queryset(request).defer("lines")

    @admin.display(description=_("changes"))
    def changes(self, revision: PlanRevision) -> str:
        return _diff(revision)


@admin.register(Event)
class EventAdmin(Frozen):
    list_display = ("kind", "contract", "by", "at", "revision")
    list_select_related = ("contract", "by", "revision__contract")
    finds = BY_SOMEBODY
    ordering = ("-pk",)
    fields = ("contract", "kind", "by", "at", "revision", "changes")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return super().get_queryset(request).defer("revision__lines")

    @admin.display(description=_("changes"))
    def changes(self, event: Event) -> str:
        return _diff(event.revision) if event.revision else ""


@admin.register(ChangeRequest)
class ChangeRequestAdmin(Frozen):
    list_display = ("contract", "by", "from_client", "status", "at", "closed_at")
    list_filter = ("status",)
    list_select_related = ("contract", "by")
    finds = WITH_ID
    ordering = ("-at", "-pk")
    fields = (
        "contract", "base", "by", "from_client", "at", "note", "changes",
        "status", "replaces", "closed_by", "closed_at", "answer", "remind_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChangeRequest]:
        return super().get_queryset(request).defer("lines")

    @admin.display(description=_("changes"))
    def changes(self, request: ChangeRequest) -> str:
        return render_to_string("contracts/_diff.html", {"changes": request.changes})


@admin.register(Funding)
class FundingAdmin(Frozen):
    """A milestone that was never funded may be gone: its key is shown, not what it was."""

    list_display = ("contract", "charge", "fee", "leftover", "by", "at")
    list_select_related = ("contract", "by")
    finds = WITH_ID
    ordering = ("-at", "-pk")
    fields = ("id", "contract", "milestone_id", "charge", "fee", "leftover", "by", "at")


@admin.register(Submission)
class SubmissionAdmin(Frozen):
    list_display = ("milestone", "number", "contract", "by", "at", "returned_at")
    list_select_related = ("milestone", "contract", "by")
    finds = WITH_ID
    ordering = ("-at", "-pk")


@admin.register(SubmissionFile)
class SubmissionFileAdmin(Frozen):
    """That there is a file, not what is in it."""

    list_display = ("name", "submission", "content_type", "size")
    list_select_related = ("submission__milestone",)
    finds: ClassVar[Finds] = {"id": id_of, "submission__contract": contracts}
    ordering = ("-pk",)


@admin.register(Earning)
class EarningAdmin(Frozen):
    list_display = ("contract", "kind", "gross", "fee", "net", "at", "matured_at")
    list_select_related = ("contract",)
    finds: ClassVar[Finds] = OF_CONTRACT | {"id": id_of}
    ordering = ("-at", "-pk")


@admin.register(Bonus)
class BonusAdmin(Frozen):
    list_display = ("contract", "amount", "by", "at")
    list_select_related = ("contract", "by")
    finds = WITH_ID
    ordering = ("-at", "-pk")


@admin.register(RefundRequest)
class RefundRequestAdmin(Frozen):
    list_display = ("contract", "amount", "counter", "returned", "status", "answer_by")
    list_filter = ("status",)
    list_select_related = ("contract",)
    finds = WITH_ID
    ordering = ("-at", "-pk")


@admin.register(Dispute)
class DisputeAdmin(Frozen):
    list_display = ("contract", "by", "at", "status", "closed_at")
    list_filter = ("status",)
    list_select_related = ("contract", "by")
    finds = BY_SOMEBODY
    ordering = ("-at", "-pk")


@admin.register(Disclosure)
class DisclosureAdmin(Frozen):
    """Who of the staff read what people wrote to each other."""

    list_display = ("at", "to", "contract", "what", "posts")
    list_select_related = ("to", "contract")
    finds: ClassVar[Finds] = OF_CONTRACT | {"to": people}
    ordering = ("-pk",)


@admin.register(SplitOffer)
class SplitOfferAdmin(Frozen):
    list_display = ("dispute", "to_talent", "to_client", "from_client", "by", "at", "status")
    list_select_related = ("dispute__contract", "by")
    finds: ClassVar[Finds] = {"id": id_of, "dispute__contract": contracts, "by": people}
    ordering = ("-at", "-pk")


@admin.register(Feedback)
class FeedbackAdmin(Frozen):
    list_display = ("contract", "party", "rating", "by", "at")
    list_select_related = ("contract", "party", "by")
    finds: ClassVar[Finds] = BY_SOMEBODY | {"party": parties}
    ordering = ("-at", "-pk")


@admin.register(Invoice)
class InvoiceAdmin(Frozen):
    list_display = ("number", "issuer", "contract_title", "gross", "fee", "net", "issued_at")
    list_select_related = ("issuer",)
    finds: ClassVar[Finds] = {"id": id_of, "issuer": parties, "earning__contract": contracts}
    ordering = ("-issued_at", "-pk")


@admin.register(InvoiceSeries)
class InvoiceSeriesAdmin(Frozen):
    list_display = ("party", "last")
    list_select_related = ("party",)
    finds: ClassVar[Finds] = {"party": parties}
    ordering = ("-pk",)


def _diff(revision: PlanRevision) -> str:
    return render_to_string("contracts/_diff.html", {"changes": changes_of(revision)})
