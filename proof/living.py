"""People at the real web server while nothing breaks by itself: sections begin and end it, and break what they will.

Knows the crowd and its history; not why anybody lets it live.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connections

from contracts import timers
from contracts.tests.dealing import hear
from marketplace import clock
from notifications import tasks
from notifications.queue import LEASE
from proof import books, chaos_end
from proof.browser import Browser
from proof.caller import Caller
from proof.clients import OPEN_FOR, Crowd
from proof.databases import address
from proof.effects import effects
from proof.history import History, verdict
from proof.plan import Plan, Result
from proof.wishes import pair
from tests.web import Web, signed_in

PATIENCE, ROUNDS = 60, 3


@dataclass
class Life:
    """A crowd at a site, and what was in the books before it came."""

    crowd: Crowd
    web: Web
    before: Counter[str]
    result: Result

    @contextmanager
    def acting(self, plan: Plan, clients: int) -> Iterator[None]:
        """So many of them wish and post at any time while the block lasts. The gateway calls."""
        threads = [
            threading.Thread(target=self.crowd.client, args=[plan.chance(f"client {n}")]) for n in range(clients)
        ]
        threads.append(threading.Thread(target=self.call))
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.crowd.stop.set()
            for thread in threads:
                thread.join()

    def call(self) -> None:
        """The gateway's calls arrive, twice."""
        caller = Caller(self.web.port)
        while not self.crowd.stop.wait(0.5):
            caller.call()

    def judge(self, when: str) -> None:
        """Settle what is open, let the clock do its part, and compare everything that was not there before."""
        connections.close_all()
        self.crowd.settle(PATIENCE)
        work_off()
        self.crowd.settle(PATIENCE)
        judged = verdict(self.crowd.history.lines, effects() - self.before)
        self.result.lost += len(judged.lost)
        self.result.doubled += len(judged.doubled)
        self.result.failures += [f"{when}: {each} {self.crowd.history.about(each)}" for each in judged.failures]
        self.result.failures += [f"{when}: {each}" for each in [*chaos_end.gateway(), *chaos_end.told_once()]]
        books.check(self.result, when, thorough=True)

    @property
    def told(self) -> dict[str, int]:
        """How often each kind of answer came."""
        return dict(Counter(line.told.value for line in self.crowd.history.lines))

    def answered(self, status: str) -> int:
        """How many posts were answered so."""
        return sum(line.said == status for line in self.crowd.history.lines)


@contextmanager
def life(name: str, place: Path, pairs: int, result: Result, *, browser: type[Browser] = Browser) -> Iterator[Life]:
    """So many pairs at a web server on the database `name`, with all that it writes in `place`."""
    settings.SANDBOX_DIR = place / "sandbox"
    there = [pair() for _each in range(pairs)]
    with Web({"DATABASE_URL": address(name), "CAIRN_DATA": str(place)}, place) as web:
        users = [user for each in there for user in (each.deal.payer, each.deal.earner)]
        sessions = {user.pk: browser(web.port, signed_in(user), OPEN_FOR) for user in users}
        crowd = Crowd(there, sessions, History(place / "history.jsonl"), result)
        yield Life(crowd, web, effects(), result)


def work_off() -> None:
    """What a worker would do in the next minutes. The gateway's calls arrive, late."""
    hear()
    for _round in range(ROUNDS):
        clock.advance(LEASE + timedelta(minutes=1))
        timers.sweep()
        tasks.tell_forgotten()
        while tasks.send_due():
            pass


def while_it_lasts(seconds: float) -> Iterator[float]:
    """Yields about twice a second, with the seconds that are left, until so many have passed."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        yield left
        time.sleep(min(0.5, left))
