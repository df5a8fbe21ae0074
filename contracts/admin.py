"""Contracts in the administration: to look at, nothing more. What was agreed changes through operations alone."""

from django.contrib import admin

from contracts.models import Contract, ContractMember, Event, Milestone, PlanRevision
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
    list_display = ("contract", "number", "by", "at")
    list_select_related = ("contract", "by")
    search_fields = ("contract__title", "by__email")
    ordering = ("-pk",)


@admin.register(Event)
class EventAdmin(Frozen):
    list_display = ("kind", "contract", "by", "at", "revision")
    list_filter = ("kind",)
    list_select_related = ("contract", "by", "revision__contract")
    search_fields = ("contract__title", "by__email")
    ordering = ("-pk",)
