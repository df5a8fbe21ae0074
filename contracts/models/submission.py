"""Work that talent handed in for a milestone, and the client's wish for changes. Numbered, and kept."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.clock import Now

MESSAGE_LENGTH = 5000
LINKS = 10
LINK_LENGTH = 500


class Submission(models.Model):
    """One submission (B30). The reason, by whom and when changes were requested: all set, or all null (B31)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contract = models.ForeignKey(
        "contracts.Contract", models.PROTECT, related_name="submissions", verbose_name=_("contract")
    )
    milestone = models.ForeignKey(
        "contracts.Milestone", models.PROTECT, related_name="submissions", verbose_name=_("milestone")
    )
    number = models.PositiveIntegerField(_("number"))
    message = models.TextField(_("message"), max_length=MESSAGE_LENGTH)
    links = ArrayField(models.CharField(max_length=LINK_LENGTH), default=list, size=LINKS, verbose_name=_("links"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    reason = models.TextField(_("changes requested"), null=True, max_length=MESSAGE_LENGTH)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("returned by")
    )
    returned_at = models.DateTimeField(_("returned"), null=True)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["milestone", "number"]
        indexes = [models.Index(fields=["-at", "-id"], name="submission_latest")]
        constraints = [
            models.UniqueConstraint(fields=["milestone", "number"], name="submission_numbered"),
            models.CheckConstraint(condition=Q(number__gte=1) & ~Q(message=""), name="submission_says_something"),
            models.CheckConstraint(
                condition=Q(reason=None, returned_by=None, returned_at=None)
                | Q(reason__isnull=False, returned_by__isnull=False, returned_at__isnull=False) & ~Q(reason=""),
                name="submission_returned_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone} · {self.number}"
