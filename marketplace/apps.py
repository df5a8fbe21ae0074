"""The site and its people."""

from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    name = "marketplace"
