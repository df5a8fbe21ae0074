"""Where the money is. Knows no contract and no role."""

from django.apps import AppConfig


class EscrowConfig(AppConfig):
    name = "escrow"

    def ready(self) -> None:
        from escrow import fees, payment_invariants, vitals  # noqa: F401
        from escrow.operations.forgetting import forget_methods_of
        from marketplace.privacy.erasing import erase_also

        erase_also(forget_methods_of)
        fees.current()  # without fees that make sense nothing starts
