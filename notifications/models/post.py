"""What stands in a contract's Messages: what people wrote, and between it what happened."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contracts.models import FILE_NAME_LENGTH, FILE_SIZE, FILES, Contract, Event
from marketplace.clock import Now
from marketplace.models import Party

POST_LENGTH = 5000


class Audience(models.TextChoices):
    """Who of a contract may read a post."""

    BOTH = "both", _("both sides")
    CLIENT = "client", _("the client's side")
    TALENT = "talent", _("the talent's side")


class Post(models.Model):
    """One post: of a person, with `by` and `text` or files, or of Cairn, with the `event` that it tells of (B11).

    `key` is that of the form it was written in: the same form twice posts once.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="posts", verbose_name=_("contract"))
    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    event = models.OneToOneField(Event, models.PROTECT, null=True, related_name="post", verbose_name=_("event"))
    audience = models.CharField(_("audience"), max_length=6, choices=Audience, default=Audience.BOTH)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    text = models.TextField(_("text"), blank=True, max_length=POST_LENGTH)
    at = models.DateTimeField(_("at"), db_default=Now())
    edited_at = models.DateTimeField(_("edited"), null=True)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="post_audience_valid"),
            models.CheckConstraint(
                condition=Q(event__isnull=False, by=None, text="", edited_at=None)
                | Q(event=None, by__isnull=False, audience=Audience.BOTH),
                name="post_of_a_person_or_an_event",
            ),
        ]
        indexes = [
            models.Index(fields=["contract", "-id"], name="post_of_contract"),
            models.Index(fields=["by", "-at"], condition=~Q(by=None), name="post_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} · {self.contract}"


class PostFile(models.Model):
    """One file of a post. Its bytes are in the private storage, `stored` under a name of chance."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="files", verbose_name=_("post"))
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=FILE_NAME_LENGTH)
    content_type = models.CharField(_("content type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    stored = models.CharField(_("stored as"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("file of a post")
        verbose_name_plural = _("files of posts")
        ordering = ["post", "position"]
        constraints = [
            models.UniqueConstraint(fields=["post", "name"], name="post_file_name_once"),
            models.UniqueConstraint(fields=["post", "position"], name="post_file_position_unique"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=FILES, size__gte=1, size__lte=FILE_SIZE)
                & ~Q(name="")
                & ~Q(stored=""),
                name="post_file_in_limits",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Conversation(models.Model):
    """A contract whose Messages hold what a person wrote: `last` is the latest of that. The inbox lists them.

    Its parties are the contract's, so that one index finds a party's newest conversations.
    """

    contract = models.OneToOneField(
        Contract, models.PROTECT, primary_key=True, related_name="conversation", verbose_name=_("contract")
    )
    client = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False, verbose_name=_("client"))
    talent = models.ForeignKey(Party, models.PROTECT, related_name="+", db_index=False, verbose_name=_("talent"))
    last = models.OneToOneField(Post, models.PROTECT, related_name="+", verbose_name=_("last message"))

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        indexes = [
            models.Index(fields=["client", "-last"], name="conversation_of_client"),
            models.Index(fields=["talent", "-last"], name="conversation_of_talent"),
        ]

    def __str__(self) -> str:
        return str(self.contract)


class ReadMark(models.Model):
    """How far somebody has read a contract's Messages: up to the post with the id `upto`.

    `unread` is how many messages other people wrote after that.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"))
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="read_marks", verbose_name=_("contract"))
    upto = models.BigIntegerField(_("read up to"), default=0)
    unread = models.PositiveIntegerField(_("unread"), default=0)

    class Meta:
        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")
        constraints = [models.UniqueConstraint(fields=["user", "contract"], name="read_mark_unique")]
        indexes = [models.Index(fields=["user"], condition=Q(unread__gt=0), name="read_mark_unread")]

    def __str__(self) -> str:
        return f"{self.user} · {self.contract} · {self.upto}"
