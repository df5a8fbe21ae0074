"""What the demo's talents ask to change in a plan. Knows the words and the lines; when it happens, the story says."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from contracts.demo.acts import ask
from contracts.demo.texts import CARDS, CARDS_NOTE, DEARER_AUDIO, TESTING, TESTING_NOTE, Step
from contracts.models import ChangeRequest, Contract
from contracts.plan import Line

type Lines = Callable[[Iterable[Step]], list[Line]]


def ask_for_cards(contract: Contract, lines: Lines) -> tuple[ChangeRequest, frozenset[UUID]]:
    """The last milestone ten days later, and one more after it; with the key of the former."""
    *begun, letters = contract.plan()
    later = replace(letters, due_date=letters.due_date and letters.due_date + timedelta(days=10))
    return ask(contract, [*begun, later, *lines([CARDS])], CARDS_NOTE), frozenset({later.key})


def ask_for_testing(contract: Contract, lines: Lines) -> ChangeRequest:
    """Of five: the third before the second, which is dearer, the fourth gone, and one more before the last."""
    first, audio, rooms, _languages, last = contract.plan()
    wished = [first, rooms, replace(audio, amount=DEARER_AUDIO), *lines([TESTING]), last]
    return ask(contract, wished, TESTING_NOTE)
