"""Figures for Prometheus: requests as they are answered, and vitals at the moment that somebody asks for them.

With several processes, PROMETHEUS_MULTIPROC_DIR names an empty folder that they share; each answers for all of them.
"""

import math
import os
from collections.abc import Iterator

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from marketplace import vitals

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
REQUESTS = Histogram(
    "cairn_request_seconds", "How long requests took, by the pattern of their address.", ("method", "route", "status"),
    buckets=SECONDS,
)  # fmt: skip
STANDBY = Counter(
    "cairn_standby_pages", "Pages that the standby may show: read there; or not, as it was behind, or failed.",
    ("answer",),
)  # fmt: skip


class Vitals(Collector):
    """Each vital as a gauge, and whether it is well as another; what could not be asked is not a number."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        well = GaugeMetricFamily("cairn_vital_ok", "1 while the vital is well.", labels=["vital"])
        for reading in vitals.read():
            figure = math.nan if reading.figure is None else reading.figure
            yield GaugeMetricFamily(f"cairn_{reading.vital.name}", reading.vital.says, figure)
            well.add_metric([reading.vital.name], reading.is_well)
        yield well

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is asked of the database before somebody wants to know."""
        return []


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """One request was answered."""
    REQUESTS.labels(method, route, status).observe(seconds)


def page_of_standby(answer: str) -> None:
    """A page that a standby may show was read there; or it was behind, or failed."""
    STANDBY.labels(answer).inc()


def collected(*more: Collector) -> CollectorRegistry:
    """The figures of requests, of all processes of this machine where they share a folder; and what else is wanted."""
    whole = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(whole)
    else:
        whole.register(REGISTRY)
    for each in more:
        whole.register(each)
    return whole
