"""Where the money is. Knows no contract and no role."""

from django.apps import AppConfig


class EscrowConfig(AppConfig):
    name = "escrow"
