"""`manage.py export_ledger`: the whole ledger for another program, so that anyone can check the books (X12)."""

from django.core.management.base import BaseCommand
from django.db import connection

from escrow import ledger
from escrow.export import FORMATS, books
from marketplace.impatient.waiting import unhurried


class Command(BaseCommand):
    help = "Write the whole ledger as text that another program reads and checks."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--format", choices=FORMATS, default="beancount")

    def handle(self, *, format: str, **options) -> None:  # noqa: A002 - the option's name
        with ledger.snapshot(), unhurried(connection):
            for line in FORMATS[format](books()):
                self.stdout.write(line, ending="")
