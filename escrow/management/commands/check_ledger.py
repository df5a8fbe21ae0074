"""`manage.py check_ledger`: asks every invariant, says which hold, keeps the outcome, and exits 1 when one does not.

What it finds stops money, or lets it move again, as the hourly check does.
"""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from escrow.checking import check_books, lift_stop, seal
from escrow.invariants import Invariant, registered


class Command(BaseCommand):
    help = "Check that every invariant of the books holds. Exits 1 when one does not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--full", action="store_true", help="compare every seal there ever was, too")
        parser.add_argument(
            "--seal", action="store_true", help="then seal the transfers so far and print the digest to keep elsewhere"
        )
        parser.add_argument(
            "--lift", metavar="REASON", help="check nothing: let money move again although what was found is broken"
        )

    def handle(self, *, full: bool, seal: bool, lift: str | None, **options) -> None:
        if lift is not None:
            self._lift(lift)
            return
        run = check_books(thorough=full)
        wrong = {each["name"]: each for each in run.broken}
        for invariant in registered(thorough=full):
            self._say(invariant, wrong.get(invariant.name))
        if run.stops:
            self.stderr.write("STOPPED  No money moves until a check finds that the books hold.")
        if wrong:
            raise CommandError(f"The books do not hold: {', '.join(wrong)}.")
        if seal:
            self._seal()

    def _say(self, invariant: Invariant, found: dict | None) -> None:
        if found is None:
            self.stdout.write(f"holds   {invariant.name}: {invariant.says}")
            return
        rows = (", ".join(f"{name} {value}" for name, value in row.items()) for row in found["rows"])
        self.stderr.write(
            "\n  ".join([f"BROKEN  {invariant.name}: {invariant.says}", *rows, *filter(None, [found["failed"]])])
        )

    def _seal(self) -> None:
        newest = seal()
        self.stdout.write(f"sealed  up to transfer {newest.upto}: {newest.digest}" if newest else "sealed  nothing yet")

    def _lift(self, reason: str) -> None:
        if not reason.strip():
            raise CommandError("Say why money may move although the books do not hold.")
        lifted = lift_stop(reason, using="owner")
        self.stdout.write(f"lifted  Money moves again, although broken: {lifted}." if lifted else "Nothing is stopped.")
