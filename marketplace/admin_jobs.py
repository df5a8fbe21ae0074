"""What the worker has to do, and what it failed at, in the administration. What went well leaves no row behind."""

import json
from typing import ClassVar

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.admin import ProcrastinateJobAdmin
from procrastinate.contrib.django.models import ProcrastinateJob

from marketplace.finding import number_of
from marketplace.frozen import Finds, Frozen

SHOWN = 100

admin.site.unregister(ProcrastinateJob)


@admin.register(ProcrastinateJob)
class JobAdmin(Frozen, ProcrastinateJobAdmin):
    """Filter by "failed" for what was given up; what it was about is in its arguments, why is in the worker's log."""

    list_display = ("id", "task_name", "status", "attempts", "queue_name", "scheduled_at")
    list_filter = ("status",)
    finds: ClassVar[Finds] = {"id": number_of, "task_name": lambda typed: [typed]}
    ordering = ("-pk",)
    fields = ("id", "task_name", "arguments", "status", "attempts", "queue_name", "lock", "scheduled_at", "history")
    actions = ()
    inlines = ()
    search_help_text = _("A number, or the full name of a task.")

    def get_queryset(self, request):
        return super(ProcrastinateJobAdmin, self).get_queryset(request)

    def get_readonly_fields(self, request, obj=None) -> tuple[str, ...]:
        return self.fields

    @admin.display(description=_("arguments"))
    def arguments(self, job: ProcrastinateJob) -> str:
        return json.dumps(job.args)

    @admin.display(description=_("history"))
    def history(self, job: ProcrastinateJob) -> str:
        """When it was deferred, begun, failed and tried again."""
        steps = [[step.at, step.type] for step in job.procrastinateevent_set.order_by("-pk")[:SHOWN]]
        return render_to_string("admin/_table.html", {"heads": [_("When"), _("What")], "rows": steps})
