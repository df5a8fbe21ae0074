"""The benchmarks, by name and in their order: each a function `measure(plan) -> Result` in a module here."""

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from benchmarks.plan import Plan, Result


class Bench(NamedTuple):
    """`minutes` it may take at most, and when quick."""

    name: str
    about: str
    minutes: float = 20
    quick: float = 4

    @property
    def measure(self) -> Callable[[Plan], Result]:
        return import_module(f"benchmarks.{self.name}").measure

    def patience(self, plan_extent: str) -> float:
        """Seconds until it is given up."""
        return 60 * {"quick": self.quick, "usual": self.minutes, "full": 4 * self.minutes}[plan_extent]


BENCHES = (
    Bench("ledger", "posting to the ledger"),
    Bench("growth", "the ledger as entries grow"),
    Bench("operations", "funding and releasing through the real operations"),
    Bench("sweep", "a sweep of due releases"),
    Bench("pages", "pages of 1, 50 and 200 milestones"),
    Bench("lists", "lists as contracts grow", minutes=30),
    Bench("browser", "what a person at a slow computer sees"),
    Bench("serving", "requests for the contract room over HTTP"),
    Bench("notices", "notices, from the commit to the reader"),
    Bench("live", "500 open pages that hear of news"),
    Bench("memory", "memory after 10,000 requests", quick=6),
    Bench("starting", "from nothing to the first page"),
)


def chosen(names: list[str]) -> list[Bench]:
    """Those named, or all."""
    return [each for each in BENCHES if not names or each.name in names]
