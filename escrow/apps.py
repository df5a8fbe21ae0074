"""Where the money is. Knows no contract and no role."""

from django.apps import AppConfig


class EscrowConfig(AppConfig):
    name = "escrow"

    def ready(self) -> None:
        from escrow import payment_invariants, vitals  # noqa: F401
