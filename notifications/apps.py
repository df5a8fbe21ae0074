"""Who is told."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
