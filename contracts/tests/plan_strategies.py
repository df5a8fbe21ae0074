"""Plans to test with, by hand and drawn: few keys and few values, so that two changes often meet."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from contracts.plan import Collision, CollisionKind, Line, Plan

TITLES = ("Sketch", "Build", "Ship")
AMOUNTS = (Decimal("5.00"), Decimal("120.50"), Decimal("1000000.00"))
DATES = (None, date(2026, 11, 30), date(2027, 2, 28))


def key(number: int) -> UUID:
    return UUID(int=number)


def line(number: int, title: str = "Sketch", amount: str = "5.00", description: str = "") -> Line:
    return Line(key(number), title, description, Decimal(amount), None)


def plan(*numbers: int) -> Plan:
    """A plan whose lines differ in their key alone."""
    return Plan(tuple(line(number) for number in numbers))


def numbers(arranged: Plan) -> list[int]:
    """The lines' keys in their order, as small numbers to read."""
    return [at.key.int for at in arranged]


def with_line(changed_plan: Plan, new: Line) -> Plan:
    """The plan with the line of that key replaced."""
    return Plan(tuple(new if at.key == new.key else at for at in changed_plan))


def told(collisions: Iterable[Collision]) -> list[tuple[CollisionKind, int]]:
    return [(at.kind, at.key.int) for at in collisions]


def pins(*pinned: int) -> frozenset[UUID]:
    return frozenset(key(number) for number in pinned)


@st.composite
def lines(draw: st.DrawFn, number: int) -> Line:
    return Line(
        key(number),
        draw(st.sampled_from(TITLES)),
        draw(st.sampled_from(("", "As discussed"))),
        draw(st.sampled_from(AMOUNTS)),
        draw(st.sampled_from(DATES)),
    )


@st.composite
def plans(draw: st.DrawFn, at_most: int = 6) -> Plan:
    """Up to `at_most` lines with the keys 1, 2, 3 ... in this order."""
    size = draw(st.integers(0, at_most))
    return Plan(tuple(draw(lines(number)) for number in range(1, size + 1)))


@st.composite
def reordered(draw: st.DrawFn, items: list[Line]) -> list[Line]:
    """Left alone, dragged once, or shuffled."""
    items = list(items)
    how = draw(st.sampled_from(("left", "dragged", "shuffled")))
    if how == "shuffled":
        return draw(st.permutations(items))
    if how == "dragged" and items:
        places = st.integers(0, len(items) - 1)
        items.insert(draw(places), items.pop(draw(places)))
    return items


@st.composite
def changed(draw: st.DrawFn, before: Plan, newcomers: tuple[int, ...] = (7, 8)) -> Plan:
    """What one person made of a plan: lines removed, edited, moved and added, or nothing at all."""
    items = [at for at in before if draw(st.integers(0, 4))]
    items = [draw(lines(at.key.int)) if not draw(st.integers(0, 3)) else at for at in items]
    items = draw(reordered(items))
    for number in newcomers:
        if draw(st.booleans()):
            items.insert(draw(st.integers(0, len(items))), draw(lines(number)))
    return Plan(tuple(items))


@st.composite
def meetings(draw: st.DrawFn, pinned: bool = True) -> tuple[Plan, Plan, Plan, frozenset[UUID]]:
    """Base, theirs, mine and the pinned lines. Both sides may add line 9, as a post that arrives twice does."""
    base = draw(plans())
    theirs = draw(changed(base, newcomers=(7, 9)))
    mine = draw(changed(base, newcomers=(8, 9)))
    count = draw(st.integers(0, len(theirs))) if pinned and draw(st.booleans()) else 0
    return base, theirs, mine, frozenset(theirs.keys[:count])
