"""Who is told."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from contracts.signals import event_recorded
        from notifications.receivers import on_event

        event_recorded.connect(on_event, dispatch_uid="notifications")
