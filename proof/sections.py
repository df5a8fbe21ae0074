"""The sections of the proof, by name and in their order: each a function `prove(plan) -> Result` in a module here."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple

from proof.plan import Plan, Result


class Section(NamedTuple):
    """`hasty`: its PostgreSQL need not wait for the disk, as nobody kills it. `minutes` it may take, and when quick."""

    name: str
    about: str
    hasty: bool = True
    minutes: float = 10
    quick: float = 3

    @property
    def module(self) -> str:
        return f"proof.{self.name}"

    @property
    def exists(self) -> bool:
        return find_spec(self.module) is not None

    @property
    def prove(self) -> Callable[[Plan], Result]:
        return import_module(self.module).prove


SECTIONS = (
    Section("crash", "kill -9 at each statement and each COMMIT of every money operation", minutes=25),
    Section("chaos", "mixed operations while everything fails", hasty=False, minutes=12),
    Section("failover", "the primary dies, its standby takes over", hasty=False, minutes=8),
    Section("disk", "the disk is full", hasty=False),
    Section("clock", "the machine's clock is wrong"),
    Section("restore", "dump and restore"),
    Section("guards", "each guard removed: which test notices", minutes=20),
    Section("load", "two hundred browsers", hasty=False),
)


def chosen(names: list[str]) -> list[Section]:
    """Those named, or all that there are."""
    return [each for each in SECTIONS if (each.name in names if names else each.exists)]
