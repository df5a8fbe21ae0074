"""Browsers that look at the clock: how long each kind of page took, and what nobody should have been answered."""

import math
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field

from proof.browser import Answer, Browser, NoAnswer

WRONG = {400, 401, 403, 404, 429}
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")


@dataclass
class Times:
    """How many seconds each request of a kind took, and what went wrong."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, seconds: float, status: int) -> None:
        with self.lock:
            self.taken[kind].append(seconds)
            if status >= 500 or status in WRONG:
                self.errors.append(f"{kind} answers {status}")

    def lost(self, kind: str, problem: NoAnswer) -> None:
        with self.lock:
            self.errors.append(f"{kind}: {problem}")

    @property
    def every(self) -> list[float]:
        return [one for taken in self.taken.values() for one in taken]

    @property
    def lines(self) -> list[str]:
        """A line for each kind of request, the most frequent first."""
        kinds = sorted(self.taken.items(), key=lambda each: -len(each[1]))
        return [line("all", self.every), *(line(kind, taken) for kind, taken in kinds)]

    @property
    def complaints(self) -> list[str]:
        """What nobody should have met, each kind once."""
        return [f"{self.errors.count(each)} times: {each}" for each in sorted(set(self.errors))]


@dataclass
class Timed(Browser):
    """A browser whose user looks at the clock."""

    times: Times = field(default_factory=Times)

    def _ask(self, method: str, path: str, body: str | bytes | None, headers: dict[str, str]) -> Answer:
        kind, begun = kind_of(method, path), time.perf_counter()
        try:
            answer = super()._ask(method, path, body, headers)
        except NoAnswer as problem:
            self.times.lost(kind, problem)
            raise
        self.times.add(kind, time.perf_counter() - begun, answer.status)
        return answer


def kind_of(method: str, path: str) -> str:
    """The same for all contracts, and whatever is searched for."""
    return f"{method} {KEY.sub('…', path.partition('?')[0])}"


def line(kind: str, taken: list[float]) -> str:
    ordered = sorted(taken)
    at = [f"p{part} {percentile(ordered, part) * 1000:.0f}" for part in (50, 95, 99)]
    return f"{kind}: {len(ordered):,}; {', '.join(at)} ms"


def percentile(ordered: list[float], part: int) -> float:
    """The nearest figure."""
    return ordered[max(0, math.ceil(len(ordered) * part / 100) - 1)] if ordered else 0.0
