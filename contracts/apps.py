"""What was agreed and how it changes."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "contracts"
