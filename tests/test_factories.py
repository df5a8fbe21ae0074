"""The worlds that tests begin with are possible ones: the books hold in every one of them."""

import pytest

from contracts.states import MilestoneStatus
from tests.books import books_hold
from tests.factories import agreed, ended, offered, submitted

S = MilestoneStatus
pytestmark = pytest.mark.django_db


def statuses(world) -> list[str]:
    return list(world.contract.milestones.values_list("status", flat=True))


@pytest.mark.parametrize(
    ("paid", "current", "expected"),
    [
        (0, None, ["paid", "future", "future"]),
        (0, S.FUNDING, ["paid", "funding", "future"]),
        (0, S.ACTIVE, ["active", "future"]),
        (0, S.SUBMITTED, ["submitted", "future"]),
        (1, None, ["paid", "future"]),
        (1, S.FUNDING, ["paid", "funding"]),
        (1, S.CHANGES_REQUESTED, ["paid", "changes_requested"]),
        (2, None, ["paid", "paid"]),
    ],
)
def test_a_contract_is_agreed_as_asked_for(paid, current, expected):
    assert statuses(agreed(2, paid=paid, current=current)) == expected
    books_hold()


def test_an_offer_waits_for_its_answer():
    world = offered(2, agency=True)
    assert (world.contract.status, statuses(world)) == ("offered", ["future", "future"])
    assert world.contract.answer_by
    books_hold()


def test_work_waits_for_its_review():
    world = submitted(2, agency=True)
    assert statuses(world) == ["submitted", "future"]
    books_hold()


def test_an_ended_contract_holds_nothing():
    world = ended(3)
    assert statuses(world) == ["paid", "cancelled", "cancelled"]
    world.contract.refresh_from_db()
    assert world.contract.status == "ended"
    books_hold()
