"""The site and its people."""

from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    name = "marketplace"

    def ready(self) -> None:
        from marketplace import database_login, standby  # noqa: F401 - a check and vitals that register themselves
