"""Settles by hand what a crash or a lost answer left open. The worker does the same by itself."""

from django.core.management.base import BaseCommand

from escrow.operations.payments import sweep_payments


class Command(BaseCommand):
    help = "Settle payments that have been open for longer than a minute."

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"{sweep_payments()} settled.")
