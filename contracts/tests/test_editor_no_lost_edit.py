"""Two people edit one plan through the editor, at random: nothing of either is lost, and every question is obeyed (X2).

What should come out is worked out here from the rule alone, on texts and lists; the plan's own merging is not used.
"""

from dataclasses import dataclass, field
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.models import Contract, Milestone
from contracts.states import MilestoneStatus
from contracts.tests.browsing import Editor
from tests.factories import advance, agreed

VALUES = {
    "title": ("Step 1", "Sketch", "Build"),
    "description": ("", "As discussed", "One\nTwo"),
    "amount": ("100.00", "5.00", "1200.50"),
    "due_date": ("", "2099-02-28", "2098-12-31"),
}
type Lines = dict[str, dict[str, str]]
type Answers = dict[tuple[str, str], str | None]  # what was asked about which row: mine if it was chosen, else None


@dataclass
class Wish:
    """What one person wants: texts of some rows by place, places deleted, an order of the places, new rows."""

    typed: dict[int, dict[str, str]]
    deleted: set[int]
    order: list[int]
    added: list[dict[str, str]] = field(default_factory=list)


@st.composite
def wishes(draw: st.DrawFn, size: int) -> Wish:
    places = list(range(size))
    some = st.sets(st.sampled_from(places)) if places else st.just(set())
    texts = st.fixed_dictionaries({}, optional={name: st.sampled_from(each) for name, each in VALUES.items()})
    order = list(places)
    how = draw(st.sampled_from(("left", "dragged", "shuffled"))) if places else "left"
    if how == "shuffled":
        order = draw(st.permutations(order))
    if how == "dragged":
        order.insert(draw(st.sampled_from(places)), order.pop(draw(st.sampled_from(places))))
    whole = st.fixed_dictionaries({name: st.sampled_from(each) for name, each in VALUES.items()})
    return Wish(
        {place: draw(texts) for place in sorted(draw(some))}, draw(some) if draw(st.booleans()) else set(), order,
        draw(st.lists(whole, max_size=1)),
    )  # fmt: skip


def lines_of(contract: Contract) -> Lines:
    """What of the plan as it is stored comes after its first, paid milestone, each value as one would type it."""
    return {
        str(at.pk): {"title": at.title, "description": at.description, "amount": str(at.amount),
                     "due_date": at.due_date.isoformat() if at.due_date else ""}
        for at in Milestone.objects.filter(contract=contract).order_by("position")[1:]
    }  # fmt: skip


