"""Visitors of an ordinary page, four at a time, in a process of their own: how long each visit took."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor

AT_ONCE = 4


def visit(port: int, path: str, cookie: str, seconds: float) -> list[float]:
    """Ask for the page for so long; answers how many seconds each visit took."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = [pool.submit(one_visitor, port, path, cookie, seconds) for _each in range(AT_ONCE)]
        return [taken for one in running for taken in one.result()]


def one_visitor(port: int, path: str, cookie: str, seconds: float) -> list[float]:
    until, times = time.perf_counter() + seconds, []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while (begun := time.perf_counter()) < until:
        connection.request("GET", path, headers={"Cookie": f"session={cookie}"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status  # noqa: S101
        times.append(time.perf_counter() - begun)
    return times
