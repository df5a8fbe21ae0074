"""A file that came with a submission: its safe name, its type from our own table, and where its bytes lie."""

import uuid

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contracts.models.submission import Submission

FILES = 10
FILE_SIZE = 25 * 1024 * 1024
FILES_SIZE = 100 * 1024 * 1024
FILE_NAME_LENGTH = 120


def private() -> Storage:
    """Where the bytes lie: nothing is served from there but through a view that asks who is there."""
    return storages["private"]


class SubmissionFile(models.Model):
    """One file of a submission (B30). Its bytes are in the private storage, `stored` under a name of chance."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="files", verbose_name=_("submission"))
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=FILE_NAME_LENGTH)
    content_type = models.CharField(_("content type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    stored = models.CharField(_("stored as"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["submission", "position"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "name"], name="file_name_once_in_a_submission"),
            models.UniqueConstraint(fields=["submission", "position"], name="file_position_unique"),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=FILES, size__gte=1, size__lte=FILE_SIZE)
                & ~Q(name="")
                & ~Q(stored=""),
                name="file_in_limits",
            ),
        ]

    def __str__(self) -> str:
        return self.name
