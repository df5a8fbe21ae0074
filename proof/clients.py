"""People at their browsers: each wishes for something, posts it, and posts the same again until it is told what became
of it. Both sides of many pairs, at once, over HTTP; every post is a line of the history.
"""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from random import Random

from django.db import DatabaseError, connections

from proof.browser import Answer, Browser, Fields, NoAnswer, place_of
from proof.history import History, Line, Told
from proof.plan import Result
from proof.wishes import Pair, Wish, next_wish

DOUBLE_CLICKS = 0.15
PAUSE = 0.3
OPEN_FOR = 15  # seconds that anybody waits for an answer


@dataclass
class Posted:
    """A wish as it was filled in; nobody has said yet what became of it."""

    wish: Wish
    browser: Browser
    fields: Fields
    number: int = field(default_factory=count(1).__next__)

    @property
    def key(self) -> str:
        """That of the form: the rows of a plan have others."""
        found = dict(self.fields)
        return found.get("offer_key") or found.get("key", "")


@dataclass
class Crowd:
    """All pairs and all clients. `sessions` are browsers by their user's id."""

    pairs: list[Pair]
    sessions: dict[int, Browser]
    history: History
    result: Result
    only: tuple[str, ...] = ()
    clicks: float = DOUBLE_CLICKS
    stop: threading.Event = field(default_factory=threading.Event)
    open: list[Posted] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)
    troubles: list[str] = field(default_factory=list)

    def client(self, chance: Random) -> None:
        """One of them, until the crowd is to stop."""
        while not self.stop.is_set():
            pair = chance.choice(self.pairs)
            if not pair.lock.acquire(blocking=False):
                self.stop.wait(0.01)
                continue
            try:
                self.wish_something(pair, chance)
            except DatabaseError:
                connections.close_all()
                self.stop.wait(PAUSE)
            finally:
                pair.lock.release()
        connections.close_all()

    def wish_something(self, pair: Pair, chance: Random) -> None:
        wish = next_wish(pair, chance)
        if wish is None or (self.only and not wish.effect.startswith(self.only)):
            self.stop.wait(0.05)
            return
        browser = self.sessions[(pair.deal.payer if wish.is_client else pair.deal.earner).pk]
        try:
            posted = Posted(wish, browser, wish.fill(browser.forms(wish.path)))
        except (NoAnswer, AssertionError) as problem:
            self.troubles.append(f"{wish.effect}: {problem}"[:200])
            return
        self.result.operations += 1
        if wish.fault:
            self.result.fault(wish.fault)
        if chance.random() < self.clicks:
            self.twice(posted)
        self.until_known([posted])

    def twice(self, posted: Posted) -> None:
        """A double click: both at once."""
        with_it = threading.Thread(target=self.post, args=[posted])
        with_it.start()
        self.post(posted)
        with_it.join()

    def until_known(self, all_posted: Iterable[Posted], patience: float = 0) -> None:
        """Post the same again and again; what is still unknown when the crowd stops is kept for later."""
        until = time.monotonic() + patience
        for posted in all_posted:
            while (told := self.post(posted)) is Told.UNKNOWN:
                if self.stop.is_set() and time.monotonic() > until:
                    break
                time.sleep(PAUSE)
            self.open += [posted] if told in {Told.UNKNOWN, Told.UNDER_WAY} else []

    def post(self, posted: Posted) -> Told:
        begun = time.monotonic() - self.begun
        try:
            answer = posted.browser.post(posted.wish.path, posted.fields)
            told, said = meaning(answer), str(answer.status)
        except NoAnswer as problem:
            told, said = Told.UNKNOWN, str(problem)
        ended = time.monotonic() - self.begun
        self.history.add(Line(posted.wish.effect, posted.number, posted.key, begun, ended, told, said))
        return told

    def settle(self, patience: float) -> None:
        """Nothing fails any more: ask for the rest."""
        rest, self.open = self.open, []
        self.until_known(rest, patience)


def meaning(answer: Answer) -> Told:
    """A redirect leads on: it is done, or the payment's own page says that nobody knows yet.

    Any other page was there to say no; a failure says nothing.
    """
    if answer.status == 302:
        return Told.UNDER_WAY if "/payments/" in place_of(answer) else Told.ACKNOWLEDGED
    return Told.REFUSED if answer.status < 500 else Told.UNKNOWN
