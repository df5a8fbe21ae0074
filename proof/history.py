"""What clients were told of each thing they wished, and whether the books agree. Knows neither database nor page.

A wish is named by its `effect`, which is unlike any other: there is one amount, or one contract, for each. It is posted
until somebody says what became of it: each post is a line of the history.
"""

import json
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Self


class Told(StrEnum):
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    UNDER_WAY = "under way"


@dataclass(frozen=True)
class Line:
    """One post: which wish it was for, with which key, when it began and ended in seconds, what it was answered.

    `wish` counts the wishes: one that was made because the books said that it had not been yet is another one.
    """

    effect: str
    wish: int
    key: str
    begun: float
    ended: float
    told: Told
    said: str = ""

    @classmethod
    def read(cls, text: str) -> Self:
        said = json.loads(text)
        return cls(**said | {"told": Told(said["told"])})


class History:
    """The lines so far, in a file as well."""

    def __init__(self, file: Path) -> None:
        self.file, self.lines, self.lock = file, list[Line](), threading.Lock()

    def add(self, line: Line) -> None:
        with self.lock, self.file.open("a") as file:
            self.lines.append(line)
            file.write(json.dumps(asdict(line)) + "\n")

    @property
    def kinds(self) -> str:
        """How many wishes of each kind were acknowledged; a kind is what an effect says before whose it is."""
        done = {(line.wish, line.effect) for line in self.lines if line.told is Told.ACKNOWLEDGED}
        counted = Counter(kind_of(effect) for _wish, effect in done)
        return ", ".join(f"{kind} {count}" for kind, count in counted.most_common())

    def about(self, failure: str) -> str:
        """What was told of the wish that a sentence is about, for who looks into it."""
        told = [line for line in self.lines if failure.startswith(f"{line.effect} ")]
        said = [f"{line.wish} ({line.key}) {line.begun:.1f}-{line.ended:.1f} {line.said}" for line in told[-8:]]
        return f"[{'; '.join(said)}]"


def kind_of(effect: str) -> str:
    said, colon, _words = effect.partition(":")
    return said if colon else said.rpartition(" ")[0]


@dataclass
class Verdict:
    """Effects that were acknowledged and are not in the books, or more than once; and whatever else is not right."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)

    @property
    def failures(self) -> list[str]:
        return [
            *(f"{effect} was acknowledged, and is lost." for effect in self.lost),
            *(f"{effect} is there more than once." for effect in self.doubled),
            *self.other,
        ]


def verdict(lines: Iterable[Line], found: Mapping[str, int]) -> Verdict:
    """Compare what was told with how often each effect is in the books.

    Acknowledged: once for each wish. Refused: never. Unknown, or under way at the bank: settled by the same post again,
    so that none ends so. What is in the books and nobody wished came from nowhere.
    """
    wishes: dict[str, list[Line]] = {}
    for line in lines:
        wishes.setdefault(line.effect, []).append(line)
    judged = Verdict()
    for effect, posts in wishes.items():
        _judge(judged, effect, posts, found.get(effect, 0))
    judged.other += [f"{effect} came from nowhere." for effect in sorted(found.keys() - wishes.keys())]
    return judged


def _judge(judged: Verdict, effect: str, posts: list[Line], count: int) -> None:
    acknowledged = len({line.wish for line in posts if line.told is Told.ACKNOWLEDGED})
    if count > max(acknowledged, 1):
        judged.doubled.append(effect)
    elif count < acknowledged:
        judged.lost.append(effect)
    elif not acknowledged and posts[-1].told is not Told.REFUSED:
        judged.other.append(f"{effect} stayed {posts[-1].told}.")
    elif not acknowledged and count:
        judged.other.append(f"{effect} was refused, and is there all the same.")
