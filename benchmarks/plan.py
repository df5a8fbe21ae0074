"""What a benchmark is asked for, and what it answers. Knows no benchmark."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Plan:
    """How often all arms alternate, how large it all is, and a folder of the benchmark's own that goes afterwards."""

    rounds: int
    extent: str  # quick, usual or full
    data: Path

    @property
    def quick(self) -> bool:
        return self.extent == "quick"

    @property
    def seconds(self) -> float:
        """How long an arm works in each round."""
        return 0.5 if self.quick else 3.0

    def size[T](self, quick: T, usual: T, full: T | None = None) -> T:
        """What fits the extent; `full` is as usual unless it is named."""
        return {"quick": quick, "usual": usual, "full": usual if full is None else full}[self.extent]


@dataclass(frozen=True)
class Figure:
    """What was measured for one target (targets.py) in one case, a value for each round, in the target's unit."""

    target: str
    case: str
    values: list[float]

    @property
    def least(self) -> float:
        return min(self.values)

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def most(self) -> float:
        return max(self.values)


@dataclass
class Result:
    """What a benchmark answers. `notes` are absolute figures for people; `missing` says why something has none."""

    name: str
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, target: str, case: str, values: Sequence[float]) -> None:
        self.figures.append(Figure(target, case, list(values)))

    def to_json(self) -> dict:
        return asdict(self)

    @classmethod
    def from_json(cls, said: dict) -> Self:
        return cls(**said | {"figures": [Figure(**each) for each in said["figures"]]})
