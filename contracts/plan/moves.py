"""Which lines moved: the fewest moves that explain a new order (B14). Knows keys and their order alone."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from uuid import UUID


def moved_keys(before: Sequence[UUID], after: Sequence[UUID]) -> frozenset[UUID]:
    """The keys of both orders that have to move to turn one into the other; on a tie, those that went up.

    The lines that rest are a longest increasing subsequence of their old ranks, so one drag is one move.
    """
    kept = set(before) & set(after)
    old = [key for key in before if key in kept]
    new = [key for key in after if key in kept]
    if old == new:
        return frozenset()
    rank = {key: index for index, key in enumerate(old)}
    return frozenset(kept.difference(old[index] for index in _resting([rank[key] for key in new])))


def _resting(ranks: Sequence[int]) -> Iterable[int]:
    """The heaviest increasing subsequence of a permutation of 0..n-1.

    `tops` holds the ranks on which a subsequence worth continuing ends, lighter ones first: a rank drops out
    as soon as a smaller one carries as much. That costs n log n comparisons.
    """
    weight: dict[int, int] = {}
    previous: dict[int, int | None] = {}
    tops: list[int] = []
    for index, rank in enumerate(ranks):
        spot = bisect_left(tops, rank)
        previous[rank] = tops[spot - 1] if spot else None
        weight[rank] = _worth(index, rank, len(ranks)) + (weight[tops[spot - 1]] if spot else 0)
        beaten = spot
        while beaten < len(tops) and weight[tops[beaten]] <= weight[rank]:
            beaten += 1
        tops[spot:beaten] = [rank]
    rests: int | None = tops[-1]
    while rests is not None:
        yield rests
        rests = previous[rests]


def _worth(index: int, rank: int, count: int) -> int:
    """What it is worth to let a line rest.

    Few moves come first; then, that the lines that moved are those that went up; then, that a line in its old
    place is not called moved. Each outweighs all that come after it.
    """
    base = count + 1
    return base * base + base * (index >= rank) + (index == rank)
