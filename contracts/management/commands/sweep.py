"""Does by hand what the worker does every minute: everything that is due."""

from collections import Counter

from django.core.management.base import BaseCommand

from contracts import timers


class Command(BaseCommand):
    help = "Do everything that is due by now, in its order, and say how much that was."

    def handle(self, *args, **options) -> None:
        self.stdout.write(told(timers.sweep()))


def told(done: Counter[str]) -> str:
    """A line for each kind of thing that was done."""
    return "\n".join(f"{count} {name}" for name, count in done.items()) or "Nothing was due."
