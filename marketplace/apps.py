"""The site and its people."""

from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    name = "marketplace"

    def ready(self) -> None:
        from marketplace import database_login  # noqa: F401 - its check registers itself
