"""`manage.py demo_code`: the one-time code of the demo's staff at this moment."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from marketplace import demo_codes


class Command(BaseCommand):
    help = "Print the one-time code with which the demo's staff sign in."

    def handle(self, *args, **options) -> None:
        if not (settings.DEMO or settings.MODE == "test"):
            raise CommandError("There is such a code in the demo only. Set CAIRN_MODE=demo to try Cairn out.")
        self.stdout.write(demo_codes.code())
