"""Visitors of ordinary pages, several at a time, in a process of their own: how long each visit took. Knows no page."""

import http.client
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from typing import NamedTuple

from django.db import connections

from proof.timed import percentile


class Visit(NamedTuple):
    """A page, and the session of somebody who may see it."""

    path: str
    session: str


@contextmanager
def visitors() -> Iterator[ProcessPoolExecutor]:
    """A process that can visit, begun before any thread of this one."""
    connections.close_all()
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        pool.submit(int).result()
        yield pool


def visit(port: int, visits: Sequence[Visit], seconds: float, times: int = 10**9) -> list[float]:
    """Each of these over and over, all at once, for so long or so many `times`; how many seconds each answer took."""
    with ThreadPoolExecutor(len(visits)) as pool:
        running = pool.map(partial(_one, port, seconds, times), visits)
        return [taken for one in running for taken in one]


def _one(port: int, seconds: float, times: int, visit: Visit) -> list[float]:
    until, taken = time.perf_counter() + seconds, []
    there = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while (begun := time.perf_counter()) < until and len(taken) < times:
        there.request("GET", visit.path, headers={"Cookie": f"session={visit.session}"})
        answer = there.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{visit.path} answers {answer.status}")
        taken.append(time.perf_counter() - begun)
    there.close()
    return taken


def described(times: list[float]) -> str:
    """For people."""
    ordered = sorted(times)
    parts = ", ".join(f"p{part} {percentile(ordered, part) * 1000:.0f}" for part in (50, 95, 99))
    return f"{len(ordered):,} answers, {parts} ms"
