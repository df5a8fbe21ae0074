"""Who was told of what, in the administration: to look at. What was given up can be sent again, no more."""

from typing import ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from contracts.admin_finding import contracts
from marketplace.finding import id_of, parties, people
from marketplace.frozen import Finds, Frozen
from notifications.models import Channel, Conversation, Delivery, DeliveryStatus, Post, PostFile, Preference, ReadMark
from notifications.queue import send_again


@admin.register(Delivery)
class DeliveryAdmin(Frozen):
    """Emails and entries of the bell. Filter by "given up" for the dead letters."""

    list_display = ("recipient", "channel", "status", "about", "tries", "due_at", "sent_at", "error")
    list_filter = ("status", "channel")
    list_select_related = ("recipient", "post__contract", "post__event")
    finds: ClassVar[Finds] = {"recipient": people, "mail": id_of, "post__contract": contracts}
    ordering = ("-pk",)
    actions = ("send_again",)

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notifications.change_delivery")

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
