"""What somebody wants to be told, and how. Plans, requests and money are not among it: those are always told (B11)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    """What can be put off or switched off."""

    MESSAGES = "messages", _("messages")
    REMINDERS = "reminders", _("reminders")
    FEEDBACK = "feedback", _("feedback")


class How(models.TextChoices):
    AT_ONCE = "at_once", _("at once")
    DAILY = "daily", _("once a day")
    OFF = "off", _("not at all")


class Preference(models.Model):
    """How `user` is told of `topic`; without a row at once, by email and by the bell."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="preferences", verbose_name=_("user")
    )
    topic = models.CharField(_("topic"), max_length=9, choices=Topic)
    email = models.CharField(_("email"), max_length=7, choices=How, default=How.AT_ONCE)
    bell = models.BooleanField(_("bell"), default=True)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="preference_unique"),
            models.CheckConstraint(condition=Q(topic__in=Topic.values, email__in=How.values), name="preference_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_topic_display()}"
