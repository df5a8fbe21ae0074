"""Acts of staff in the administration: the list of them, and those that wait for a second person. Written by nobody."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from contracts import admin_act_pages
from contracts.models import StaffAct
from marketplace.admin import CappedPaginator, nobody

STATES = {"waiting": _("waiting for a second person"), "done": _("done"), "refused": _("refused")}


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = _("state"), "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        return list(STATES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "waiting":
            return queryset.waiting()
        if self.value() in STATES:
            return queryset.filter(**{f"{self.value()}_at__isnull": False})
        return queryset


@admin.register(StaffAct)
class StaffActAdmin(admin.ModelAdmin):
    """What was asked for, who agreed, and each transfer of it as it was shown."""

    show_full_result_count = False
    paginator = CappedPaginator
    has_add_permission = has_change_permission = has_delete_permission = nobody
    list_display = ("requested_at", "kind", "amount", "requested_by", "approved_by", "state")
    list_display_links = ("requested_at", "kind")
    list_filter = (StateFilter, "kind")
    list_select_related = ("requested_by", "approved_by")
    search_fields = ("=id", "requested_by__email", "=contract__id", "=dispute__contract__id", "=payment__id")
    ordering = ("-requested_at", "-pk")
    fields = (
        "kind", "dispute", "journal", "payment", "contract", "user", "to_talent", "amount", "limit", "reason",
        "transfers", "requested_by", "requested_at", "approved_by", "approved_at", "refused_by", "refused_at",
        "refusal", "done_at", "posted",
    )  # fmt: skip
    readonly_fields = ("transfers",)

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("new/<str:kind>/<str:target_id>/", admin_act_pages.new, "new"),
            ("<uuid:act_id>/approve/", admin_act_pages.approve, "approve"),
            ("<uuid:act_id>/refuse/", admin_act_pages.refuse, "refuse"),
        )
        own = [
            path(route, self.admin_site.admin_view(view), name=f"contracts_staffact_{name}")
            for route, view, name in pages
        ]
        return [*own, *super().get_urls()]

    @admin.display(description=_("state"))
    def state(self, act: StaffAct) -> str:
        return STATES["waiting" if act.waits else "done" if act.done_at else "refused"]

    @admin.display(description=_("what it moves"))
    def transfers(self, act: StaffAct) -> str:
        return render_to_string("admin/acts/_effect.html", {"steps": act.steps, "amount": act.amount})

    def get_fields(self, request: HttpRequest, obj: StaffAct | None = None) -> list[str]:
        """Of the things that an act can be about, only its own."""
        empty = {"dispute", "journal", "payment", "contract", "user", "to_talent"}
        return [name for name in self.fields if name not in empty or (obj and getattr(obj, name) is not None)]
