"""`manage.py demo`: fills an empty database with a believable demo, or with a large one for measuring.

Knows when a demo may be loaded. What is in it stands in `contracts.demo`.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from contracts.demo.large import load_large
from contracts.demo.people import load_people
from contracts.demo.story import BEGINNING, live
from contracts.plan import MAXIMUM_MILESTONES
from marketplace import clock
from marketplace.models import User

LOCK = 4_217_002


INTERRUPTED = (
    "An earlier load of the demo was interrupted, so that only a part of it is in this database. "
    "Load it into a new one: make the database anew, or start with another data folder."
)


class Command(BaseCommand):
    help = "Load the demo into an empty database; with --contracts, a large set for measuring."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="Do nothing, in peace, when there are users.")
        parser.add_argument("--contracts", type=int, metavar="N", help="Load N contracts by COPY instead.")
        parser.add_argument("--milestones", type=int, metavar="M", default=10, help="Milestones of each of them.")

    def handle(self, *args, **options) -> None:
        if not (settings.DEMO or settings.MODE == "test"):
            raise CommandError("The demo is loaded in demo mode only. Set CAIRN_MODE=demo to try Cairn out.")
        if options["contracts"] is None:
            self.load_demo(if_empty=options["if_empty"])
        else:
            self.load_many(options["contracts"], options["milestones"])

    def load_demo(self, *, if_empty: bool) -> None:
        """Two at once load one. No transaction spans it, as money moves between them: an interruption is noticed."""
        with alone():
            if User.objects.exists():
                self.refuse_or_leave(if_empty)
                return
            started, today = time.monotonic(), timezone.localdate()
            clock.begin(BEGINNING)
            load_people(password())
            self.say(f"People: {User.objects.count()} who can sign in.")
            for contract in live(today):
                self.say(f"Contract: {contract.title}, with a plan of {contract.milestones.count()}.")
            self.say(f"The demo is ready, after {time.monotonic() - started:.1f} s. Password of all: {password()}")

    def refuse_or_leave(self, if_empty: bool) -> None:
        """The clock stands in the past exactly while a demo is being loaded."""
        if clock.behind():
            raise CommandError(INTERRUPTED)
        if not if_empty:
            raise CommandError("There are users in this database already. The demo is only loaded into an empty one.")
        self.say("There are users already: no demo is loaded.")

    def load_many(self, contracts: int, milestones: int) -> None:
        if contracts < 1 or not 1 <= milestones <= MAXIMUM_MILESTONES:
            raise CommandError(f"Ask for at least 1 contract, and for 1 to {MAXIMUM_MILESTONES} milestones in each.")
        load_large(contracts, milestones, password=password(), say=self.say)

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


@contextmanager
def alone() -> Iterator[None]:
    """While somebody else loads the demo, wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def password() -> str:
    return os.environ.get("DEMO_PASSWORD") or "cairn-demo"
