"""`manage.py check_ledger`: asks every invariant, says which hold, and exits 1 when one does not."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from escrow.invariants import ask, registered
from escrow.models import Seal


class Command(BaseCommand):
    help = "Check that every invariant of the books holds. Exits 1 when one does not."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--seal", action="store_true", help="then seal the transfers so far and print the digest to keep elsewhere"
        )

    def handle(self, *, seal: bool, **options) -> None:
        if found := [broken for broken in map(self._asked, registered()) if broken]:
            raise CommandError(f"The books do not hold: {', '.join(found)}.")
        if seal:
            self._seal()

    def _asked(self, invariant) -> str | None:
        """The invariant's name if it is broken."""
        if broken := ask(invariant):
            self.stderr.write(f"BROKEN  {broken}")
            return invariant.name
        self.stdout.write(f"holds   {invariant.name}: {invariant.says}")
        return None

    def _seal(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT escrow_seal()")
        newest = Seal.objects.order_by("-pk").first()
        self.stdout.write(f"sealed  up to transfer {newest.upto}: {newest.digest}" if newest else "sealed  nothing yet")
