"""Who is told of a post, and by which channel: one row each, so that nobody is told twice."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.clock import Now
from notifications.models.post import Post


class Channel(models.TextChoices):
    BELL = "bell", _("in the app")
    EMAIL = "email", _("by email")


class DeliveryStatus(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    DEAD = "dead", _("given up")
    DROPPED = "dropped", _("not needed any more")


class Delivery(models.Model):
    """One post for one person by one channel. In the app it is sent at once; `read_at` is for there.

    An email waits until `due_at`, which moves on with every try that failed. Those with the same `mail` go out as one
    email, whose Message-ID it makes; `bundle` names what may be put together before that, nothing when it is empty.
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="deliveries", verbose_name=_("post"))
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="deliveries", verbose_name=_("recipient")
    )
    channel = models.CharField(_("channel"), max_length=5, choices=Channel)
    status = models.CharField(_("status"), max_length=7, choices=DeliveryStatus, default=DeliveryStatus.WAITING)
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    due_at = models.DateTimeField(_("due"), null=True)
    bundle = models.CharField(_("bundle"), max_length=60, blank=True)
    mail = models.UUIDField(_("mail"), null=True, default=uuid.uuid4)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    error = models.TextField(_("last error"), blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    read_at = models.DateTimeField(_("read"), null=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["post", "recipient", "channel"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values, status__in=DeliveryStatus.values), name="delivery_valid"
            ),
            models.CheckConstraint(
                condition=Q(status=DeliveryStatus.WAITING, due_at__isnull=False, sent_at=None)
                | Q(status=DeliveryStatus.SENT, due_at=None, sent_at__isnull=False)
                | Q(status__in=[DeliveryStatus.DEAD, DeliveryStatus.DROPPED], due_at=None, sent_at=None),
                name="delivery_due_while_it_waits",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=~Q(due_at=None), name="delivery_due"),
            models.Index(fields=["recipient", "channel", "-id"], name="delivery_of_recipient"),
            models.Index(fields=["recipient"], condition=Q(channel=Channel.BELL, read_at=None), name="delivery_unread"),
            models.Index(fields=["-id"], condition=Q(status=DeliveryStatus.DEAD), name="delivery_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} · {self.recipient}"
