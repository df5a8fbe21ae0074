"""Contracts in the administration: to look at, nothing more. What was agreed changes through operations alone."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from contracts import admin_acts  # noqa: F401 - it registers the acts of staff
from contracts.models import (
    Bonus,
    ChangeRequest,
    Contract,
    ContractMember,
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
    Submission,
    SubmissionFile,
)
from contracts.reading.activity import changes_of
from marketplace.admin import CappedPaginator, nobody


class Frozen(admin.ModelAdmin):
    """Rows that not even a superuser adds, changes or deletes here."""

    show_full_result_count = False
    paginator = CappedPaginator
    has_add_permission = has_change_permission = has_delete_permission = nobody


@admin.register(Contract)
class ContractAdmin(Frozen):
    list_display = ("title", "client", "talent", "status", "plan_version", "updated_at")
    list_filter = ("status",)
    list_select_related = ("client", "talent")
    search_fields = ("title", "client__name", "talent__name", "=id")
    ordering = ("-updated_at", "-pk")


@admin.register(ContractMember)
class ContractMemberAdmin(Frozen):
    """Who of an agency works on a contract is for the agency to say."""

    list_display = ("contract", "membership")
    list_select_related = ("contract", "membership__user", "membership__party")
    search_fields = ("contract__title", "membership__user__email", "membership__party__name")
    ordering = ("-pk",)


@admin.register(Milestone)
class MilestoneAdmin(Frozen):
    list_display = ("title", "contract", "position", "amount", "due_date", "status")
    list_filter = ("status",)
    list_select_related = ("contract",)
    search_fields = ("title", "contract__title")
    ordering = ("contract", "position")


@admin.register(PlanRevision)
class PlanRevisionAdmin(Frozen):
    """A list needs no plans, and a plan of 200 milestones is long: they are read when a revision is opened."""

    list_display = ("contract", "number", "by", "at")
    list_select_related = ("contract", "by")
    search_fields = ("contract__title", "by__email")
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
    list_filter = ("kind",)
    list_select_related = ("contract", "by", "revision__contract")
    search_fields = ("contract__title", "by__email")
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
    list_filter = ("status", "from_client")
    list_select_related = ("contract", "by")
    search_fields = ("contract__title", "by__email", "=id")
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
    search_fields = ("contract__title", "by__email", "=id")
    ordering = ("-at", "-pk")
    fields = ("id", "contract", "milestone_id", "charge", "fee", "leftover", "by", "at")


@admin.register(Submission)
class SubmissionAdmin(Frozen):
    list_display = ("milestone", "number", "contract", "by", "at", "returned_at")
    list_select_related = ("milestone", "contract", "by")
    search_fields = ("milestone__title", "contract__title", "by__email", "=id")
    ordering = ("-at", "-pk")


@admin.register(SubmissionFile)
class SubmissionFileAdmin(Frozen):
    """That there is a file, not what is in it."""

    list_display = ("name", "submission", "content_type", "size")
    list_select_related = ("submission__milestone",)
    search_fields = ("name", "submission__contract__title", "=id")
    ordering = ("-pk",)


@admin.register(Earning)
class EarningAdmin(Frozen):
    list_display = ("contract", "kind", "gross", "fee", "net", "at", "matured_at")
    list_filter = ("kind",)
    list_select_related = ("contract",)
    search_fields = ("contract__title", "contract__talent__name", "=id")
    ordering = ("-at", "-pk")


@admin.register(Bonus)
class BonusAdmin(Frozen):
    list_display = ("contract", "amount", "by", "at")
    list_select_related = ("contract", "by")
    search_fields = ("contract__title", "by__email", "=id")
    ordering = ("-at", "-pk")


@admin.register(RefundRequest)
class RefundRequestAdmin(Frozen):
    list_display = ("contract", "amount", "counter", "returned", "status", "answer_by")
    list_filter = ("status",)
    list_select_related = ("contract",)
    search_fields = ("contract__title", "by__email", "=id")
    ordering = ("-at", "-pk")


@admin.register(Dispute)
class DisputeAdmin(Frozen):
    list_display = ("contract", "by", "at", "closed_at")
    list_select_related = ("contract", "by")
    search_fields = ("contract__title", "by__email")
    ordering = ("-at", "-pk")


@admin.register(Feedback)
class FeedbackAdmin(Frozen):
    list_display = ("contract", "party", "rating", "by", "at")
    list_select_related = ("contract", "party", "by")
    search_fields = ("contract__title", "party__name", "by__email")
    ordering = ("-at", "-pk")


@admin.register(Invoice)
class InvoiceAdmin(Frozen):
    list_display = ("number", "issuer", "contract_title", "gross", "fee", "net", "issued_at")
    list_select_related = ("issuer",)
    search_fields = ("issuer__name", "contract_title", "=number", "=id")
    ordering = ("-issued_at", "-pk")


@admin.register(InvoiceSeries)
class InvoiceSeriesAdmin(Frozen):
    list_display = ("party", "last")
    list_select_related = ("party",)
    search_fields = ("party__name",)
    ordering = ("-pk",)


def _diff(revision: PlanRevision) -> str:
    return render_to_string("contracts/_diff.html", {"changes": changes_of(revision)})
