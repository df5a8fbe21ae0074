"""Puts Cairn's clock forward, to try out what happens when time passes. Works in the demo only."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError

from contracts import timers
from contracts.management.commands.sweep import told
from marketplace import clock


class Command(BaseCommand):
    help = "Put the clock forward and do everything that has come due by then. There is no way back."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--days", type=int, default=0)
        parser.add_argument("--hours", type=int, default=0)

    def handle(self, *args, days: int, hours: int, **options) -> None:
        try:
            now = clock.advance(timedelta(days=days, hours=hours))
        except (clock.ClockIsFixed, ValueError, OverflowError) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"It is now {now:%-d %b %Y, %H:%M} UTC.")
        self.stdout.write(told(timers.sweep()))
