"""One run of the benchmarks: when, on what, and what came of it. The last complete one is kept beside the code.

So that the page can be written anew once somebody has said why a target is missed, with the figures as they were.
"""

import json
import os
import platform
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from benchmarks.plan import Result

LATEST = Path(__file__).with_name("latest.json")


@dataclass(frozen=True)
class Run:
    """`day` as 2026-11-23, `machine` in words; all `results` are of the same run, but those that were taken `anew`."""

    day: str
    machine: str
    rounds: int
    extent: str
    results: list[Result]
    anew: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, results: list[Result], rounds: int, extent: str) -> Self:
        """The one that ends now, here."""
        return cls(f"{datetime.now(UTC):%Y-%m-%d}", machine(), rounds, extent, results)

    @property
    def words(self) -> str:
        """How to repeat it."""
        extent = "" if self.extent == "usual" else f" --{self.extent}"
        return f"python3 start.py bench --rounds {self.rounds}{extent}"

    @property
    def minutes(self) -> float:
        return sum(each.seconds for each in self.results) / 60

    def renewed(self, results: list[Result]) -> Self:
        """With these measured anew on the same machine, each instead of the one before."""
        new = {each.name: each for each in results if each.figures}
        return replace(
            self,
            results=[new.get(each.name, each) for each in self.results],
            anew=[each.name for each in self.results if each.name in new or each.name in self.anew],
        )

    def keep(self, place: Path = LATEST) -> None:
        said = vars(self) | {"results": [each.to_json() for each in self.results]}
        place.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n")

    @classmethod
    def kept(cls, place: Path = LATEST) -> Self:
        said = json.loads(place.read_text())
        return cls(**said | {"results": [Result.from_json(each) for each in said["results"]]})


def machine() -> str:
    """Its size, and that of what it runs."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores, {memory:.0f} GB, {system}, Python {platform.python_version()}"
