"""What a section of the proof is asked for, and what it answers. Knows no section."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from time import monotonic
from typing import Self


@dataclass(frozen=True)
class Plan:
    """Which seed repeats it, whether a sample is enough, and a folder of the section's own that goes afterwards."""

    seed: int
    quick: bool
    data: Path

    def chance(self, of: str) -> Random:
        """A source of chance of its own for each thing, so that what is drawn for one moves no other."""
        return Random(f"{self.seed}:{of}")


@dataclass
class Result:
    """What a section tried and what came of it. Any `failures` make the proof fail; each is a sentence.

    `lost` and `doubled` are acknowledged operations; `evaluated` counts one invariant asked once, `violated` those that
    answered a row. `guards` were removed one by one, `noticed` by a test; a section's own controls are among them. What
    could not be tried on this machine is `skipped`, each with its reason.
    """

    section: str
    operations: int = 0
    faults: int = 0
    kinds: set[str] = field(default_factory=set)
    lost: int = 0
    doubled: int = 0
    evaluated: int = 0
    violated: int = 0
    guards: int = 0
    noticed: int = 0
    failures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        return not (self.failures or self.lost or self.doubled or self.violated or self.noticed < self.guards)

    @property
    def sentence(self) -> str:
        """The one of reliability.md."""
        return (
            f"{self.operations:,} operations under {self.faults:,} injected faults of {len(self.kinds)} kinds: "
            f"{self.lost} acknowledged operations lost, {self.doubled} doubled; every invariant evaluated "
            f"{self.evaluated:,} times, {self.violated} violated; {self.guards} guards removed one by one, "
            f"{self.noticed} noticed."
        )

    @contextmanager
    def timed(self) -> Iterator[Self]:
        """Adds how long the block took."""
        begun = monotonic()
        try:
            yield self
        finally:
            self.seconds += monotonic() - begun

    def fault(self, kind: str, times: int = 1) -> None:
        self.faults += times
        self.kinds.add(kind)

    def control(self, name: str, *, noticed: bool) -> None:
        """A guard was taken away for once: whoever watches has to notice."""
        self.guards += 1
        self.noticed += noticed
        if not noticed:
            self.failures.append(f"Without {name} nobody noticed.")

    def add(self, other: "Result") -> None:
        """Take in what another one counted."""
        for name in ("operations", "faults", "lost", "doubled", "evaluated", "violated", "guards", "noticed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.seconds += other.seconds
        self.kinds |= other.kinds
        self.failures += other.failures
        self.notes += other.notes
        self.skipped += other.skipped

    def to_json(self) -> dict:
        return asdict(self) | {"kinds": sorted(self.kinds)}

    @classmethod
    def from_json(cls, said: dict) -> Self:
        return cls(**said | {"kinds": set(said["kinds"])})


def total(results: list[Result]) -> Result:
    """All of them as one."""
    whole = Result("total")
    for each in results:
        whole.add(each)
    return whole
