"""Who was told of what, in the administration: to look at. What was given up can be sent again, no more."""

from typing import ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from contracts.admin_finding import contracts
from contracts.models import Contract, Shown
from contracts.operations.disclosing import disclose
from marketplace.finding import id_of, number_of, parties, people
from marketplace.frozen import Finds, Frozen
from marketplace.permissions import StaffAction, staff_may
from notifications.models import Channel, Conversation, Delivery, DeliveryStatus, Post, PostFile, Preference, ReadMark
from notifications.queue import send_again

PAGE = 100  # messages


class Trouble(admin.SimpleListFilter):
    """What is looked for among very many: each of the two has an index of its own."""

    title, parameter_name = _("status"), "status"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        return [(one.value, one.label) for one in (DeliveryStatus.WAITING, DeliveryStatus.DEAD)]

    def queryset(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
        if self.value() == DeliveryStatus.WAITING:
            return deliveries.filter(due_at__isnull=False)
        return deliveries.filter(status=self.value()) if self.value() else deliveries


@admin.register(Delivery)
class DeliveryAdmin(Frozen):
    """Emails and entries of the bell. Filter by "given up" for the dead letters."""

    list_display = ("recipient", "channel", "status", "about", "tries", "due_at", "sent_at", "error")
    list_filter = (Trouble, "channel")
    list_select_related = ("recipient", "post__contract", "post__event")
    finds: ClassVar[Finds] = {"recipient": people, "mail": id_of, "post__contract": contracts}
    ordering = ("-pk",)
    actions = ("send_again",)

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Finance, and whom a superuser lets."""
        may = request.user.has_perm("notifications.change_delivery")
        return may or staff_may(request.user, StaffAction.SEND_AGAIN)

    @admin.display(description=_("about"))
    def about(self, delivery: Delivery) -> str:
        post = delivery.post
        what = post.event.get_kind_display() if post.event else _("message")
        return f"{what} · {post.contract}"

    @admin.action(description=_("Send again"), permissions=["send"])
    def send_again(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> None:
        """Let emails that were given up go out after all; all others are left as they are."""
        count = send_again(deliveries.filter(channel=Channel.EMAIL, status=DeliveryStatus.DEAD))
        self.message_user(
            request,
            ngettext(
                "%(count)d email goes out again within a minute.",
                "%(count)d emails go out again within a minute.",
                count,
            )
            % {"count": count},
            messages.SUCCESS if count else messages.WARNING,
        )


@admin.register(Post)
class PostAdmin(Frozen):
    """What stands in Messages. Staff read it to decide a dispute."""

    list_display = ("contract", "event", "by", "audience", "at", "mail")
    list_select_related = ("contract", "event__contract", "by")
    finds: ClassVar[Finds] = {"contract": contracts, "by": people}
    ordering = ("-pk",)

    def get_urls(self) -> list[URLPattern]:
        read = path("of/<uuid:contract_id>/", self.admin_site.admin_view(self.read), name="notifications_post_read")
        return [read, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, *args, **kwargs) -> HttpResponse:
        """One post. That somebody read what a person wrote is recorded."""
        post = self.get_object(request, unquote(object_id))
        if post and post.by_id and request.method == "GET" and self.has_view_permission(request, post):
            disclose(contract=post.contract, to=request.user, what=Shown.MESSAGE, posts=str(post.pk))
        return super().change_view(request, object_id, *args, **kwargs)

    def read(self, request: HttpRequest, contract_id: UUID) -> HttpResponse:
        """What people wrote to each other in a contract, newest first: a page at a time, and each is recorded."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        contract = get_object_or_404(Contract, pk=contract_id)
        posts = written_before(contract, request.GET.get("before", ""))
        if posts:
            span = f"{posts[-1].pk} to {posts[0].pk}"
            disclose(contract=contract, to=request.user, what=Shown.MESSAGES, posts=span)
        context = {"contract": contract, "posts": posts, "opts": self.opts, "title": _("Messages"), "page": PAGE}
        return TemplateResponse(request, "admin/messages.html", self.admin_site.each_context(request) | context)

    @admin.display(description=_("email"))
    def mail(self, post: Post) -> SafeString | str:
        """Its kind of email, as it looks."""
        kind = post.event.kind if post.event else "messages"
        return format_html('<a href="{}">{}</a>', reverse("notifications:mail", args=[kind]), _("Preview"))


@admin.register(PostFile)
class PostFileAdmin(Frozen):
    """That there is a file, not what is in it."""

    list_display = ("name", "post", "content_type", "size")
    list_select_related = ("post__contract",)
    finds: ClassVar[Finds] = {"id": id_of, "post__contract": contracts}
    ordering = ("-pk",)


@admin.register(ReadMark)
class ReadMarkAdmin(Frozen):
    list_display = ("user", "contract", "upto")
    list_select_related = ("user", "contract")
    finds: ClassVar[Finds] = {"user": people, "contract": contracts}
    ordering = ("-pk",)


@admin.register(Preference)
class PreferenceAdmin(Frozen):
    """How somebody is told is for them to say."""

    list_display = ("user", "topic", "email", "bell")
    list_select_related = ("user",)
    finds: ClassVar[Finds] = {"user": people}
    ordering = ("-pk",)


@admin.register(Conversation)
class ConversationAdmin(Frozen):
    list_display = ("contract", "client", "talent", "last")
    list_select_related = ("contract", "client", "talent", "last__contract")
    finds: ClassVar[Finds] = {"contract": contracts, "client": parties, "talent": parties}
    ordering = ("-last",)


def written_before(contract: Contract, before: str) -> list[Post]:
    """What people wrote in it, a page of the newest, or of those older than the post with this number."""
    written = contract.posts.filter(event=None).select_related("by").prefetch_related("files").order_by("-pk")
    numbers = number_of(before)
    return list((written.filter(pk__lt=numbers[0]) if numbers else written)[:PAGE])