def edit(editor: Editor, base: list[str], wish: Wish) -> Lines:
    """Bring the wish into the editor; answers the plan as it then stands there."""
    for place, texts in wish.typed.items():
        editor.type(base[place], **texts)
    for place in wish.deleted:
        editor.delete(base[place])
    new = [editor.add() for _each in wish.added]
    for key, texts in zip(new, wish.added, strict=True):
        editor.type(key, **texts)
    order = [base[place] for place in wish.order]
    editor.arrange([*order[: len(order) // 2], *new, *order[len(order) // 2 :]])
    stored = lines_of(editor.contract) | dict(zip(new, wish.added, strict=True))
    typed = {base[place]: texts for place, texts in wish.typed.items()}
    return {key: stored[key] | typed.get(key, {}) for key in editor.keys
            if f"delete-{key}" not in dict(editor.fields)}  # fmt: skip


def settle(editor: Editor, data: st.DataObject) -> Answers:
    """Save until it is saved, choosing at random."""
    if data.draw(st.booleans(), "as a draft"):
        editor.take(editor.post("draft/"))
    answers: Answers = {}
    paid = editor.contract.plan().keys[0]
    for _round in range(3):
        for name, mine in editor.questions.items():
            about, key = name.removeprefix("choice-")[:-37], name[-36:]
            takes_mine = about != "current" and data.draw(st.booleans(), name)
            answers[about, key] = mine.replace(str(paid), "first") if takes_mine else None
            editor.set(name, "mine" if takes_mine else "theirs")
        status = editor.save().status_code
        if status in {200, 204}:
            return answers
        assert status == 409
        if editor.questions and data.draw(st.booleans(), "unanswered"):
            assert editor.save().status_code == 422
    raise AssertionError("It was never saved.")


def expected(sides: tuple[Lines, Lines, Lines], pinned: set[str], answers: Answers) -> Lines:
    """Every line that has to be in the plan, with its texts."""
    base, theirs, mine = sides
    for key in pinned & base.keys():
        unmet = [name for name in VALUES if mine.get(key, {}).get(name) not in (base[key][name], theirs[key][name])]
        assert not unmet or ("current", key) in answers
    result = {key: line for key, line in theirs.items() if key not in base or key in pinned}
    result |= {key: line for key, line in mine.items() if key not in base}
    for key in base.keys() - pinned:
        if key in theirs and key in mine:
            result[key] = {name: text_of(key, name, sides, answers) for name in VALUES}
        elif key in theirs:
            assert theirs[key] == base[key] or ("delete", key) in answers
            if ("delete", key) in answers and not answers["delete", key]:
                result[key] = theirs[key]
        elif key in mine:
            assert mine[key] == base[key] or ("back", key) in answers
            if answers.get(("back", key)):
                result[key] = mine[key]
    return result


def text_of(key: str, name: str, sides: tuple[Lines, Lines, Lines], answers: Answers) -> str:
    """One field of a line that both kept: as the one who changed it has it; where both did, it was asked."""
    was, by_theirs, by_mine = (lines[key][name] for lines in sides)
    contested = len({was, by_theirs, by_mine}) == 3
    assert contested == ((name, key) in answers)
    if contested:
        return by_theirs if answers[name, key] is None else by_mine
    return by_theirs if by_theirs != was else by_mine


def assert_order(orders: list[list[str]], pinned: set[str], answers: Answers) -> None:
    """Who turned two lines round has them so, unless one of them was asked about; a chosen place is taken."""
    base, theirs, mine, final = orders
    asked = {key for (about, key) in answers if about in {"place", "current"}}
    own = {key: after for (about, key), after in answers.items() if about == "place" and after}
    for one, other in combinations(base, 2):
        if not {one, other} <= set(theirs) & set(mine) & set(final) or {one, other} & own.keys():
            continue
        upright = final.index(one) < final.index(other)
        if theirs.index(one) > theirs.index(other):
            assert not upright, "their move is lost"
        elif mine.index(one) > mine.index(other):
            assert not upright or {one, other} & asked, "my move is lost"
    for key, after in own.items():
        place = final.index(key)
        assert final[place - 1 : place] == [after] or (after in {"first", *pinned} and set(final[:place]) == pinned)


@pytest.mark.django_db
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_x2_no_edit_of_either_side_is_lost_and_each_choice_is_obeyed(data):
    world = agreed(size := data.draw(st.integers(0, 5), "size"))
    contract, base = world.contract, lines_of(world.contract)
    mine_editor, their_editor = Editor(world.client, contract), Editor(world.manager, contract)
    mine = edit(mine_editor, list(base), data.draw(wishes(size), "mine"))
    theirs = edit(their_editor, list(base), data.draw(wishes(size), "theirs"))
    assert their_editor.save().status_code in {200, 204}
    assert list(lines_of(contract).items()) == list(theirs.items())
    pinned = set()
    if theirs and data.draw(st.booleans(), "one becomes current"):
        advance(contract, paid=1, current=MilestoneStatus.ACTIVE)
        pinned = {next(iter(theirs))}
    answers = settle(mine_editor, data)
    final = lines_of(contract)
    assert final == expected((base, theirs, mine), pinned, answers)
    assert_order([list(lines) for lines in (base, theirs, mine, final)], pinned, answers)
    assert set(list(final)[: len(pinned)]) == pinned
    stages = [list(lines.items()) for lines in (base, theirs, final)]
    assert contract.revisions.count() == 1 + (stages[0] != stages[1]) + (stages[1] != stages[2])
