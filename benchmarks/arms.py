"""Arms that take turns, and what came of one beside another. Knows nothing of what they do."""

import random
import time
from collections.abc import Callable, Mapping
from functools import wraps

type Arm = Callable[[], float]
type Round = Mapping[str, float]


def alternate(arms: Mapping[str, Arm], rounds: int) -> list[Round]:
    """What each arm answered, once a round, in another order each time."""
    return [{name: arms[name]() for name in shuffled(arms)} for _each in range(rounds)]


def shuffled(arms: Mapping[str, Arm]) -> list[str]:
    return random.sample(sorted(arms), len(arms))


def ratios(rounds: list[Round], ours: str, theirs: str) -> list[float]:
    """Ours for one of theirs, in each round."""
    return [each[ours] / each[theirs] for each in rounds]


def seconds(do: Callable[[], object], times: int = 1) -> Arm:
    """An arm that does it so often and answers how many seconds each time took."""

    @wraps(do)
    def arm() -> float:
        begun = time.perf_counter()
        for _each in range(times):
            do()
        return (time.perf_counter() - begun) / times

    return arm


def described(rounds: list[Round], form: str = "{:,.0f}", unit: str = "a second") -> str:
    """The median of each arm, for people."""
    medians = {name: sorted(each[name] for each in rounds)[len(rounds) // 2] for name in sorted(rounds[0])}
    return ", ".join(f"{name} {form.format(value)}" for name, value in medians.items()) + f" {unit}"
