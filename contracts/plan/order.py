"""How two new orders of the same lines become one (X2), and where a line comes to stand (X2, X4).

Knows keys and their order alone. Whether a line survives, and what is written on it, is decided elsewhere.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple
from uuid import UUID

from .moves import moved_keys


class MergedOrder(NamedTuple):
    """The order, and the lines that do not stand where mine put them."""

    keys: tuple[UUID, ...]
    misplaced: AbstractSet[UUID]


def merge_orders(
    base: Sequence[UUID], theirs: Sequence[UUID], mine: Sequence[UUID], pinned: AbstractSet[UUID]
) -> MergedOrder:
    """Lay mine's moves and additions over theirs, whose `pinned` lines come first and stay there.

    `theirs` holds the survivors alone. Each line that mine moved or added follows its nearest predecessor
    in mine that is there. A line that both moved, to different places, stays where theirs has it, as misplaced.
    So does one whose move would undo an inversion of theirs, or would come out other than mine wanted it;
    giving one up can spoil another, so this goes on until the rest agree. A move that theirs made alike is
    left alone.
    """
    pairs = _Pairs(base, theirs, mine)
    added = set(mine) - set(base) - set(theirs)
    wished = moved_keys(base, mine) & pairs.broken_in(theirs)
    disputed = _disputed(base, theirs, mine, pinned)
    moving = wished - pinned - disputed
    while True:
        keys = placed(theirs, mine, moving | added, pinned)
        given_up = moving & pairs.broken_in(keys)
        if not given_up:
            break
        moving -= given_up
    misplaced = (wished - moving) | (added & _above(mine, pinned)) | disputed
    return MergedOrder(tuple(keys), misplaced)


def placed(
    theirs: Sequence[UUID], mine: Sequence[UUID], placing: AbstractSet[UUID], pinned: AbstractSet[UUID]
) -> list[UUID]:
    """Theirs, with each line of `placing` after its nearest predecessor in mine, below the pinned ones."""
    staying = [key for key in theirs if key not in placing]
    followers: dict[UUID | None, list[UUID]] = {None: [], **{key: [] for key in staying}}
    leader = None
    for key in mine:
        if key in placing:
            followers[leader].append(key)
        elif key in followers:
            leader = None if key in pinned else key
    head = [key for key in staying if key in pinned]
    rest = [key for key in staying if key not in pinned]
    return [*head, *followers[None], *(key for leader in rest for key in (leader, *followers[leader]))]


class _Pairs:
    """The pairs of lines that a side inverted, and which way round they have to stand.

    A set of lines is a number, one bit for each line of base that survives: who stands before whom is then a
    comparison of two numbers, not of forty thousand pairs.
    """

    def __init__(self, base: Sequence[UUID], theirs: Sequence[UUID], mine: Sequence[UUID]) -> None:
        survivors = set(theirs)
        self._bits = _bits(key for key in base if key in survivors)
        was, by_theirs, by_mine = (_preceding(keys, self._bits) for keys in (base, theirs, mine))
        in_mine = sum(self._bits[key] for key in by_mine)
        self._inverted = {
            key: (before ^ by_theirs[key]) | ((before ^ by_mine.get(key, before)) & in_mine)
            for key, before in was.items()
        }
        self._wanted = {key: before ^ self._inverted[key] for key, before in was.items()}

    def broken_in(self, keys: Sequence[UUID]) -> AbstractSet[UUID]:
        """The lines of every pair that does not stand in `keys` as the side that inverted it wants."""
        preceding = _preceding(keys, self._bits)
        return {key for key, before in preceding.items() if (before ^ self._wanted[key]) & self._inverted[key]}


def _above(keys: Sequence[UUID], pinned: AbstractSet[UUID]) -> AbstractSet[UUID]:
    """The lines that stand above a pinned one."""
    last = max((index for index, key in enumerate(keys) if key in pinned), default=0)
    return set(keys[:last])


def _disputed(
    base: Sequence[UUID], theirs: Sequence[UUID], mine: Sequence[UUID], pinned: AbstractSet[UUID]
) -> AbstractSet[UUID]:
    """The lines that both sides added or moved, but neither to the same place among those that nobody moved, nor
    after the same predecessor."""
    both = set(mine) & set(theirs)
    moved_by_mine, moved_by_theirs = moved_keys(base, mine), moved_keys(base, theirs)
    twice = both.difference(base) | (both & moved_by_mine & moved_by_theirs)
    if not twice:
        return twice
    settled = both - moved_by_mine - moved_by_theirs
    anew = placed(theirs, mine, twice, pinned)
    return _differing(twice, theirs, mine, settled) & _differing(twice, theirs, anew, both)


def _differing(
    lines: AbstractSet[UUID], one: Sequence[UUID], other: Sequence[UUID], among: AbstractSet[UUID]
) -> AbstractSet[UUID]:
    """Those of `lines` that come after different ones of `among` in the two orders."""
    bits = _bits(among)
    first, second = (_preceding(keys, {**dict.fromkeys(lines, 0), **bits}) for keys in (one, other))
    return {key for key in lines if first[key] != second[key]}


def _bits(keys: Iterable[UUID]) -> dict[UUID, int]:
    return {key: 1 << index for index, key in enumerate(keys)}


def _preceding(keys: Iterable[UUID], bits: dict[UUID, int]) -> dict[UUID, int]:
    """For each line that has a bit: the bits of the lines before it."""
    seen = 0
    preceding = {}
    for key in keys:
        if key in bits:
            preceding[key] = seen
            seen |= bits[key]
    return preceding
