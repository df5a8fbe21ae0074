"""Visitors of an ordinary page, four at a time, in a process of their own: how many pages a second, how long each."""

import http.client
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

AT_ONCE = 4


def visit(port: int, path: str, cookie: str, seconds: float) -> str:
    """Ask for the page for so long; answers requests a second, median and 95th percentile."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        times = [one for taken in pool.map(one_visitor, *zip(*[(port, path, cookie, seconds)] * AT_ONCE, strict=True))
                 for one in taken]  # fmt: skip
    parts = statistics.quantiles(times, n=20)
    return f"{len(times) / seconds:.0f} a second, p50 {parts[9] * 1000:.0f} ms, p95 {parts[18] * 1000:.0f} ms"


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
