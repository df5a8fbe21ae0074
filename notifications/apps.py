"""Who is told."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from contracts.operations.strays import own_files
        from contracts.signals import event_recorded
        from marketplace.privacy.sweeping import sweep_also
        from notifications import demo, invariants, vitals  # noqa: F401
        from notifications.forgetting import forget_notices
        from notifications.models import PostFile
        from notifications.receivers import on_event

        own_files(PostFile)
        sweep_also(forget_notices)
        event_recorded.connect(on_event, dispatch_uid="notifications")
        event_recorded.connect(demo.on_event, dispatch_uid="demo")
