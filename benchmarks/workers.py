"""So many processes that do the same thing at once, and how often a second they do it together. Knows not what."""

import multiprocessing
import time
from collections.abc import Callable

from django.db import connections

type Work = Callable[[], object]
type Prepare = Callable[[int], Work]
PATIENCE = 120


class Done(Exception):
    """There is nothing left for this worker to do."""


def rate(prepare: Prepare, workers: int, seconds: float) -> float:
    """How often a second all of them do it. Each prepares with its number, does it once unseen, and waits for all."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    together, said = fork.Barrier(workers), fork.Queue()
    processes = [fork.Process(target=_work, args=(prepare, n, seconds, together, said)) for n in range(workers)]
    for process in processes:
        process.start()
    told = [said.get(timeout=seconds + PATIENCE) for _process in processes]
    for process in processes:
        process.join()
    if failures := [each for each in told if isinstance(each, str)]:
        raise RuntimeError(failures[0])
    return sum(told)


def _work(prepare: Prepare, number: int, seconds: float, together, said) -> None:
    try:
        work = prepare(number)
        work()
        together.wait(PATIENCE)
        said.put(_often(work, seconds))
    except BaseException as problem:
        together.abort()
        said.put(f"{type(problem).__name__}: {problem}")


def _often(work: Work, seconds: float) -> float:
    begun, count = time.perf_counter(), 0
    try:
        while time.perf_counter() - begun < seconds:
            work()
            count += 1
    except Done:
        pass
    return count / (time.perf_counter() - begun)
